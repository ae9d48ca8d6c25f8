"""Chapters and books: `Title. In: Editors (eds) Book. Publisher`, in five languages."""

from __future__ import annotations

import re
from typing import Any

from content_models.citations import author_lists, locators
from content_models.citations.fields import Field, issued

_IN = re.compile(r"(?:^|(?<=[.?!,”\"»’])\s)(?:In:?|En:|Dans\s?:?|Em:)\s(?=[A-Z\[“])")
_EDITORS = re.compile(
    r".{1,300}?[(\[](?:eds?\.?|Hrsg\.?|Hg\.?|editors?|[ée]ds?\.?|dirs?\.?|coords?\.?|"
    r"orgs?\.?|comps?\.?)[)\]][.,:;]?\s?",
    re.IGNORECASE,
)
_EDITORS_WORD = re.compile(
    r".{1,300}?,\s(?:eds?\.|editors?|editores|Hrsg\.)[.,:]?\s", re.IGNORECASE
)
_EDITION_WORDS = r"(?:ed(?:ition|ici[óo]n|i[çc][ãa]o|n)?|[ée]d(?:ition)?|Aufl(?:age)?)"
_EDITION = re.compile(
    rf"[\s,;]{{0,2}}\(?\b(?:(?P<edition>\w{{1,12}})(?:\.|ª|º)?\s{_EDITION_WORDS}\b\.?)"
    r"[,;]?\s?\)?",
    re.IGNORECASE,
)
_EDITION_AT_END = re.compile(
    r"[\s.,;(]{1,3}(?P<edition>\d{1,2})(?:st|nd|rd|th|e|ème|\.|ª|º|a)?\s"
    rf"{_EDITION_WORDS}\b\.?\)?$",
    re.IGNORECASE,
)
_BOOK_PAGES = re.compile(
    r"[,;:.(\s]{1,3}(?:pp?\.?|S\.|Seiten|p[áa]gs?\.?)\s?(?P<page>\d{1,5}\s?[-‐‑–—]\s?\d{1,5})"
    r"\)?\.?",
    re.IGNORECASE,
)
_AMA_PAGES = re.compile(r":(?P<page>\d{1,5}[-‐‑–—]\d{1,5})\.?$")
PUBLISHER = re.compile(
    r"\b(?:press|publish(?:er|ers|ing)|publications?|books?|elsevier|springer|wiley|"
    r"willey|saunders|mosby|lippincott|williams & wilkins|wolters kluwer|"
    r"mcgraw[ -]hill|routledge|sage|academic|davis(?: company| co)?|human kinetics|"
    r"thieme|slack|karger|"
    r"pearson|jones & bartlett|churchill livingstone|masson|verlag|editorial|éditions|"
    r"editora|artmed|guanabara|manole|médica panamericana|panamericana|hogrefe|huber|"
    r"hanser|urban & fischer|erlbaum|harcourt|prentice hall|taylor & francis|crc|"
    r"government printing office|national academies|world health organization)\b",
    re.IGNORECASE,
)
_CITY_NAMES = """
    Alexandria Amsterdam Atlanta Baltimore Barcelona Basel Berlin Bern Bethesda Boston
    Cambridge Champaign Chicago Edinburgh Geneva Genève Ginebra Genebra Genf Göttingen
    Hamburg Heidelberg Hoboken Lisboa London Londres Lyon Madrid México Milano
    Minneapolis Montréal München Oxford Paris Philadelphia Rockville Roma Rome Stuttgart
    Sydney Thorofare Toronto Washington Wien Zürich
"""
_CITIES = "|".join(
    [
        *_CITY_NAMES.split(),
        *("Buenos Aires", "Los Angeles", "New York", "Porto Alegre", "Rio de Janeiro"),
        *("San Francisco", "São Paulo", r"St\\.? Louis", "Thousand Oaks"),
    ]
)
# Philadelphia, PA: Elsevier; at the end of a book.
_PLACE_AND_PUBLISHER = re.compile(
    rf"(?:^|(?<=[.)?!\]]\s))(?P<place>(?:{_CITIES})\b[\w .,'’()/-]{{0,40}}?"
    r"|[A-Z][\w .'’-]{1,30},\s[A-Z]{2})\s?:\s"
    r"(?P<publisher>[^\W\d_a-z][^:;]{1,80})$"
)
_ANY_PLACE = re.compile(
    r"(?<=[.)?!\]]\s)(?P<place>[A-Z][\w .'’-]{2,30}):\s?"
    r"(?P<publisher>[A-Z][^:;.]{1,60})$"
)
# Where a publisher may begin: after a sentence, an edition or a bracket.
_PUBLISHER_BEGINS = re.compile(r"(?:(?<=[a-z?!)\]’”\d])\.|(?<=ed\.),|(?<=[?!])|\),)\s")
# How many places, from the end, are tried as the beginning of a publisher.
_MOST_PLACES = 4
_TITLE_ENDS = re.compile(r"(?<=\w{3})\.\s|\s\(|;\s")

