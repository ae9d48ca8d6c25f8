"""From what the browser has drawn to a small file that changes only with the screen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
# Screens are flat: so many colours look the same, are crisper than anything lossy, and
# take half of the space.
COLOURS = 64
# By how much a channel may differ, of 255, as other colours have to be left out when
# one word is another.
LOSS = 16
# How many pixels in 10,000 may differ more, as where a letter is drawn elsewhere.
BLUR = 1


def keep(drawn: bytes, path: Path) -> bool:
    """Write `drawn`, a PNG, to `path`; False if the picture there shows the same."""
    full = Image.open(BytesIO(drawn)).convert("RGB")
    picture = full.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    if path.exists() and looks_like(picture, path):
        return False
    picture.save(path, "WEBP", lossless=True, quality=90)
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
