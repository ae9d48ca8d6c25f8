"""A CSL-JSON item in the form in which it is kept: known fields, one form each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from content_models.citations import identifiers

TEXTS = (
    "title",
    "container-title",
    "container-title-short",
    "publisher",
    "publisher-place",
    "edition",
    "volume",
    "issue",
    "page",
    "status",
    "URL",
)
IDENTIFIERS = {
    "DOI": identifiers.normalise_doi,
    "PMID": identifiers.normalise_pmid,
    "PMCID": identifiers.normalise_pmcid,
    "ISBN": identifiers.normalise_isbn,
}
_NAME_PARTS = ("family", "given", "suffix", "literal")
_DASH = re.compile(r"\s?(?:--|[‐‑‒–—−])\s?")
_LONGEST_TEXT = 4000
_MOST_NAMES = 3000


def tidy(item: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields of `item` that have a value; a wrong identifier is left out."""
    kept: dict[str, Any] = {"type": plain(item.get("type")) or "document"}
    for role in ("author", "editor"):
        people = list(filter(None, map(_name, _listed(item.get(role))[:_MOST_NAMES])))
        if people:
            kept[role] = people
    for name in ("issued", "accessed"):
        parts = date_parts(item.get(name))
        if parts:
            kept[name] = {"date-parts": [parts]}
    for name in TEXTS:
        text = plain(item.get(name))
        if text:
            kept[name] = text
    if "page" in kept:
        kept["page"] = page(*_DASH.sub("-", kept["page"]).partition("-")[::2])
    for name, normalise in IDENTIFIERS.items():
        given = plain(item.get(name))
        if given:
            try:
                kept[name] = normalise(given)
            except identifiers.IdentifierError:
                continue
    if incomplete(item):
        kept["custom"] = {"authors_incomplete": True}
    return kept


def incomplete(item: Mapping[str, Any]) -> bool:
    custom = item.get("custom")
    return isinstance(custom, dict) and bool(custom.get("authors_incomplete"))


def plain(value: Any) -> str:
    """A value as one line of text without control marks; lists by their first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if value is None or isinstance(value, (dict, bool)):
        return ""
    text = str(value)[:_LONGEST_TEXT]
    text = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(text.split())


def date_parts(value: Any) -> list[int]:
    """Year, month and day of a CSL date, as many as are known and make sense."""
    if not isinstance(value, dict):
        return []
    parts = value.get("date-parts")
    found = parts[0] if isinstance(parts, list) and parts else []
    if not isinstance(found, list):
        return []
    numbers: list[int] = []
    for part, (lowest, highest) in zip(
        found, ((1000, 2999), (1, 12), (1, 31)), strict=False
    ):
        text = str(part)
        if not (text.isdecimal() and len(text) < 5 and lowest <= int(text) <= highest):
            break
        numbers.append(int(text))
    return numbers


def page(first: str, last: str) -> str:
    return f"{first}-{last}" if first and last and first != last else first or last


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    parts = {part: plain(value.get(part)) for part in _NAME_PARTS}
    particles = " ".join(
        filter(
            None,
            (
                plain(value.get("dropping-particle")),
                plain(value.get("non-dropping-particle")),
            ),
        )
    )
    if parts["literal"]:
        return {"literal": parts["literal"]}
    if not parts["family"]:
        return {"literal": parts["given"]} if parts["given"] else None
    parts["family"] = f"{particles} {parts['family']}".strip()
    return {part: text for part, text in parts.items() if text}
