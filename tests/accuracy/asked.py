"""Asks one public tool; runs in the environment where that tool is installed.

Texts come as a JSON list on standard input; the answer to each is one line of JSON.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any


def refextract(text: str) -> dict[str, Any]:
    from refextract import extract_references_from_string

    found: dict[str, Any] = {}
    for part in extract_references_from_string(text, is_only_references=True):
        for name, values in part.items():
            found.setdefault(name, values[0] if values else "")
    page = found.get("journal_page", "")
    return {
        "family": _family(found.get("author", "")),
        "year": found.get("year") or found.get("journal_year"),
        "title": found.get("title"),
        "container": found.get("journal_title"),
        "volume": found.get("journal_volume"),
        "issue": found.get("journal_issue"),
        "page": re.split("[-–]", page)[0],
        "doi": found.get("doi", "").removeprefix("doi:"),
    }


def refparse(text: str) -> dict[str, Any]:
    import refparse as tool

    found = tool.parse(text, "scopus") or {}
    return {
        "family": _family(found.get("author") or ""),
        "year": found.get("year"),
        "title": found.get("title"),
        "container": found.get("source"),
        "volume": found.get("volume"),
        "issue": found.get("issue"),
        "page": re.split("[-–]", found.get("page") or "")[0],
        "doi": found.get("doi"),
    }


def nameparser(text: str) -> dict[str, Any]:
    from nameparser import HumanName

    name = HumanName(
        re.sub(r"^(?:written |medically reviewed )?by:?\s", "", text, flags=re.I)
    )
    full = f"{name.first} {name.middle} {name.last}"
    return _person(full, name.suffix)


def probablepeople(text: str) -> dict[str, Any]:
    import probablepeople as tool

    text = re.sub(r"^(?:written |medically reviewed )?by:?\s", "", text, flags=re.I)
    try:
        parts, _ = tool.tag(text)
    except tool.RepeatedLabelError:
        return {"people": []}
    names = ("GivenName", "FirstInitial", "MiddleName", "MiddleInitial", "Surname")
    full = " ".join(parts[name] for name in names if name in parts)
    return _person(full, parts.get("SuffixOther", ""))


def _family(authors: str) -> str:
    return re.split(r"[,;]|\s[A-Z](?:\.|\b)", authors, maxsplit=1)[0]


def _person(name: str, suffix: str) -> dict[str, Any]:
    credentials = [each.strip() for each in suffix.split(",") if each.strip()]
    return {
        "people": [{"name": name, "credentials": credentials}] if name.strip() else []
    }


if __name__ == "__main__":
    ask = globals()[sys.argv[1]]
    __import__(sys.argv[1])
    for each in json.load(sys.stdin):
        try:
            answer = ask(each)
        except Exception:  # noqa: BLE001 - what fails on a text has not read it
            answer = {"people": []}
        print(json.dumps(answer))
