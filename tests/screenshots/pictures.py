"""From what the browser has drawn to a small file that changes only with the screen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
QUALITY = 60
# The slowest and best of WebP's own.
EFFORT = 6
# How much a channel may differ, of 255: WebP loses a little where there are edges.
LOSS = 60
# How many pixels in 10,000 may differ more, as where a letter is drawn elsewhere.
BLUR = 1


def keep(drawn: bytes, path: Path) -> bool:
    """Write `drawn`, a PNG, to `path`; False if the picture there shows the same."""
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    if path.exists() and looks_like(picture, path):
        return False
    picture.save(path, "WEBP", quality=QUALITY, method=EFFORT)
    return True


def looks_like(picture: Image.Image, path: Path) -> bool:
    """Whether `path` shows the same screen, as far as an eye could tell."""
    with Image.open(path) as kept:
        if kept.size != picture.size:
            return False
        differing = ImageChops.difference(picture, kept.convert("RGB")).convert("L")
    beyond = sum(differing.histogram()[LOSS:])
    return beyond * 10_000 <= BLUR * picture.width * picture.height


def remove_others(names: set[str]) -> list[str]:
    """Remove pictures of screens that are no more; the names of those."""
    others = {path.name for path in FOLDER.glob("*.webp")} - names
    for name in others:
        (FOLDER / name).unlink()
    return sorted(others)
