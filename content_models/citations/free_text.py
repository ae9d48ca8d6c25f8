"""A citation in free text, in any of the usual styles, to fields with confidences.

The text is taken apart from the outside in: what surrounds the description, the authors
at its beginning, the numbers at its end, and between them title and journal.
"""

from __future__ import annotations

import re
from typing import Any

from content_models.citations import (
    author_lists,
    books,
    journal_titles,
    journals,
    locators,
    surroundings,
)
from content_models.citations.books import plain_title
from content_models.citations.fields import Field, issued

_LEADING_YEAR = re.compile(
    rf"[\s.,:;]{{0,3}}(?:[(\[]\s?(?P<bracketed>{locators.YEAR})[a-d]?"
    rf"(?:[,;]\s[^()]{{2,20}})?\s?[)\]]|(?P<bare>{locators.YEAR})[a-d]?"
    rf"(?=\s?[.,:]\s|\s?[,.]?\s?[‘“\"«]))[\s.,:;]{{0,4}}"
)
# Names that are no names to us, and then the year: "and Gatzemeier (2000). Title".
_YEAR_AFTER_NAMES = re.compile(
    # Marks that part words are in none of them: there is one way to read it.
    r"[\s,.;]{0,3}(?:(?:[^\W\d_a-z][\w'’-]*|and|&|y|e|et|und|van|von|de|der|la|del|"
    rf"di|group|study|…|al)[\s,.;]{{1,3}}){{1,40}}(?:\((?P<bracketed>{locators.YEAR})[a-d]?\)[.,:]?"
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
# A doctor's or master's work, in five languages.
_THESIS = re.compile(
    r"[\[(]?\b(?:(?:unpublished\s)?(?:doctoral|ph\.?d\.?|master[’']?s?|m\.?sc\.?)\s"
    r"(?:dissertation|thesis)|thèse\s(?:de|d’|d')|tesis\s(?:doctoral|de)|tese\s\(|"
    r"dissertação|\[(?:dissertation|thesis|thèse|tesis|tese)\]|(?:inaugural-?)?dissertation\b(?=[,\]]))",
    re.IGNORECASE,
)
# "Smith J; Back Study Group." "Smith J, for the BACK investigators."
_GROUP = re.compile(
    r"[;,.]\s(?:and\s)?(?:(?:for|on behalf of)\s)?(?:the\s)?"
    r"(?P<group>[A-Z][^.,;:()]{0,80}\b"
    r"(?:[Gg]roup|[Ii]nvestigators?|[Cc]ollaborat\w{2,6}|[Cc]onsortium|[Cc]ommittee|"
    r"[Nn]etwork|[Tt]askforce|[Tt]ask [Ff]orce))(?=[.,;:]\s|\s\(\d{4})"
)
_ARE_EDITORS = re.compile(
    r"[(\[]?(?:eds?|editors?|Hrsg|Hg|[ée]ds?|dirs?|coords?|orgs?)\b\.?[)\]]?[.,:]?\s"
    r"(?=[(A-Z\d])",
    re.IGNORECASE,
)
_NAME_LIST = re.compile(
    r"[^\W\d_a-z][\w'’-]+\s[A-Z]{1,3}(?:,\s[^\W\d_a-z][\w'’-]+\s[A-Z]{1,3}){0,40}"
    r"(?:,?\set\sal)?\.\s"
)
_IN_BEFORE = re.compile(r"^\s?[.,;:]?\s?(?:(?:In|En|Dans|Em)\s?:?\s(?=[A-Z“]))?")
_LONGEST_CONTAINER = 300
_LONGEST_TITLE = 600
# Title, journal and numbers, without the authors.
_LONGEST_DESCRIPTION = 2000
_NUMBERS = {"volume", "issue", "page"}


class Reader:
    """Takes one citation apart; what it found is in `fields`."""

    def __init__(self, text: str) -> None:
        self.text, self.fields = surroundings.taken_from(text)
        self.authors_incomplete = False

    def read(self) -> None:
        rest = self._leading_year(self._authors(self.text)).strip(" .,;:")
        editors = _ARE_EDITORS.match(rest)
        if editors and "author" in self.fields:
            self.fields["editor"] = self.fields.pop("author")
            rest = self._leading_year(rest[editors.end() :], True).strip(" .,;:")
        if len(rest) > _LONGEST_DESCRIPTION:
            # An article's text, or a whole list: nothing in it is a title.
            self.fields.pop("issued", None)
            return
        chapter = books.chapter(rest, has_year="issued" in self.fields)
        if chapter:
            self.fields.update(chapter)
            return
        quoted = _QUOTED_TITLE.match(rest)
        rest = self._numbers(rest)
        if quoted and quoted.end() <= len(rest) + 3 and _is_whole_title(quoted, rest):
            self._put_title(quoted[quoted.lastgroup or 0], 0.97)
            self._put_container(rest[quoted.end() :], 0.9)
        else:
            self._title_and_container(rest)
        self._type()

    def _put(self, name: str, value: Any, confidence: float) -> None:
        if value:
            self.fields[name] = Field(value, confidence)

    def _authors(self, text: str) -> str:
        names = author_lists.read(text)
        if names.people:
            sure = 0.95 if names.is_even else 0.75
            if not all(map(_has_capitals, names.people)):
                # Which of them are initials cannot be seen in such a script.
                sure = 0.4
            people = list(names.people)
            self.authors_incomplete = names.is_incomplete
            group = _GROUP.match(text, names.end)
            if group:
                people.append({"literal": group["group"]})
                names = names._replace(end=group.end())
            self._put("author", people, sure)
        return text[names.end :]

    def _leading_year(self, rest: str, after_names: bool = False) -> str:
        """Take the year that stands between authors and title; the rest is left."""
        after_names = after_names or "author" in self.fields
        if not after_names and not _QUOTED_TITLE.match(rest):
            return rest
        year = _LEADING_YEAR.match(rest)
        if year is None:
            year = _YEAR_AFTER_NAMES.match(rest)
            if year is None:
                return rest
            if "author" in self.fields:
                self._put("author", self.fields["author"].value, 0.6)
                self.authors_incomplete = True
        sure = 0.97 if year["bracketed"] else 0.9
        self._put("issued", issued(year["bracketed"] or year["bare"]), sure)
        return rest[year.end() :]

    def _numbers(self, rest: str) -> str:
        """Take the numbers off the end of `rest`; title and container are left."""
        found = locators.read(rest, known_year=self._year())
        sure = 0.95 if found.is_certain else 0.6
        if "issued" not in self.fields and found.year:
            self._put("issued", issued(found.year), sure)
        for name in ("volume", "issue"):
            self._put(name, getattr(found, name), sure)
        # A range that runs backward is a slip of the hand: which end is wrong?
        backward = locators.runs_backward(found.page)
        self._put("page", found.page, 0.4 if backward else sure)
        return rest[: found.start]

    def _year(self) -> str:
        known = self.fields.get("issued")
        return str(known.value["date-parts"][0][0]) if known else ""

    def _title_and_container(self, rest: str) -> None:
        rest = rest.rstrip(" ,;:")
        has_numbers = bool(self.fields.keys() & _NUMBERS)
        cut = journals.start_in(rest)
        may_be_book = not has_numbers or books.is_named_with_place(rest)
        if may_be_book and (cut is None or cut.confidence < 0.97):
            book = books.book(rest)
            if book:
                self._take_book(book)
                return
        if cut is not None:
            self._put_container(rest[cut.place :], cut.confidence)
            self._put_title(rest[: cut.place], cut.confidence)
        elif has_numbers and (journals.reads_like_one(rest) or journals.is_known(rest)):
            # `Webster KE, Feller JA. Br J Sports Med. 2016;50(2)`: there is no title.
            self._put_container(rest, 0.8)
        elif rest:
            self._put_title(rest, 0.7 if "author" in self.fields else 0.4)

    def _take_book(self, book: dict[str, Field]) -> None:
        self.fields.update(book)
        thesis = _THESIS.search(self.text)
        if thesis:
            self.fields["type"] = Field("thesis", 0.9)
            title = re.split(r"\s?[\[(](?=[^\])]*$)", str(book["title"].value))[0]
            self.fields["title"] = book["title"]._replace(value=plain_title(title))

    def _put_title(self, text: str, confidence: float) -> None:
        """Keep a title; one that names lead into is doubtful."""
        title = plain_title(text)
        if len(title) > _LONGEST_TITLE:
            self._put("title", title, 0.2)
            self.fields.pop("container-title", None)
            return
        self._put("title", title, 0.3 if _NAMES_LEFT.match(title) else confidence)

    def _put_container(self, text: str, confidence: float) -> None:
        name = _IN_BEFORE.sub("", text).strip(' ,;:(“”"«»')
        # A full stop stays when it belongs to an abbreviation: J. Med. Chem.
        if name.endswith(".") and not (
            "." in name[:-1] or text.rstrip(" ").endswith(".,")
        ):
            name = name[:-1]
        if not name or len(name) > _LONGEST_CONTAINER:
            return
        if "author" not in self.fields and _NAME_LIST.match(name):
            # As PubMed shows it: the title, then the authors, then the journal.
            rest = self._authors(name).strip(" .,;:")
            name, confidence = rest or name, min(confidence, 0.9)
        self._put("container-title", name, confidence)
        journal = journal_titles.find(name)
        if journal:
            self._put("container-title-short", journal.abbreviation, 0.95)

    def _type(self) -> None:
        """Say what kind of work it is, by what it has."""
        if "type" in self.fields:
            return
        if _THESIS.search(self.text):
            kind, sure = "thesis", 0.9
        elif "container-title" in self.fields:
            kind, sure = self._journal_or_site()
        elif "ISBN" in self.fields:
            kind, sure = "book", 0.8
        elif self.fields.keys() & {"DOI", "PMID", "PMCID"}:
            kind, sure = "article-journal", 0.6
        elif "URL" in self.fields:
            kind, sure = "webpage", 0.7
        else:
            kind, sure = "document", 0.5
        self._put("type", kind, sure)

    def _journal_or_site(self) -> tuple[str, float]:
        if self.fields.keys() & _NUMBERS:
            return "article-journal", 0.9
        is_listed = "container-title-short" in self.fields
        if "URL" in self.fields and "DOI" not in self.fields and not is_listed:
            return "webpage", 0.7
        return "article-journal", 0.75


def _has_capitals(person: dict[str, str]) -> bool:
    name = person.get("family") or person.get("literal") or ""
    return name.lower() != name.upper()


def _is_whole_title(quoted: re.Match[str], rest: str) -> bool:
    """Whether a quotation is all of the title: “Who cares?” A survey. Pain."""
    after = rest[quoted.end() :]
    cut = journals.start_in(after) if not journals.is_known(after) else None
    return cut is None or cut.confidence < 0.95 or after[: cut.place].endswith("In: ")
