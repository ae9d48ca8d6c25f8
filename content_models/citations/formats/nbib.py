"""PubMed's own format, which its "Save" and "Send to citation manager" give.

Source: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions".
"""

from __future__ import annotations

import re
from typing import Any

from content_models.citations import dates
from content_models.citations.formats import items
from content_models.citations.retractions import CONCERN, NOTICE, RETRACTED

_TAGS = (
    "PMID|OWN|STAT|DCOM|LR|IS|VI|IP|DP|TI|PG|LID|AB|CI|FAU|AU|AUID|AD|CN|FED|ED|LA|PT|"
    "PL|TA|JT|JID|SB|MH|OTO|OT|COIS|EDAT|MHDA|CRDT|PHST|AID|PST|SO|PMC|GR|DEP|TT|BTI|PB|"
    "CTI|EN|ISBN|RIN|ROF|ECI|EIN|CIN|CON|UOF|UIN|RN|SI|MID|PMCR|OAB|OABL|CRI|CRF|RF|GN"
)
_TAG = re.compile(rf"(?:^|(?<=\s))({_TAGS})\s{{0,2}}-\s", re.MULTILINE)
_BEGINS = re.compile(r"\s*PMID-\s+\d{1,8}\b")
_RECORD = re.compile(r"(?=(?:^|(?<=\s))PMID-\s)", re.MULTILINE)
_STATUS = {
    "Retracted Publication": RETRACTED,
    "Retraction of Publication": NOTICE,
    "Retraction Notice": NOTICE,
    "Expression of Concern": CONCERN,
}


def is_one(text: str) -> bool:
    return bool(_BEGINS.match(text))


def read(text: str) -> list[dict[str, Any]]:
    return [_item(_tags(record)) for record in parts(text)]


def parts(text: str) -> list[str]:
    found = (record.strip() for record in _RECORD.split(text))
    return [record for record in found if _BEGINS.match(record)]


def _tags(record: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    matches = list(_TAG.finditer(record))
    ends = [match.start() for match in matches[1:]] + [len(record)]
    for match, end in zip(matches, ends, strict=True):
        value = " ".join(record[match.end() : end].split())
        found.setdefault(match[1], []).append(value)
    return found


def _item(tags: dict[str, list[str]]) -> dict[str, Any]:
    first = {tag: values[0] for tag, values in tags.items()}
    item: dict[str, Any] = {
        "type": "book" if "BTI" in tags and "TI" not in tags else "article-journal",
        "title": (first.get("TI") or first.get("BTI") or first.get("TT", "")).rstrip(
            "."
        ),
        "container-title": first.get("JT")
        or (first.get("BTI") if "TI" in tags else ""),
        "container-title-short": first.get("TA"),
        "publisher": first.get("PB"),
        "volume": first.get("VI"),
        "issue": first.get("IP"),
        "page": first.get("PG"),
        "PMID": first.get("PMID"),
        "PMCID": first.get("PMC"),
        "author": [
            *map(_name, tags.get("FAU") or tags.get("AU") or []),
            *({"literal": name} for name in tags.get("CN", ())),
        ],
        "editor": [_name(name) for name in tags.get("FED", ())],
        "issued": {"date-parts": [_issued(first.get("DP", ""))]},
    }
    for written in (*tags.get("LID", ()), *tags.get("AID", ())):
        if written.endswith("[doi]"):
            item.setdefault("DOI", written.removesuffix("[doi]").strip())
        elif written.endswith("[pii]") and not item["page"]:
            item["page"] = _article_number(written.removesuffix("[pii]").strip())
    for kind in tags.get("PT", ()):
        if kind in _STATUS:
            item["status"] = _STATUS[kind]
    if item["type"] == "article-journal" and "BTI" in tags:
        item["type"] = "chapter"
    return items.tidy(item)


def _article_number(pii: str) -> str:
    return pii if re.fullmatch(r"[a-z]{0,4}\d{1,8}", pii) else ""


def _name(text: str) -> dict[str, str]:
    """`Sadler, Sean`, or in the short form `Sadler S`."""
    family, comma, given = (each.strip() for each in text.partition(","))
    if not comma and " " in family:
        family, _, given = family.rpartition(" ")
    given, _, suffix = given.partition(", ")
    return {"family": family, "given": given, "suffix": suffix}


def _issued(text: str) -> list[int]:
    """`2019 Oct 22`, `2019 Oct-Nov`, `2019 Winter`."""
    words = re.findall(r"\d+|[^\W\d_]+", text)
    if not words or not words[0].isdigit():
        return []
    month = dates.month(words[1]) if len(words) > 1 else 0
    day = int(words[2]) if len(words) == 3 and month and words[2].isdigit() else 0
    return [int(words[0]), *filter(None, (month, day))]
