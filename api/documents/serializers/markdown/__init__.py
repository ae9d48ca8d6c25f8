"""A stored document as Markdown with YAML front matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import articles, people, places, small
from .writing import front_matter, joined

_SHAPES: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "article": articles.blocks,
    "author": people.blocks,
    "reference": small.reference,
    "location": places.blocks,
    "award": small.award,
    "affiliation": small.affiliation,
    "category": small.term,
    "tag": small.term,
    "practice": small.practice,
}
_FRONT: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "article": articles.front,
    "author": people.front,
}


def of(document: Mapping[str, Any]) -> str:
    """`document`, as the API serves it in full, as CommonMark with tables.

    Text of the document is text of the result, whatever it looks like. A document that
    was stored before a member existed lacks it.

    Raises KeyError for a type that is not one of ours.
    """
    type = document["type"]
    own = _FRONT[type](document) if type in _FRONT else {}
    front = {
        "type": type,
        "id": document.get("id"),
        "title": document.get("title") or document.get("name"),
        **own,
        "locale": document.get("locale"),
        "canonical": document.get("canonical_url"),
        "url": document.get("url"),
        "updated": document.get("updated_at"),
        "version": document.get("version"),
    }
    return front_matter(front) + "\n" + joined(_SHAPES[type](document))
