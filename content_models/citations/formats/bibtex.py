"""BibTeX and BibLaTeX.

Source: "BibTeXing", O. Patashnik, 1988; the biblatex manual for `date`, `urldate`,
`journaltitle` and the types that BibTeX lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from content_models.citations import dates
from content_models.citations.formats import items, latex

_TYPES = {
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "report": "techreport",
    "webpage": "online",
    "dataset": "dataset",
    "thesis": "phdthesis",
    "paper-conference": "inproceedings",
    "document": "misc",
}
_CSL_TYPES = {name: kind for kind, name in _TYPES.items()} | {
    "inbook": "chapter",
    "collection": "book",
    "mvbook": "book",
    "conference": "paper-conference",
    "electronic": "webpage",
    "www": "webpage",
    "report": "report",
    "thesis": "thesis",
    "mastersthesis": "thesis",
    "periodical": "article-journal",
    "booklet": "book",
    "manual": "book",
}
_TEXTS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "container-title-short": ("shortjournal",),
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("address", "location"),
    "edition": ("edition",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages", "eid", "article-number"),
    "DOI": ("doi",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid", "pmc"),
    "ISBN": ("isbn",),
    "URL": ("url",),
    "status": ("pubstate",),
}
_BEGINS = re.compile(r"\s*(?:%.*\n\s*)*@\s*[A-Za-z]{3,20}\s*[{(]")
_ENTRY = re.compile(r"@\s*([A-Za-z]{3,20})\s*[{(]")
# Possessive, as blanks without end would be tried in every way there is to part them.
_FIELD = re.compile(r"\s*+,?\s*+([A-Za-z][\w-]*+)\s*+=\s*+")
_BARE = re.compile(r"[^\s,{}\"#]+")
_KEY = re.compile(r"\s*+([^\s,{}=]*+)\s*+,")
_MONTH = re.compile(r"[0-9]{1,2}")
_AND = re.compile(r"\sand\s")
_OTHERS = "others"
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# Addresses hold marks that mean something to LaTeX; nobody escapes all of them.
_AS_THEY_ARE = {"DOI", "URL"}
_NOT_ENTRIES = {"comment", "preamble", "string", "set"}


def is_one(text: str) -> bool:
    return bool(_BEGINS.match(text))


def read(text: str) -> list[dict[str, Any]]:
    return [_item(kind, fields) for kind, fields, _ in _entries(text)]


def parts(text: str) -> list[str]:
    return [raw for _, _, raw in _entries(text)]


def write(references: Sequence[dict[str, Any]]) -> str:
    return "\n".join(
        f"@{_TYPES.get(str(item.get('type')), 'misc')}{{ref{number},\n"
        + "".join(
            f"  {name} = {{{value}}},\n" for name, value in _lines(items.tidy(item))
        )
        + "}\n"
        for number, item in enumerate(references, start=1)
    )


def _entries(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    place = 0
    while match := _ENTRY.search(text, place):
        key = _KEY.match(text, match.end())
        place = key.end() if key else match.end()
        fields: dict[str, str] = {}
        while field := _FIELD.match(text, place):
            value, place = _value(text, field.end())
            fields.setdefault(field[1].lower(), value)
        if match[1].lower() not in _NOT_ENTRIES and fields:
            yield match[1].lower(), fields, text[match.start() : place + 1]


def _value(text: str, place: int) -> tuple[str, int]:
    """A field's value, in braces, in quotes or bare, and where it ends."""
    opening = text[place : place + 1]
    if opening not in ("{", '"'):
        bare = _BARE.match(text, place)
        return (bare[0], bare.end()) if bare else ("", place + 1)
    depth, start = 0, place + 1
    for end in range(place, len(text)):
        character = text[end]
        if character == "{" and text[end - 1 : end] != "\\":
            depth += 1
        elif character == "}" and text[end - 1 : end] != "\\":
            depth -= 1
            if depth == 0 and opening == "{":
                return text[start:end], end + 1
        elif character == '"' and opening == '"' and depth == 0 and end >= start:
            return text[start:end], end + 1
    return text[start:], len(text)


