"""A citation in free text to the fields of CSL-JSON, each with a confidence.

What is less sure than `LINE` stays empty: a wrong volume is worse than none, and the
text itself is always kept. Nothing is added that does not stand in the text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from content_models.citations import author_lists, identifiers, journals, locators

# Below it a field is left empty. 1 is certain.
LINE = 0.5
# Longer than any citation with an abstract's worth of authors; not read beyond.
LONGEST_CITATION = 20_000

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_LABEL = re.compile(
    r"\s*(?:(?:references?|sources?|citations?|cited|adapted from)\s?:\s*)?"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)](?=\s)|\d{1,3}(?=\s[^\W\d_])|[•*·–-]\s)?\s*",
    re.IGNORECASE,
)
_FOOTNOTE_MARKS = re.compile(r"\s?[*†‡§¶]{1,5}(?=\s?[,;])")
_URL = re.compile(r"\bhttps?://[^\s<>\"“”]{3,500}", re.IGNORECASE)
# What stands around identifiers and is no part of the work's description.
_CLUTTER = re.compile(
    r"\b(?:NIHMSID:?\s?(?:NIHMS\d{1,9})?|PMCID\s?:?\s?|PubMed\s\[journal\]|"
    r"\[?PubMed(?:\sCentral)?\]?(?=\s?\W*$)|"
    r"[,;]?\s?\(?\[?(?:online |e?pub )?ahead of print\b\.?,?\]?\)?|\[Preprint\]\.?|"
    r"(?<=[.,]\s)(?:first )?published online(?: first)?\b:?(?=\W*(?:19|20)\d\d|\W*$|\s[A-Z])|"
    r"Epub\s(?:\d{4}\s\w{3,9}(?:\s\d{1,2})?)\.?|"
    r"(?:Available|Retrieved|Accessed)\s(?:from|at|via|on)?:?\s?(?=$|\W*$)|"
    r"\[?(?:Google Scholar|CrossRef|Free (?:PMC )?article)\]?)"
    r"|\(\*[^()]{0,60}\)",
    re.IGNORECASE,
)
_ACCESSED = re.compile(
    r"[\[(]?\b(?:accessed|retrieved|cited)(?:\son)?:?\s"
    r"((?:[A-Z][a-z]{2,8}\.?\s\d{1,2},?\s\d{4})|(?:\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4})"
    r"|\d{4}-\d{2}-\d{2})[\])]?[.,;]?(?:\sfrom:?)?",
    re.IGNORECASE,
)
_LEADING_YEAR = re.compile(
    rf"[\s.,:;]{{0,3}}(?:[(\[]\s?(?P<bracketed>{locators.YEAR})[a-d]?"
    rf"(?:[,;]\s[^()]{{2,20}})?\s?[)\]]|(?P<bare>{locators.YEAR})[a-d]?"
    rf"(?=\s?[.,:]\s|\s?[,.]?\s?[‘“\"«]))[\s.,:;]{{0,4}}"
)
# Names that are no names to us, and then the year: "and Gatzemeier (2000). Title".
_YEAR_AFTER_NAMES = re.compile(
    r"(?:(?:[^\W\d_a-z][\w'’.-]*|and|&|y|e|et|und|van|von|de|der|la|del|di|group|study"
    rf"|…|al\.?)[\s,.;]{{1,3}}){{1,30}}(?:\((?P<bracketed>{locators.YEAR})[a-d]?\)[.,:]?"
    rf"|(?P<bare>{locators.YEAR})[a-d]?(?:\.(?=\s[“‘«\"A-Z])|,(?=\s[‘“«])))\s"
)
# What shows that a title still has names before it.
_NAMES_LEFT = re.compile(
    r"(?:and|et|y|e|und|&|al\.)\s(?:[A-Z]|al\b)|(?:[A-Z]\.\s?){1,3}[A-Za-z-]{2,20},"
    r"|[^“”\"«»?:]{1,120}[,.]\s\(?(?:19|20)\d\d\)?[.,]\s"
    r"|[^\W\d_]+,?\s[A-Z]{1,3}[,;]\s|[^?:]{1,60}\s;\s[A-Z]"
)
_QUOTED_TITLE = re.compile(
    r"[\s.,:;]{0,4}(?:“(?P<double>[^”]{8,400})”|\"(?P<straight>[^\"]{8,400})\""
    r"|«\s?(?P<french>[^»]{8,400})»|„(?P<german>[^“”]{8,400})[“”]"
    r"|‘(?P<single>.{8,400}?)(?:(?<=[.,?!])’|’(?=\s?[,.;:(\[]|\s[A-Z])))[\s.,;:]{0,3}"
)
_IN = re.compile(r"(?:^|(?<=[.?!,])\s)In:?\s(?=[A-Z])")
_EDITORS = re.compile(
    r".{1,300}?\((?:eds?\.?|Hrsg\.?|editors?)\)[.,:;]?\s?", re.IGNORECASE
)
_EDITORS_WORD = re.compile(r".{1,300}?,\seds?\.,?\s", re.IGNORECASE)
_EDITION = re.compile(
    r"[\s,;]{0,2}\(?\b(?:\w{1,12}\s(?:edition|ed)\b\.?)[,;]?\s?\)?", re.IGNORECASE
)
_EDITION_AT_END = re.compile(
    r"[\s.,;(]{1,3}(\d{1,2})(?:st|nd|rd|th)\s(?:ed|edition)\b\.?\)?$", re.IGNORECASE
)
_BOOK_PAGES = re.compile(
    r"[,;:(\s]{1,3}(?:pp?\.?)\s(?P<page>\d{1,5}\s?[-‐‑–—]\s?\d{1,5})\)?\.?",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(
    r"\b(?:press|publish(?:er|ers|ing)|books?|elsevier|springer|wiley|willey|saunders|mosby|"
    r"lippincott|williams & wilkins|wolters kluwer|mcgraw[ -]hill|routledge|sage|"
    r"academic|davis company|f\.?\s?a\.? davis|human kinetics|thieme|slack|karger)\b",
    re.IGNORECASE,
)
# A name or a number alone describes no work.
_DESCRIBING = {"title", "container-title", "DOI", "PMID", "PMCID", "URL"}


class Field(NamedTuple):
    """One field's value as CSL-JSON has it, and how sure it is (0 to 1)."""

    value: Any
    confidence: float


