"""CSL-JSON, the format in which references are kept and served.

Source: Citation Style Language 1.0.2, schema csl-data.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from content_models.citations.formats import items

_KNOWN = {"title", "author", "DOI", "container-title", "issued", "PMID", "ISBN"}
# Crossref names types in its own way.
_TYPES = {
    "journal-article": "article-journal",
    "book-chapter": "chapter",
    "monograph": "book",
    "edited-book": "book",
    "posted-content": "article",
    "dissertation": "thesis",
}


def is_one(text: str) -> bool:
    return text[:1] in "[{" and text[-1:] in "]}" and bool(_items(text))


def read(text: str) -> list[dict[str, Any]]:
    return [item(each) for each in _items(text)]


def item(given: Mapping[str, Any]) -> dict[str, Any]:
    """One item in the form in which references are kept."""
    known = items.tidy(given)
    known["type"] = _TYPES.get(known["type"], known["type"])
    if "container-title-short" not in known:
        short = items.plain(given.get("short-container-title")) or items.plain(
            given.get("journalAbbreviation")
        )
        if short:
            known["container-title-short"] = short
    return known


def parts(text: str) -> list[str]:
    return [json.dumps(item, ensure_ascii=False) for item in _items(text)]


def write(references: Sequence[dict[str, Any]]) -> str:
    numbered = [
        {"id": str(item.get("id") or number), **items.tidy(item)}
        for number, item in enumerate(references, start=1)
    ]
    return json.dumps(numbered, ensure_ascii=False, indent=2) + "\n"


def _items(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(found, dict) and isinstance(found.get("message"), dict):
        found = found["message"]
    found = found if isinstance(found, list) else [found]
    return [item for item in found if isinstance(item, dict) and item.keys() & _KNOWN]
