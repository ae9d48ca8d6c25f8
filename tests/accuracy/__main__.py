"""How rightly bylines and citations are read, in figures: `make accuracy`.

A table for each set, a row for each style, a column for each field; beside it what
public tools make of the same texts, where they could be installed. It asserts nothing:
the tests do.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from content_models import bylines
from content_models.citations import parsing
from tests.accuracy import others
from tests.content_models.data import own_rows

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FIELDS = ("family", "year", "title", "container", "volume", "issue", "page", "doi")
CITATIONS_PER_S, BYLINES_PER_S = 2_000, 10_000

Read = Callable[[list[str]], list[dict[str, Any]]]


def plain(value: Any) -> str:
    """Letters and digits: marks and capitals are the style's, not the work's."""
    return re.sub(r"\W", "", str(value or "")).lower()


def first_page(value: Any) -> str:
    return re.split(r"[-‐‑–—]", str(value or ""), maxsplit=1)[0]


def ours(texts: list[str]) -> list[dict[str, Any]]:
    return [_fields(parsing.parse(text)) for text in texts]


def _fields(citation: parsing.Citation) -> dict[str, Any]:
    csl = citation.csl
    first = (csl.get("author") or csl.get("editor") or [{}])[0]
    issued = csl.get("issued") or {"date-parts": [[None]]}
    return {
        "family": first.get("family") or first.get("literal"),
        "year": issued["date-parts"][0][0],
        "title": csl.get("title"),
        "container": csl.get("container-title"),
        "volume": csl.get("volume"),
        "issue": csl.get("issue"),
        "page": first_page(csl.get("page")),
        "doi": csl.get("DOI"),
    }


def citations(name: str, rows: list[dict[str, Any]], readers: dict[str, Read]) -> None:
    texts = [row["text"] for row in rows]
    for tool, read in readers.items():
        right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        given: list[bool] = []
        for row, found in zip(rows, read(texts), strict=True):
            for field in FIELDS:
                expected = row["expect"][field]
                if field == "page":
                    expected = first_page(expected)
                is_right = plain(found.get(field)) == plain(expected)
                right[row["style"]][field].append(is_right)
                right["all"][field].append(is_right)
                if found.get(field):
                    given.append(is_right)
        styles = sorted(right, key=lambda style: (style == "all", style))
        shown = styles if tool == "this project" else ["all"]
        _table(f"{name}, {tool}", shown, right)
        print(f"  of the fields given, {_percent(given)} are right\n")


def _table(
    title: str, styles: Iterable[str], right: dict[str, dict[str, list[bool]]]
) -> None:
    print(title)
    print(
        f"  {'':<24}{'rows':>6}" + "".join(f"{each:>11}" for each in FIELDS), "   all"
    )
    for style in styles:
        fields = right[style]
        everything = [each for field in FIELDS for each in fields[field]]
        cells = "".join(f"{_percent(fields[field]):>11}" for field in FIELDS)
        rows = len(fields["title"])
        print(f"  {style[:24]:<24}{rows:>6}{cells} {_percent(everything):>7}")


def _percent(values: list[bool]) -> str:
    return f"{100 * sum(values) / len(values):.1f} %" if values else "–"


def people(name: str, rows: list[dict[str, Any]], readers: dict[str, Read]) -> None:
    """Of each byline the names with their credentials, all exactly right or not."""
    print(f"{name}: people with name and credentials exactly right")
    texts = [row["text"] for row in rows]
    for tool, read in readers.items():
        right = []
        for row, found in zip(rows, read(texts), strict=True):
            expected = [_person(each) for each in row["people"]]
            read_people = [_person(each) for each in found["people"]]
            right += [each in read_people for each in expected]
            # Who is not there was invented.
            right += [False for each in read_people if each not in expected]
            right += [True] if not expected and not read_people else []
        print(f"  {tool:<24}{_percent(right):>9}")
    print()


def _person(person: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    name = person.get("name") or " ".join(
        filter(None, (person.get("given"), person.get("family")))
    )
    return plain(name), tuple(map(plain, person.get("credentials", ())))


def our_people(texts: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "people": [
                {"name": each.name, "credentials": [c.text for c in each.credentials]}
                for each in bylines.parse(text).people
            ]
        }
        for text in texts
    ]


def speed(name: str, read: Callable[[str], Any], texts: list[str], wanted: int) -> None:
    texts = texts * (2_000 // len(texts) + 1)
    started = time.process_time()
    for text in texts:
        read(text)
    rate = len(texts) / (time.process_time() - started)
    print(f"{name}: {rate:,.0f} a second of one core (wanted: {wanted:,})")


def _shared(name: str) -> list[dict[str, Any]]:
    path = SHARED / name
    if not path.exists():
        print(f"../shared/data/{name} is not here: not measured on it.\n")
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def main() -> None:
    cited, signed = own_rows("citations.jsonl"), own_rows("bylines.jsonl")
    readers: dict[str, Read] = {"this project": ours, **others.citation_readers()}
    namers: dict[str, Read] = {"this project": our_people, **others.byline_readers()}
    citations("Our own citations", cited, readers)
    shared = _shared("citations.jsonl")
    if shared:
        citations("../shared/data/citations.jsonl", shared, readers)
    people("Our own bylines", signed, namers)
    given = [{**row, "people": row["expect"]} for row in _shared("bylines.jsonl")]
    if given:
        people("../shared/data/bylines.jsonl", given, namers)
    speed("Citations", parsing.parse, [row["text"] for row in cited], CITATIONS_PER_S)
    speed("Bylines", bylines.parse, [row["text"] for row in signed], BYLINES_PER_S)


main()
