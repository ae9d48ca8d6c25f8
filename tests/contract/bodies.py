"""Bodies as they come over the wire, read back: packed ones, and those of lines."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from typing import Any

import zstandard

NDJSON = "application/x-ndjson"


def unpacked(body: bytes, coding: str) -> bytes:
    """`body` without its `Content-Encoding`; AssertionError for an unknown one."""
    if coding in ("", "identity"):
        return body
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "zstd":
        # A streamed answer does not say how long it will be, which `decompress` needs.
        return zstandard.ZstdDecompressor().stream_reader(BytesIO(body)).read()
    raise AssertionError(f"Content-Encoding {coding} is none that we send")


def documents(body: bytes, media_type: str) -> list[Any]:
    """What a schema describes in a body: JSON, each of its lines, or the text itself.

    Raises AssertionError where it is not what `media_type` says.
    """
    try:
        text = body.decode("utf-8")
        if media_type == NDJSON:
            return [json.loads(line) for line in text.splitlines()]
        if media_type.endswith("json"):
            return [json.loads(text)]
    except ValueError as error:
        raise AssertionError(f"the body is not {media_type}: {error}") from error
    return [text]