Fields = dict[str, Field]


def chapter(rest: str, has_year: bool) -> Fields | None:
    """The fields of a chapter, its title first; None if `rest` is none."""
    split = _IN.search(rest)
    if split is None:
        return None
    title, book = rest[: split.start()], rest[split.end() :]
    editors = _EDITORS.match(book) or _EDITORS_WORD.match(book)
    pages = _BOOK_PAGES.search(book)
    if not editors and not (pages and PUBLISHER.search(book)):
        return None
    found: Fields = {"type": Field("chapter", 0.9)}
    _put(found, "title", plain_title(title), 0.95)
    if editors:
        names = author_lists.read(editors[0])
        _put(found, "editor", list(names.people), 0.8)
        book = book[editors.end() :]
    pages = _BOOK_PAGES.search(book) or _AMA_PAGES.search(book)
    if pages:
        _put(found, "page", locators.plain_range(pages["page"]), 0.95)
        book = f"{book[: pages.start()]}. {book[pages.end() :]}"
    if not has_year:
        numbers = locators.read(book.rstrip(" .;"))
        _put(found, "issued", issued(numbers.year) if numbers.year else None, 0.9)
        book = book[: numbers.start]
    edition = _EDITION.search(book)
    if edition and edition["edition"][:1].isdigit():
        _put(found, "edition", re.sub(r"\D", "", edition["edition"]), 0.9)
    name = _TITLE_ENDS.split(book, maxsplit=1)
    _put(found, "container-title", _EDITION.sub("", name[0]).strip(" .,;:"), 0.9)
    publisher = name[1].strip(" .,;:()") if len(name) > 1 else ""
    if PUBLISHER.search(publisher):
        publisher = _EDITION.sub("", publisher).strip(" .,;:()")
        _put(found, "publisher", re.sub(r"\)?\.\s", " ", publisher).strip(), 0.6)
    return found


def book(rest: str) -> Fields | None:
    """The fields of `Title. Place: Publisher` or `Title. Publisher`; None otherwise."""
    rest = rest.strip(" .,;:")
    place = _PLACE_AND_PUBLISHER.search(rest)
    if place:
        return _book(rest[: place.start()], place["publisher"], place["place"])
    place = _ANY_PLACE.search(rest)
    if place and PUBLISHER.search(place["publisher"]):
        return _book(rest[: place.start()], place["publisher"], place["place"])
    begins = [match.span() for match in _PUBLISHER_BEGINS.finditer(rest)]
    for start, end in reversed(begins[-_MOST_PLACES:]):
        if PUBLISHER.search(rest[end:]):
            return _book(rest[: start + 1], rest[end:])
    return None


def is_named_with_place(rest: str) -> bool:
    """Whether `Place: Publisher` stands at the end, as only books have it."""
    rest = rest.strip(" .,;:")
    place = _PLACE_AND_PUBLISHER.search(rest) or _ANY_PLACE.search(rest)
    return place is not None and (
        place.re is _PLACE_AND_PUBLISHER or bool(PUBLISHER.search(place["publisher"]))
    )


def _book(title: str, publisher: str, place: str = "") -> Fields:
    found: Fields = {"type": Field("book", 0.8)}
    title = title.rstrip(" .,;:")
    edition = _EDITION_AT_END.search(title)
    if edition:
        _put(found, "edition", edition["edition"], 0.9)
        title = title[: edition.start()]
    _put(found, "title", plain_title(title), 0.85)
    _put(found, "publisher", publisher.strip(" .,;:()"), 0.8)
    _put(found, "publisher-place", place.strip(), 0.8)
    return found


def plain_title(text: str) -> str:
    return re.sub(r"\s?[.,;:]+$", "", text.strip()).strip()


def _put(fields: Fields, name: str, value: Any, confidence: float) -> None:
    if value:
        fields[name] = Field(value, confidence)
