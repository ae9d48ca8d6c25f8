"""Categories and tags as terms of two vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from .nodes import Node, api_address, identity, mentioned_name, node

_COLLECTIONS = {"category": "Categories", "tag": "Tags"}


def term(document: Mapping[str, Any]) -> Node:
    """A category's or tag's own document."""
    type = document["type"]
    return node(
        "DefinedTerm",
        {
            **identity(document, type),
            "name": document.get("name"),
            "description": document.get("description"),
            "termCode": document.get("slug"),
            "inDefinedTermSet": _vocabulary(document),
        },
    )


def term_mentioned(mention: Mapping[str, Any], type: str) -> Node:
    """A category or tag as an article shows it."""
    own = mentioned_name(mention, type)
    return node("DefinedTerm", {"@id": own, "name": mention.get("name")})


def _vocabulary(document: Mapping[str, Any]) -> Node:
    address = api_address(document)
    if address is None:
        return {}
    name = _COLLECTIONS[document["type"]]
    # The collection that the document lies in.
    return node("DefinedTermSet", {"@id": urljoin(address, ".."), "name": name})
