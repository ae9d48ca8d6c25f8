"""The formats of reference managers: RIS, BibTeX, PubMed's nbib, and CSL-JSON.

What is read is as sure as the export it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from content_models.citations.fields import Citation, Field
from content_models.citations.formats import bibtex, csl_json, nbib, ris

# Whoever wrote the export knew its fields; a slip of the hand is still possible.
_SURE = 0.99

_FORMATS = (csl_json, bibtex, nbib, ris)
WRITERS = {"ris": ris.write, "bibtex": bibtex.write, "csl-json": csl_json.write}


def read(text: str) -> list[Citation]:
    """The references of an export; none if `text` is no export."""
    for each in _FORMATS:
        if each.is_one(text):
            items = each.read(text)
            raws = each.parts(text) if len(items) > 1 else [text]
            return list(_citations(items, raws, text))
    return []


def write(items: Sequence[dict[str, Any]], name: str) -> str:
    """CSL-JSON items in the format of that name; KeyError for one that is unknown."""
    return WRITERS[name](items)


def _citations(
    items: Iterable[dict[str, Any]], raws: Sequence[str], text: str
) -> Iterable[Citation]:
    for position, item in enumerate(items):
        custom = item.pop("custom", None) or {}
        raw = raws[position] if position < len(raws) else text
        yield Citation(
            raw,
            {name: Field(value, _SURE) for name, value in item.items() if name != "id"},
            bool(custom.get("authors_incomplete")),
        )