@dataclass(frozen=True)
class Citation:
    """What was read from a citation's text."""

    raw: str
    fields: dict[str, Field] = field(default_factory=dict)
    authors_incomplete: bool = False
    # What was seen but was not sure enough, by field.
    doubtful: dict[str, Field] = field(default_factory=dict)

    @property
    def csl(self) -> dict[str, Any]:
        """A CSL-JSON item without its `id`, which is the keeper's to give."""
        item = {name: each.value for name, each in self.fields.items()}
        if self.authors_incomplete:
            item["custom"] = {"authors_incomplete": True}
        return item

    @property
    def confidence(self) -> float:
        """How sure the least sure field is; 0 for a text in which nothing was found."""
        found = [each.confidence for each in self.fields.values()]
        return min(found, default=0.0)


def parse(text: str) -> Citation:
    """Read one citation. Never raises; a text that is none has no fields."""
    raw = text.strip()
    if len(raw) > LONGEST_CITATION:
        return Citation(raw)
    reader = _Reader(_cleaned(raw))
    reader.read()
    sure = {k: v for k, v in reader.fields.items() if v.confidence >= LINE}
    doubtful = {k: v for k, v in reader.fields.items() if v.confidence < LINE}
    if not sure.keys() & _DESCRIBING:
        sure = {}
    incomplete = reader.authors_incomplete and "author" in sure
    return Citation(raw, sure, incomplete, doubtful)


def _cleaned(text: str) -> str:
    text = html.unescape(_TAG.sub("", text))
    text = "".join(character if character.isprintable() else " " for character in text)
    text = _FOOTNOTE_MARKS.sub("", " ".join(text.split()))
    return text[_LABEL.match(text).end() :]  # type: ignore[union-attr]


