"""What all JSON-LD is made of: nodes without empty members, and their names.

A document's own node is named after its canonical address, where readers find it. A
mention of another document knows only its address in this API; so a document's own
node says `sameAs` of the name that mentions give it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import nh3

Node = dict[str, Any]

_BLOCK = re.compile(r"<(?=(?:p|br|ul|ol|li)\b)")


def node(type: str, members: Mapping[str, Any]) -> Node:
    """A node of `type` with those of `members` that have a value; {} if none has.

    A value that is an object or a list is expected to hold no empty ones itself.
    """
    held = {
        name: [one for one in value if not _is_empty(one)]
        if isinstance(value, list)
        else value
        for name, value in members.items()
    }
    held = {name: value for name, value in held.items() if not _is_empty(value)}
    return {"@type": type, **held} if held else {}


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def own_name(document: Mapping[str, Any], fragment: str) -> str:
    """The `@id` of what `document` is about: the same on each channel."""
    canonical = document.get("canonical_url")
    if canonical:
        return f"{canonical}#{fragment}"
    return mentioned_name(document, fragment) or f"urn:uuid:{document['id']}"


def mentioned_name(mention: Mapping[str, Any], fragment: str) -> str | None:
    """The `@id` that a mention of a document gives to what it is about."""
    address = api_address(mention)
    return f"{address}#{fragment}" if address else None


def api_address(document: Mapping[str, Any]) -> str | None:
    """The document's address in this API, whichever channel it was read on."""
    parts = urlsplit(document.get("url") or "")
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "channel"]
    return urlunsplit(parts._replace(query=urlencode(query))) or None


def identity(document: Mapping[str, Any], fragment: str) -> Node:
    """The members that say what a document's own node is."""
    own, mentioned = own_name(document, fragment), mentioned_name(document, fragment)
    return {
        "@id": own,
        "identifier": f"urn:uuid:{document['id']}" if document.get("id") else None,
        "url": document.get("canonical_url"),
        "sameAs": mentioned if mentioned != own else None,
    }


def text(html: str | None) -> str:
    """The words of `html`, without any markup."""
    # What stands in two paragraphs or list items is two words.
    apart = _BLOCK.sub(" <", html or "")
    return " ".join(unescape(nh3.clean(apart, tags=set())).split())


def image(shown: Mapping[str, Any] | None) -> Node:
    """The picture `shown`; {} while nothing is there that could be fetched."""
    made = (shown or {}).get("renditions") or []
    if not shown or not made:
        return {}
    # Every reader of JSON-LD knows the original's format, not every one WebP.
    common = [one for one in made if one["format"] != "webp"] or made
    widest = max(common, key=lambda one: one["width"])
    return node(
        "ImageObject",
        {
            "url": widest["url"],
            "contentUrl": widest["url"],
            "encodingFormat": f"image/{widest['format']}",
            # A Distance is a text with its unit; a bare number is none.
            "width": f"{widest['width']} px",
            "height": f"{widest['height']} px",
            "caption": shown.get("alt"),
            "creditText": shown.get("credit"),
        },
    )
