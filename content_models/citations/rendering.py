"""CSL-JSON to AMA text and HTML, through a CSL processor.

The processor does the style; what it gets wrong is put right before (the item) and
after (the text). It neither escapes what it is given nor may be used by two threads at
once: so marks of our own stand for italics until all else is escaped, and each thread
has a processor of its own, made in about a millisecond.

Source: AMA Manual of Style, 11th edition, chapter 3; the style file beside this module.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON

_STYLE = Path(__file__).parent / "styles" / "american-medical-association.csl"

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
_NUMBER = re.compile(r"\s*\d+\.\s*")
_AFTER_QUESTION = re.compile(rf"([?!]{_UPRIGHT}?)\.")


def ama_text(csl: dict[str, Any]) -> str:
    """The reference in AMA style as plain text, without a number before it."""
    return _rendered(csl).replace(_ITALIC, "").replace(_UPRIGHT, "")


def ama_html(csl: dict[str, Any]) -> str:
    """The same as safe HTML: the journal in italics, DOI or address as a link."""
    html = escape(_rendered(csl), quote=False)
    html = html.replace(_ITALIC, "<i>").replace(_UPRIGHT, "</i>")
    doi, url = str(csl.get("DOI") or ""), str(csl.get("URL") or "")
    if doi:
        return _linked(
            html, f"doi:{doi}", f"https://doi.org/{quote(doi, safe='/:;()')}"
        )
    if url.startswith(("https://", "http://")):
        return _linked(html, url, url)
    return html


def _linked(html: str, shown: str, address: str) -> str:
    shown = escape(shown, quote=False)
    if not html.endswith(shown):
        return html
    link = f'<a href="{escape(address)}">{shown}</a>'
    return html.removesuffix(shown) + link


class _Processor(threading.local):
    """The parsed style; one for each thread, made when the thread first needs it."""

    def __init__(self) -> None:
        self.style = CitationStylesStyle(str(_STYLE), validate=False)


_processor = _Processor()


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


def _rendered(csl: dict[str, Any]) -> str:
    """The AMA text with our marks around italics."""
    item = _prepared(csl)
    if item.keys() == {"id", "type"}:
        return ""
    source = CiteProcJSON([item])
    bibliography = CitationStylesBibliography(_processor.style, source, _formatter)
    bibliography.register(Citation([CitationItem(item["id"])]))
    text = str(bibliography.bibliography()[0])
    text = _NUMBER.sub("", text, count=1)
    text = text.removeprefix(f"{_NOBODY}. ").removeprefix(_NOBODY)
    # The style takes an article without a volume for one that is not in print yet.
    if "DOI" not in item and len(_day(csl.get("issued"))) < 3:
        text = text.replace("Published online ", "", 1)
    text = _AFTER_QUESTION.sub(r"\1", text).replace(_LESS, "<")
    return " ".join(text.split())


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
