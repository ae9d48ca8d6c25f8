"""CSL-JSON to text and HTML in AMA, Vancouver or APA style, through a CSL processor.

The processor does the style; what it gets wrong is put right before (the item) and
after (the text). It neither escapes what it is given nor may be used by two threads at
once: so marks of our own stand for italics until all else is escaped, and each thread
has a processor of its own, made in about a millisecond.

Source: AMA Manual of Style, 11th edition, chapter 3; NLM, Citing Medicine, 2nd edition,
as the ICMJE recommends it; Publication Manual of the APA, 7th edition, chapter 9. The
style files are beside this module.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import quote

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON

from content_models.citations import journal_titles

_STYLES = Path(__file__).parent / "styles"
_FILES = {
    "ama": "american-medical-association.csl",
    "vancouver": "nlm-citation-sequence.csl",
    "apa": "apa.csl",
}
Style = Literal["ama", "vancouver", "apa"]
# Texts that a process remembers: some 2 MB.
KEPT = 2_000

# Of the private use area, which is not printable and so taken out of every field.
_ITALIC, _UPRIGHT, _NOBODY, _LESS = "\ue000", "\ue001", "\ue002", "\ue003"

_TEXTS = (
    "title",
    "container-title",
    "container-title-short",
    "publisher",
    "edition",
    "volume",
    "issue",
    "page",
    "DOI",
    "URL",
)
_PAGES = re.compile(r"([A-Za-z]{0,3})(\d{1,9})\s?[-‐‑–—]\s?([A-Za-z]{0,3})(\d{1,9})")
_SUPPLEMENT = re.compile(r"\bsuppl(?:ement)?\b\.?\s?", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*1\.\s*")
# What the processor makes of the Vancouver style's date of access.
_RUN_TOGETHER = re.compile(r"\[cited (\d{4})([A-Z][a-z]{2})(\d{1,2})\]")
_AFTER_QUESTION = re.compile(rf"([?!]{_UPRIGHT}?)\.")


def text(csl: dict[str, Any], style: Style = "ama") -> str:
    """The reference in that style as plain text, without a number before it."""
    return _rendered(csl, style).replace(_ITALIC, "").replace(_UPRIGHT, "")


def html(csl: dict[str, Any], style: Style = "ama") -> str:
    """The same as safe HTML: titles in italics as the style wants, DOI as a link."""
    shown = escape(_rendered(csl, style), quote=False)
    shown = shown.replace(_ITALIC, "<i>").replace(_UPRIGHT, "</i>")
    doi, url = str(csl.get("DOI") or ""), str(csl.get("URL") or "")
    if doi:
        address = f"https://doi.org/{quote(doi, safe='/:;()')}"
        for label in (f"doi:{doi}", f"https://doi.org/{doi}"):
            linked = _linked(shown, label, address)
            if linked != shown:
                return linked
        return shown
    if url.startswith(("https://", "http://")):
        return _linked(shown, url, url)
    return shown


def ama_text(csl: dict[str, Any]) -> str:
    return text(csl, "ama")


def ama_html(csl: dict[str, Any]) -> str:
    return html(csl, "ama")


def _linked(markup: str, shown: str, address: str) -> str:
    shown = escape(shown, quote=False)
    if not markup.endswith(shown):
        return markup
    link = f'<a href="{escape(address)}">{shown}</a>'
    return markup.removesuffix(shown) + link


class _Processors(threading.local):
    """The parsed styles of one thread, each made when the thread first needs it."""

    def __init__(self) -> None:
        self._styles: dict[Style, CitationStylesStyle] = {}

    def of(self, style: Style) -> CitationStylesStyle:
        if style not in self._styles:
            file = _STYLES / _FILES[style]
            self._styles[style] = CitationStylesStyle(str(file), validate=False)
        return self._styles[style]


_processors = _Processors()


def _italic(text: str) -> str:
    return f"{_ITALIC}{text}{_UPRIGHT}"


# What the processor calls for the marks of a style; AMA has italics only.
_formatter = SimpleNamespace(
    preformat=str,
    Italic=_italic,
    Oblique=_italic,
    Bold=str,
    Light=str,
    Underline=str,
    Superscript=str,
    Subscript=str,
    SmallCaps=str,
)


def _rendered(csl: dict[str, Any], style: Style) -> str:
    """The text in that style with our marks around italics."""
    return _said(json.dumps(csl, sort_keys=True), style)


@lru_cache(KEPT)
def _said(csl: str, style: Style) -> str:
    # A pure function of the item, and the dearest part of rendering an article, of
    # which many cite the same.
    item = _prepared(json.loads(csl))
    if style == "apa" and "container-title" in item:
        # APA does not abbreviate.
        journal = journal_titles.find(item["container-title"])
        if journal and item["container-title"].replace(".", "") == journal.abbreviation:
            item["container-title"] = journal.title
    if item.keys() == {"id", "type"}:
        return ""
    source = CiteProcJSON([item])
    bibliography = CitationStylesBibliography(_processors.of(style), source, _formatter)
    bibliography.register(Citation([CitationItem(item["id"])]))
    shown = str(bibliography.bibliography()[0])
    shown = _SETTLED[style](shown, item)
    shown = _AFTER_QUESTION.sub(r"\1", shown).replace(_LESS, "<")
    return " ".join(shown.split())


def _settled_ama(shown: str, item: dict[str, Any]) -> str:
    shown = _without_nobody(_NUMBER.sub("", shown))
    # The style takes an article without a volume for one that is not in print yet.
    if "DOI" not in item and len(_day(item.get("issued"))) < 3:
        shown = shown.replace("Published online ", "", 1)
    return shown


def _settled_vancouver(shown: str, item: dict[str, Any]) -> str:
    shown = _without_nobody(_NUMBER.sub("", shown)).replace("–", "-")
    return _RUN_TOGETHER.sub(r"[cited \1 \2 \3]", shown)


def _settled_apa(shown: str, item: dict[str, Any]) -> str:
    shown = shown.replace(", & et al", ", et al")
    shown = shown.replace(" (ed.), ", " (Ed.), ").replace(" (eds.), ", " (Eds.), ")
    nobody = f"{_NOBODY}. "
    if shown.startswith(nobody):
        # Where nobody is named, the title stands first and the year after it.
        year, _, rest = shown.removeprefix(nobody).partition("). ")
        title = f"{_ITALIC}{item.get('title')}{_UPRIGHT}"
        for beginning in (title, str(item.get("title"))):
            if rest.startswith(beginning):
                stop = "" if str(item["title"]).endswith(("?", "!")) else "."
                rest = rest.removeprefix(beginning).lstrip(". ")
                return f"{beginning}{stop} {year}). {rest}"
    return _without_nobody(shown)


def _without_nobody(shown: str) -> str:
    return shown.replace(f"{_NOBODY}. ", "", 1).replace(_NOBODY, "")


_SETTLED: dict[Style, Callable[[str, dict[str, Any]], str]] = {
    "ama": _settled_ama,
    "vancouver": _settled_vancouver,
    "apa": _settled_apa,
}


def _prepared(csl: dict[str, Any]) -> dict[str, Any]:
    """The fields that the style prints, in the form in which it prints them right."""
    item: dict[str, Any] = {"id": "item", "type": str(csl.get("type") or "document")}
    for name in _TEXTS:
        text = _plain(csl.get(name))
        if text:
            item[name] = text
    for name in ("issued", "accessed"):
        day = _day(csl.get(name))
        if day:
            item[name] = {"date-parts": [day]}
    for name in ("author", "editor"):
        people = [_name(person) for person in csl.get(name) or []]
        if people:
            item[name] = people
    if len(item) == 2:
        return item
    if "page" in item:
        item["page"] = _full_pages(item["page"])
    if "issue" in item:
        item["issue"] = _SUPPLEMENT.sub("suppl ", item["issue"]).strip()
    if "author" not in item:
        # Else the title would stand in the authors' place and then in its own.
        item["author"] = [{"literal": _NOBODY}]
    elif (csl.get("custom") or {}).get("authors_incomplete"):
        item["author"].append({"literal": "et al"})
    return item


def _plain(value: Any) -> str:
    """A field as one line without the marks that mean something to the processor."""
    if value is None:
        return ""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return " ".join(text.split()).replace("<", _LESS)


def _name(person: dict[str, Any]) -> dict[str, str]:
    parts = ("family", "given", "suffix", "non-dropping-particle", "literal")
    name = {part: _plain(person.get(part)) for part in parts if person.get(part)}
    if "literal" in name:
        return {"literal": name["literal"]}
    given = name.get("given", "")
    # Bare initials ("MJ") are one word to the processor, which would keep only the M.
    if given.isalpha() and given.isupper() and len(given) <= 4:
        name["given"] = " ".join(f"{initial}." for initial in given)
    return name


def _day(value: Any) -> list[int]:
    """Year, month and day of a CSL date, as many of them as are known."""
    parts: Iterable[Any] = ((value or {}).get("date-parts") or [[]])[0]
    return [int(part) for part in parts if str(part).isdigit()]


def _full_pages(pages: str) -> str:
    """`1150-62` as AMA prints it: `1150-1162`."""
    match = _PAGES.fullmatch(pages)
    if match is None:
        return pages
    letters, first, other_letters, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{letters}{first}-{other_letters}{last}"
