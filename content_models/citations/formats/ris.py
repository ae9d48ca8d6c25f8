"""RIS, as reference managers and publishers export it.

Tags are also found where the line breaks were lost on the way.
Source: "RIS Format Specifications", Research Information Systems, 2011; the tags that
Zotero and EndNote write where that leaves a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from content_models.citations.formats import items

_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "article": "UNPB",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "webpage": "ELEC",
    "dataset": "DATA",
    "thesis": "THES",
    "paper-conference": "CPAPER",
    "document": "GEN",
}
_CSL_TYPES = {tag: kind for kind, tag in _TYPES.items()} | {
    "JFULL": "article-journal",
    "EJOUR": "article-journal",
    "ABST": "article-journal",
    "EBOOK": "book",
    "ECHAP": "chapter",
    "CONF": "paper-conference",
    "WEB": "webpage",
    "BLOG": "webpage",
    "GOVDOC": "report",
    "STAND": "report",
}
_TAG = re.compile(r"(?:^|(?<=\s))([A-Z][A-Z0-9])\s{1,2}-(?:\s|$)", re.MULTILINE)
_BEGINS = re.compile(r"\s*TY\s{1,2}-\s*[A-Z]{3,6}\b")
_RECORD = re.compile(r"(?=(?:^|(?<=\s))TY\s{1,2}-\s)", re.MULTILINE)
_TEXTS = {
    "title": ("TI", "T1"),
    "container-title": ("T2", "JF", "JO", "BT"),
    "container-title-short": ("J2", "JA"),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "edition": ("ET",),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "DOI": ("DO",),
    "PMID": ("AN",),
    "PMCID": ("C2",),
    "ISBN": ("SN",),
    "URL": ("UR", "L2"),
    "status": ("C3",),
}
_ET_AL = "et al."


def is_one(text: str) -> bool:
    return bool(_BEGINS.match(text))


def read(text: str) -> list[dict[str, Any]]:
    return [_item(_tags(record)) for record in parts(text)]


def parts(text: str) -> list[str]:
    found = (record.strip() for record in _RECORD.split(text))
    return [record for record in found if _BEGINS.match(record)]


def write(references: Sequence[dict[str, Any]]) -> str:
    return "\n".join(
        "\n".join(f"{tag}  - {value}" for tag, value in _lines(items.tidy(item)))
        + "\nER  - \n"
        for item in references
    )


def _tags(record: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    matches = list(_TAG.finditer(record))
    ends = [match.start() for match in matches[1:]] + [len(record)]
    for match, end in zip(matches, ends, strict=True):
        value = " ".join(record[match.end() : end].split())
        if value:
            found.setdefault(match[1], []).append(value)
    return found


def _item(tags: dict[str, list[str]]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "type": _CSL_TYPES.get(tags.get("TY", ["GEN"])[0].upper(), "document")
    }
    for name, choices in _TEXTS.items():
        item[name] = next((tags[tag][0] for tag in choices if tag in tags), "")
    authors = [each for tag in ("AU", "A1") for each in tags.get(tag, ())]
    item["author"] = [_name(each) for each in authors if each != _ET_AL]
    item["editor"] = [_name(each) for tag in ("A2", "ED") for each in tags.get(tag, ())]
    item["page"] = items.page(*(tags.get(tag, [""])[0] for tag in ("SP", "EP")))
    item["issued"] = _date(tags, ("DA", "PY", "Y1"))
    item["accessed"] = _date(tags, ("Y2",))
    if _ET_AL in authors:
        item["custom"] = {"authors_incomplete": True}
    return items.tidy(item)


def _name(text: str) -> dict[str, str]:
    """`Sadler, Sean, Jr.`; without a comma, or in quotes, it is an organisation."""
    if text[:1] == text[-1:] == '"':
        return {"literal": text[1:-1]}
    family, comma, rest = (each.strip() for each in text.partition(","))
    if not comma:
        return {"literal": family}
    given, _, suffix = (each.strip() for each in rest.partition(","))
    return {"family": family, "given": given, "suffix": suffix}


def _date(tags: dict[str, list[str]], choices: Sequence[str]) -> dict[str, Any]:
    for tag in choices:
        parts = items.date_parts(
            {"date-parts": [re.split(r"[/-]", tags.get(tag, [""])[0].rstrip("/"))]}
        )
        if parts:
            return {"date-parts": [parts]}
    return {}


def _lines(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES.get(item["type"], "GEN")
    for role, tag in (("author", "AU"), ("editor", "A2")):
        for person in item.get(role, ()):
            yield tag, _written(person)
        if role == "author" and items.incomplete(item):
            yield tag, _ET_AL
    for name, choices in _TEXTS.items():
        if name in item:
            yield choices[0], item[name]
    issued = items.date_parts(item.get("issued"))
    if issued:
        yield "PY", str(issued[0])
    if len(issued) > 1:
        yield "DA", "/".join(f"{part:02}" for part in issued)
    first, hyphen, last = item.get("page", "").partition("-")
    if first:
        yield "SP", first
    if hyphen and last:
        yield "EP", last
    accessed = items.date_parts(item.get("accessed"))
    if accessed:
        yield "Y2", "/".join(f"{part:02}" for part in accessed)


def _written(person: dict[str, str]) -> str:
    if "literal" in person:
        # A comma would make a person of an organisation, were it not for the quotes.
        return (
            f'"{person["literal"]}"' if "," in person["literal"] else person["literal"]
        )
    parts = [person["family"], person.get("given", ""), person.get("suffix", "")]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    return ", ".join(parts)
