"""What cameras write into pictures and nobody means to publish."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files import File
from PIL import Image as Pillow

# What is needed to show the picture as it is; where it was taken is not.
_SHOWN = ("icc_profile", "transparency", "gamma")
# What Pillow itself notes of any file of these formats.
_HARMLESS = (
    "adobe",
    "adobe_transform",
    "dpi",
    "jfif",
    "jfif_density",
    "jfif_unit",
    "jfif_version",
    "progression",
    "progressive",
    "srgb",
)
_FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": "keep", "progressive": True},
    "PNG": {"optimize": True},
}


def without_metadata(file: File) -> File:
    """`file` without place, camera, names and comments, if it is JPEG or PNG.

    The other formats are written without them already. A JPEG keeps its tables of
    quantisation, so that nothing is lost that one could see.
    """
    file.seek(0)
    with Pillow.open(file) as picture:
        options = _FORMATS.get(picture.format or "")
        if options is None or not set(picture.info) - {*_SHOWN, *_HARMLESS}:
            file.seek(0)
            return file
        shown: dict[Any, Any] = {
            name: picture.info[name] for name in _SHOWN if name in picture.info
        }
        picture.load()
        picture.info = shown
        cleaned = BytesIO()
        icc = shown.get("icc_profile")
        picture.save(cleaned, picture.format, icc_profile=icc, **options)
    return File(cleaned, name=file.name)
