"""A pasted list of references to the references one by one.

Lists are numbered, or parted by empty lines, or have one reference a line; lines may be
broken anywhere. References that ran together on one line are parted at their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# More are no list for one article; the rest is left unread.
MOST = 1000

_HEADING = re.compile(
    r"\s*(?:references?(?:\scited)?|literature\scited|works\scited|bibliography|sources|"
    r"citations|referencias(?:\sbibliogr[áa]ficas)?|bibliograf[íi]a|références|"
    r"bibliographie|literatur(?:verzeichnis)?|quellen|referências(?:\sbibliográficas)?)"
    r"\s*:?\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)]|(\d{1,3})(?=\s+[^\W\d_]))\s+"
)
_BULLET = re.compile(r"\s*[•●▪◦‣*·–—-]\s+")
# Inside of one line: " 2. Smith J", " [3] Doe".
_INLINE = re.compile(
    r"(?:(?<=[.\]\d)/a-zA-Z])\s|^)(?:\[(\d{1,3})\]|(\d{1,3})\.)\s(?=[^\W\d_a-z])"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
# A new reference begins after the identifier that ended the last one.
_AFTER_IDENTIFIER = re.compile(
    r"(?:\bdoi:?\s?|doi\.org/)10\.\d{4,9}/\S+?\.?\s+"
    r"(?=[^\W\d_a-z][\w'’-]+,?\s(?:[A-Z]{1,3}\b|[A-Z]\.))",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.\d\])/]\s*$")


def split(text: str) -> list[str]:
    """The references of `text`, without numbers or bullets before them."""
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    lines = [line for line in lines if not (line and _HEADING.fullmatch(line))]
    for part in (_numbered, _bulleted, _paragraphs, _one_a_line):
        found = part(lines)
        if len(found) > 1:
            return found[:MOST]
    return list(_run_together(" ".join(filter(None, lines))))[:MOST]


def _numbered(lines: list[str]) -> list[str]:
    """Entries whose numbers count up; an entry's further lines belong to it."""
    found: list[list[str]] = []
    expected = 0
    for line in lines:
        match = _NUMBER.match(line)
        number = int(next(filter(None, match.groups()))) if match else 0
        if match and (number == expected or not found):
            found.append([line[match.end() :]])
            expected = number + 1
        elif found:
            found[-1].append(line)
        elif line:
            return []
    return [" ".join(filter(None, entry)) for entry in found]


def _bulleted(lines: list[str]) -> list[str]:
    found: list[list[str]] = []
    for line in lines:
        match = _BULLET.match(line)
        if match:
            found.append([line[match.end() :]])
        elif found:
            found[-1].append(line)
        elif line:
            return []
    return [" ".join(filter(None, entry)) for entry in found]


def _paragraphs(lines: list[str]) -> list[str]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [" ".join(entry) for entry in found if entry]


def _one_a_line(lines: list[str]) -> list[str]:
    """The lines, if each of them is a reference of its own."""
    found = [line for line in lines if line]
    whole = [line for line in found if _YEAR.search(line) and _ENDS.search(line)]
    begun = [line for line in found if line[:1].isupper()]
    return found if len(whole) == len(begun) == len(found) else []


def _run_together(line: str) -> Iterator[str]:
    numbers = [
        (match, int(next(filter(None, match.groups()))))
        for match in _INLINE.finditer(line)
    ]
    starts: list[tuple[re.Match[str], int]] = []
    for match, number in numbers:
        if not starts or number == starts[-1][1] + 1:
            starts.append((match, number))
    if len(starts) > 1 and not line[: starts[0][0].start()].strip():
        bounds = [match.start() for match, _ in starts[1:]] + [len(line)]
        for (match, _), end in zip(starts, bounds, strict=True):
            yield line[match.end() : end].strip()
        return
    start = 0
    for match in _AFTER_IDENTIFIER.finditer(line):
        if _YEAR.search(line, start, match.end()):
            yield line[start : match.end()].strip()
            start = match.end()
    if line[start:].strip():
        yield line[start:].strip()


def may_be_several(text: str) -> bool:
    """Whether a closer look is worth it: two years, and what parts references."""
    first = _YEAR.search(text)
    if first is None or _YEAR.search(text, first.end()) is None:
        return False
    return "\n" in text or "doi" in text or text.lstrip()[:1] in "[(123456789"


def has_year(text: str) -> bool:
    return _YEAR.search(text) is not None