def _names(text: str) -> Iterator[str]:
    """The names of a list; an "and" inside of braces parts none."""
    start = 0
    for match in _AND.finditer(text):
        part = text[start : match.start()]
        if part.count("{") == part.count("}"):
            yield part.strip()
            start = match.end()
    yield text[start:].strip()


def _bare(text: str) -> str:
    return re.sub(r"\\([&%$#_~])|[{}]", r"\1", text)


def _item(kind: str, fields: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {"type": _CSL_TYPES.get(kind, "document")}
    for name, choices in _TEXTS.items():
        written = next((fields[each] for each in choices if fields.get(each)), "")
        item[name] = _bare(written) if name in _AS_THEY_ARE else latex.plain(written)
    for role in ("author", "editor"):
        names = list(_names(" ".join(fields.get(role, "").split())))
        item[role] = [_name(each) for each in names if each and each != _OTHERS]
        if role == "author" and _OTHERS in names:
            item["custom"] = {"authors_incomplete": True}
    item["issued"] = {"date-parts": [_issued(fields)]}
    accessed = _ISO.match(fields.get("urldate", ""))
    if accessed:
        item["accessed"] = {"date-parts": [list(filter(None, accessed.groups()))]}
    return items.tidy(item)


def _issued(fields: dict[str, str]) -> list[Any]:
    iso = _ISO.match(latex.plain(fields.get("date", "")))
    if iso:
        return [part for part in iso.groups() if part]
    year = re.search(r"\d{4}", fields.get("year", ""))
    month = latex.plain(fields.get("month", ""))
    number = int(month) if _MONTH.fullmatch(month) else dates.month(month)
    day = latex.plain(fields.get("day", ""))
    if not year:
        return []
    return [year[0], *([number, day] if number and day else [number] if number else [])]


def _name(text: str) -> dict[str, str]:
    """`Sadler, Sean`, `Roe, Jr., John`, `Sean Sadler`, `{An Organisation}`."""
    if text.startswith("{") and text.endswith("}") and text.count("{") == 1:
        return {"literal": latex.plain(text)}
    parts = [latex.plain(part) for part in text.split(",")]
    if len(parts) > 2:
        return {"family": parts[0], "suffix": parts[1], "given": parts[2]}
    if len(parts) == 2:
        return {"family": parts[0], "given": parts[1]}
    words = parts[0].split()
    split = next(
        (n for n, word in enumerate(words[1:-1], 1) if word[:1].islower()),
        len(words) - 1,
    )
    return {"family": " ".join(words[split:]), "given": " ".join(words[:split])}


def _lines(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for role in ("author", "editor"):
        names = [_written(person) for person in item.get(role, ())]
        if role == "author" and items.incomplete(item):
            names.append(_OTHERS)
        if names:
            yield role, " and ".join(names)
    for name, choices in _TEXTS.items():
        if name in item:
            # Doubled braces keep a title's capitals.
            value = item[name] if name in _AS_THEY_ARE else latex.escaped(item[name])
            field = choices[0]
            if name == "container-title":
                field = "journal" if item["type"] == "article-journal" else "booktitle"
            elif name == "publisher":
                field = _PUBLISHERS.get(item["type"], "publisher")
            if name == "page":
                value = value.replace("-", "--")
            yield field, f"{{{value}}}" if name == "title" else value
    issued = items.date_parts(item.get("issued"))
    if issued:
        yield "year", str(issued[0])
        for name, part in zip(("month", "day"), issued[1:], strict=False):
            yield name, str(part)
    accessed = items.date_parts(item.get("accessed"))
    if accessed:
        yield "urldate", "-".join(f"{part:02}" for part in accessed)


_PUBLISHERS = {"report": "institution", "thesis": "school", "webpage": "organization"}


def _written(person: dict[str, str]) -> str:
    if "literal" in person:
        return f"{{{latex.escaped(person['literal'])}}}"
    parts = [person["family"], person.get("suffix", ""), person.get("given", "")]
    return ", ".join(
        latex.escaped(part) for place, part in enumerate(parts) if part or place == 2
    )
