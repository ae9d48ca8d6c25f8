"""The original beside the draft: its lines as text, each with what it was taken for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from content_models.importers import sources
from content_models.importers.body import words_of
from content_models.importers.findings import ClinicPage
from content_models.importers.markup import SILENT

# More than anybody compares by eye; the page stays quick.
MOST_LINES = 1_500
_LONGEST_LINE = 5_000
_LONGEST_BODY = 400_000
_STARTS_LINE = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "ul",
    "ol", "li", "dl", "dt", "dd", "blockquote", "table", "tr", "figure", "figcaption",
    "form", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "img", "label", "button",
}  # fmt: skip
_BETWEEN = {"td": " ", "th": " "}


class Line(NamedTuple):
    text: str
    # A word for staff, empty for what was left out; `text` for the article's own.
    taken_for: str


class Original(NamedTuple):
    lines: list[Line]
    # How many more there are than are shown.
    hidden: int


def marked(text: str, page: ClinicPage) -> Original:
    """The lines of the page as a reader saw them, marked with what was found."""
    shown = _lines_of_html(text) if sources.is_html(text) else text.split("\n")
    lines = [line for line in map(_tidy, shown) if line]
    known = _Known(page)
    kept = [Line(line, known.word_for(line)) for line in lines[:MOST_LINES]]
    return Original(kept, max(0, len(lines) - MOST_LINES))


def _tidy(line: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in line[:_LONGEST_LINE])
    return " ".join(printable.split())


def _lines_of_html(text: str) -> list[str]:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, ValueError):
        return []
    return "".join(_texts(root)).split("\n")


def _texts(root: etree._Element) -> Iterator[str]:
    """The words of a tree in reading order, with a line break where a block begins."""
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        is_silent = tag in SILENT
        if event == "start":
            silent += is_silent
            if silent:
                continue
            yield "\n" if tag in _STARTS_LINE else _BETWEEN.get(tag, "")
            yield _on_one_line(element.get("alt") if tag == "img" else element.text)
        else:
            silent -= is_silent
            if not silent:
                yield "\n" if tag in _STARTS_LINE else ""
                yield _on_one_line(element.tail)


def _on_one_line(text: str | None) -> str:
    return (text or "").replace("\n", " ")


class _Known:
    """What was found on the page, to recognise its lines by."""

    def __init__(self, page: ClinicPage) -> None:
        self._page = page
        self._title = _folded(page.title)
        words = " ".join(words_of(block["value"]) for block in page.body)
        self._body = _folded(words[:_LONGEST_BODY])
        cited = [each.raw for each in page.citations] + page.unread_citations
        self._cited = [_folded(text) for text in cited]
        self._sources = " ".join(self._cited)
        self._places = {_folded(place.name) for place in page.places}
        self._places |= {place.slug for place in page.places}

    def word_for(self, line: str) -> str:
        folded = _folded(line)
        if folded == self._title:
            return "title"
        if folded in self._places:
            return "location"
        if len(folded) > 12 and folded in self._sources:
            return "reference"
        if any(text in folded for text in self._cited):
            return "reference"
        if folded in self._body:
            return "text"
        return self._short(line, folded) if len(line) <= 400 else ""

    def _short(self, line: str, folded: str) -> str:
        page = self._page
        for award in page.awards:
            if _folded(award.name) in folded and str(award.year or "") in line:
                return "award"
        for person in page.people:
            if _folded(person.name) in folded:
                return "author" if person.role == "author" else "reviewer"
        if any(folded.startswith(f"{place} ") for place in self._places):
            return "location"
        if any(_folded(name) in folded for name in page.categories):
            return "category"
        return "tag" if any(_folded(name) in folded for name in page.tags) else ""


def _folded(text: str) -> str:
    text = re.sub(r"^(?:[•◦▪‣*·–-]|\d{1,2}[.)]|#{1,4})\s+", "", text)
    return " ".join(text.replace("*", "").split()).casefold()