class _Reader:
    """Takes a citation apart, from the outside in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fields: dict[str, Field] = {}
        self.authors_incomplete = False

    def read(self) -> None:
        self._identifiers()
        rest = self._authors(self.text)
        if "author" in self.fields or _QUOTED_TITLE.match(rest):
            leading_year = _LEADING_YEAR.match(rest) or _YEAR_AFTER_NAMES.match(rest)
            if leading_year:
                if leading_year.re is _YEAR_AFTER_NAMES and "author" in self.fields:
                    self.fields["author"] = self.fields["author"]._replace(
                        confidence=0.6
                    )
                    self.authors_incomplete = True
                sure = 0.97 if leading_year["bracketed"] else 0.9
                year = leading_year["bracketed"] or leading_year["bare"]
                self._put("issued", _issued(year), sure)
                rest = rest[leading_year.end() :]
        rest = rest.strip(" .,;:")
        if self._chapter(rest):
            return
        quoted = _QUOTED_TITLE.match(rest)
        rest = self._numbers(rest)
        if quoted and quoted.end() <= len(rest) + 3 and _is_whole_title(quoted, rest):
            self._put_title(quoted[quoted.lastgroup or 0], 0.97)
            self._container(rest[quoted.end() :], 0.9)
        else:
            self._title_and_container(rest)
        self._type()

    def _put(self, name: str, value: Any, confidence: float) -> None:
        if value:
            self.fields[name] = Field(value, confidence)

    def _identifiers(self) -> None:
        for name, found, sure in (
            ("DOI", identifiers.find_doi(self.text), 0.99),
            ("PMID", identifiers.find_pmid(self.text), 0.99),
            ("PMCID", identifiers.find_pmcid(self.text), 0.99),
        ):
            if found:
                self._put(name, found.value, sure)
        self.text = _blank(identifiers.find_doi, self.text)
        address = _URL.search(self.text)
        if address and "ncbi.nlm.nih.gov" not in address[0]:
            self._put("URL", address[0].rstrip(".,;)"), 0.9)
        self.text = _URL.sub(" ", self.text)
        self.text = _blank(identifiers.find_pmid, self.text)
        self.text = _blank(identifiers.find_pmcid, self.text)
        self.text = _ACCESSED.sub(" ", self.text)
        self.text = " ".join(_CLUTTER.sub(" ", self.text).split())
        self.text = self.text.rstrip(" ,;:").removesuffix("doi").rstrip(" ,;:")

    def _authors(self, text: str) -> str:
        names = author_lists.read(text)
        if names.people:
            sure = 0.95 if names.is_even else 0.75
            self._put("author", list(names.people), sure)
            self.authors_incomplete = names.is_incomplete
        return text[names.end :]

    def _numbers(self, rest: str) -> str:
        """Take the numbers off the end of `rest`; title and container are left."""
        found = locators.read(rest, known_year=self._year())
        sure = 0.95 if found.is_certain else 0.6
        if "issued" not in self.fields and found.year:
            self._put("issued", _issued(found.year), sure)
        for name in ("volume", "issue", "page"):
            self._put(name, getattr(found, name), sure)
        return rest[: found.start]

    def _year(self) -> str:
        issued = self.fields.get("issued")
        return str(issued.value["date-parts"][0][0]) if issued else ""

    def _title_and_container(self, rest: str) -> None:
        rest = rest.rstrip(" ,;:")
        cut = journals.start_in(rest)
        if cut is not None:
            title, container = rest[: cut.place], rest[cut.place :]
            self._container(container, cut.confidence)
            self._put_title(title, cut.confidence)
        elif self._has_numbers() and journals.reads_like_one(rest):
            # `Webster KE, Feller JA. Br J Sports Med. 2016;50(2)`: there is no title.
            self._container(rest, 0.8)
        elif rest:
            self._put_title(rest, 0.7 if "author" in self.fields else 0.4)

    def _put_title(self, text: str, confidence: float) -> None:
        """Keep a title; one that names lead into is doubtful."""
        title = _title(text)
        self._put("title", title, 0.3 if _NAMES_LEFT.match(title) else confidence)

    def _has_numbers(self) -> bool:
        return bool(self.fields.keys() & {"volume", "issue", "page"})

    def _container(self, text: str, confidence: float) -> None:
        name = re.sub(r"^\s?[.,;:]?\s?(?:In:?\s)?", "", text).strip(' ,;:(“”"«»')
        parts = name.split()
        # A full stop stays when it belongs to an abbreviation: J. Med. Chem.
        if name.endswith(".") and not (
            "." in name[:-1] or text.rstrip(" ").endswith(".,")
        ):
            name = name[:-1]
        if parts and len(name) <= 300:
            self._put("container-title", name, confidence)

    def _chapter(self, rest: str) -> bool:
        """Read `Title. In: Editors (eds) Book. Publisher, pp 1-9`; False if not."""
        split = _IN.search(rest)
        if split is None:
            return False
        title, book = rest[: split.start()], rest[split.end() :]
        editors = _EDITORS.match(book) or _EDITORS_WORD.match(book)
        pages = _BOOK_PAGES.search(book)
        if not editors and not (pages and _PUBLISHER.search(book)):
            return False
        self._put("type", "chapter", 0.9)
        self._put("title", _title(title), 0.95)
        if editors:
            names = author_lists.read(editors[0])
            self._put("editor", list(names.people), 0.8)
            book = book[editors.end() :]
            pages = _BOOK_PAGES.search(book)
        if pages:
            self._put("page", locators.plain_range(pages["page"]), 0.95)
        book = _BOOK_PAGES.sub(". ", book)
        if "issued" not in self.fields:
            found = locators.read(book.rstrip(" .;"))
            self._put("issued", _issued(found.year) if found.year else None, 0.9)
            book = book[: found.start]
        name = re.split(r"(?<=\w{3})\.\s|\s\(|;\s", book, maxsplit=1)
        self._put("container-title", _EDITION.sub("", name[0]).strip(" .,;:"), 0.9)
        publisher = name[1].strip(" .,;:()") if len(name) > 1 else ""
        if _PUBLISHER.search(publisher):
            self._put("publisher", re.sub(r"\)?\.\s", " ", publisher).strip(), 0.6)
        return True

    def _type(self) -> None:
        """Say what kind of work it is, by what it has."""
        if "type" in self.fields or self._book():
            return
        if "container-title" in self.fields:
            kind, sure = "article-journal", 0.9 if self._has_numbers() else 0.75
        elif "DOI" in self.fields or "PMID" in self.fields:
            kind, sure = "article-journal", 0.6
        elif "URL" in self.fields:
            kind, sure = "webpage", 0.7
        else:
            kind, sure = "document", 0.5
        self._put("type", kind, sure)

    def _book(self) -> bool:
        """Where a publisher stands in a journal's place, it is a book."""
        container, title = self.fields.get("container-title"), self.fields.get("title")
        if container is None or title is None or self._has_numbers():
            return False
        if not _PUBLISHER.search(container.value):
            return False
        del self.fields["container-title"]
        edition = _EDITION_AT_END.search(title.value)
        if edition:
            self._put("edition", edition[1], 0.9)
            self._put("title", _title(title.value[: edition.start()]), title.confidence)
        self._put("publisher", container.value, 0.8)
        self._put("type", "book", 0.8)
        return True


def _is_whole_title(quoted: re.Match[str], rest: str) -> bool:
    """Whether a quotation is the title: "“Who cares?” A survey. Pain" only begins so."""
    after = rest[quoted.end() :]
    cut = journals.start_in(after) if not journals.is_known(after) else None
    return cut is None or cut.confidence < 0.95 or after[: cut.place].endswith("In: ")


def _title(text: str) -> str:
    return re.sub(r"\s?[.,;:]+$", "", text.strip()).strip()


def _issued(year: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(year)]]}


def _blank(find: Any, text: str) -> str:
    found = find(text)
    return f"{text[: found.start]} {text[found.end :]}" if found else text
