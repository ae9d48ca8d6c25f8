"""What a page shows in a picture's place until it has come."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

from django.core.files import File
from PIL import Image as Pillow

# Of the longer side, in pixels. Shown large and smoothed, more would not be seen, and
# it stands in every list: even noise stays under 300 bytes.
SIDE = 16
QUALITY = 20


def data_uri(file: File) -> str:
    """A tiny WebP of the picture in `file`, as an address that needs no request.

    Transparent parts stay so. Of what the file says besides, nothing is taken.
    """
    with Pillow.open(file) as picture:
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        tiny = picture.convert(mode)
    tiny.thumbnail((SIDE, SIDE))
    # What a camera wrote comes along with a copy.
    tiny.info = {}
    content = BytesIO()
    tiny.save(content, "WEBP", quality=QUALITY, alpha_quality=QUALITY, method=6)
    return f"data:image/webp;base64,{b64encode(content.getvalue()).decode()}"
