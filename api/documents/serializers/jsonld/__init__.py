"""A stored document as schema.org JSON-LD."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import articles, awards, organisations, people, places, references, terms
from .nodes import Node

CONTEXT = "https://schema.org"

TYPES: dict[str, Callable[[Mapping[str, Any]], Node]] = {
    "article": articles.page,
    "author": people.author,
    "reference": references.reference,
    "location": places.location,
    "award": awards.award,
    "affiliation": organisations.affiliation,
    "category": terms.term,
    "tag": terms.term,
    "practice": organisations.practice,
}


def of(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document`, as the API serves it in full, as one JSON-LD object.

    What has no value is left out. A document that was stored before a member existed
    lacks it, and its JSON-LD as well.

    Raises KeyError for a type that is not one of ours.
    Source: schema.org 30.0.
    """
    return {"@context": CONTEXT, **TYPES[document["type"]](document)}
