"""Byline text to people, and people's names with post-nominals to a byline.

Nothing here touches a database. A byline is read from left to right, stretch by stretch
between separators: each is a name, a generational suffix, credentials, or part of a job
title.
What cannot be a person's name never becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from content_models import byline_labels
from content_models.people import (
    PARTICLES,
    QUALIFIERS,
    SUFFIXES,
    Person,
    PostNominal,
    Role,
    are_name_words,
    credentials_before_title,
    credentials_in,
    person_in,
    split_trailing_credentials,
)

# Far more than the longest byline; beyond it a text is not one.
LONGEST_BYLINE = 3000

# "Jane Doe, MD and team"
_OTHERS = {"team", "the team", "staff", "others", "colleagues"}
_SENTENCE = re.compile(r"(?:is|was|has|and|who|will)\s")

# What parts a byline, strongest first. "and" and "&" part people, and only where a
# person can follow; a dash or a bar begins a job title.
_SEPARATOR = re.compile(
    r"(?P<people>\s?;\s?(?:(?:and|&)\s)?"
    r"|\s?,?\s?\bwith\scontributions\s(?:from|by)\s"
    r"|\s?,\s?(?:and|AND|&|with)\s(?=\S)|\s(?:and|AND|&|y|et|und)\s|\s?\+\s|\swith\s(?=[A-Z]))"
    r"|(?P<line>\s*\n\s*)|(?P<title>\s[|–—-]\s|\s?\|\s?|\s?•\s?|\s[·/]\s)"
    r"|(?P<comma>\s?,\s?|:\s)|(?P<open>\s?\()|(?P<close>\)\s?)"
)


@dataclass(frozen=True)
class Byline:
    people: tuple[Person, ...] = ()
    # What was not understood, in the words of the text.
    rest: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """How sure it is that these are the people and all of them, from 0 to 1."""
        if not self.people:
            return 0.0
        sure = min(_confidence(person) for person in self.people)
        return round(sure - (0.2 if self.rest else 0), 2)


def _confidence(person: Person) -> float:
    """How sure one person's parts are: less with what the vocabulary does not know."""
    sure = 0.98
    if any(not each.is_known for each in person.credentials):
        sure -= 0.1
    if not (person.given and person.family):
        sure -= 0.2
    if person.name.islower() or len(person.name.split()) > 4:
        sure -= 0.1
    return sure


def join(name: str, abbreviations: Sequence[str]) -> str:
    """The byline of one person: `Lisa Scarlino, PT, DPT, ATC`."""
    return ", ".join([name, *abbreviations])


def parse(text: str) -> Byline:
    """Read a byline, with or without `By` or `Reviewed by` before it.

    Never raises: what is no person's name is returned in `rest`.
    """
    if len(text) > LONGEST_BYLINE:
        return Byline(rest=(" ".join(text[:LONGEST_BYLINE].split()),))
    people: list[Person] = []
    rest: list[str] = []
    for part in byline_labels.parts(byline_labels.cleaned(text)):
        reader = _Reader()
        reader.read(part.text)
        for role in part.roles:
            people += [_labelled(each, role, part.dated) for each in reader.people]
        rest += reader.rest
    return Byline(tuple(people), tuple(rest))


class _Stretch(NamedTuple):
    separator: str
    text: str
    start: int
    end: int


def _labelled(person: Person, role: Role, dated: date | None) -> Person:
    if role == "author" and dated is None:
        return person
    return replace(person, role=role, dated=dated)


@dataclass
class _Reader:
    """Reads one labelled part; what it found is in `people` and `rest`."""

    people: list[Person] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    # The stretch of the source that is the current person's job title.
    _title: tuple[int, int] | None = None
    # Known credentials that stand before the name: "PT, DPT Jane Doe".
    _leading: tuple[PostNominal, ...] = ()
    # "Drs. Jane Doe and John Roe": the title is everybody's.
    _are_doctors: bool = False

    def read(self, text: str) -> None:
        stretches = list(_stretches(text))
        if len(stretches) == 1:
            self._take(text, stretches[0], ())
            self._finish(text)
            return
        for position, stretch in enumerate(stretches):
            following = stretches[position + 1 : position + 4]
            inverted = self._inverted_name(stretch, following[:1])
            if inverted:
                stretches[position + 1] = following[0]._replace(text="", end=0)
                self._finish(text)
                self._begin(inverted)
            elif stretch.text:
                self._take(text, stretch, following)
        self._finish(text)

    def _take(
        self, text: str, stretch: _Stretch, following: Sequence[_Stretch]
    ) -> None:
        credentials = None if self._title else credentials_in(stretch.text)
        if stretch.separator == "open" and credentials:
            # "PT (NJ)": only a known credential counts in brackets.
            credentials = tuple(each for each in credentials if each.is_known)
        if credentials and stretch.separator == "people" and len(credentials) > 1:
            # "JANE DOE AND JOHN ROE": capitals that nobody knows are a name.
            known = [each for each in credentials if each.is_known]
            credentials = credentials if known else None
        if credentials is not None and self.people:
            self._add(credentials)
            return
        if credentials and all(each.is_known for each in credentials):
            self._leading += credentials
            return
        if self.people and stretch.separator != "people" and not self._title:
            held, rest = credentials_before_title(stretch.text)
            if held:
                self._add(held)
                if rest:
                    self._title = (stretch.end - len(rest), stretch.end)
                return
        words = self._without_leading_credentials(stretch.text)
        follows = _credentials_follow(following)
        person = person_in(words, lower_case=follows)
        if person and self._may_begin(stretch, person, follows):
            self._finish(text)
            self._are_doctors = self._are_doctors or words[:4].lower() == "drs."
            self._begin(person)
        elif not self.people:
            self.rest.append(stretch.text)
        elif stretch.text.rstrip(".").lower() in SUFFIXES and not self._title:
            suffix = SUFFIXES[stretch.text.rstrip(".").lower()]
            self.people[-1] = replace(self.people[-1], suffix=suffix)
        else:
            start = self._title[0] if self._title else stretch.start
            self._title = (start, stretch.end)

    def _begin(self, person: Person) -> None:
        if self._leading:
            person = replace(person, credentials=self._leading + person.credentials)
            self._leading = ()
        if self._are_doctors and not person.prefix:
            person = replace(person, prefix="Dr.")
        self.people.append(person)

    def _without_leading_credentials(self, text: str) -> str:
        """The words of a name, after the last of the credentials before it."""
        if not self._leading:
            return text
        words = text.split()
        while len(words) > 2:
            credentials = credentials_in(words[0])
            if not credentials or not credentials[0].is_known:
                break
            self._leading += credentials
            del words[0]
        return " ".join(words)

    def _may_begin(self, stretch: _Stretch, person: Person, follows: bool) -> bool:
        """Whether a stretch that reads as a name is a new person, not a job's place."""
        if not self.people or (stretch.separator == "people" and not self._title):
            return True
        proven = follows or bool(person.credentials) or bool(person.prefix)
        if stretch.separator in ("people", "line", "comma"):
            return proven or (not self._title and stretch.separator != "line")
        return False

    def _add(self, credentials: tuple[PostNominal, ...]) -> None:
        last = self.people[-1]
        self.people[-1] = replace(last, credentials=last.credentials + credentials)

    def _finish(self, text: str) -> None:
        if self._title:
            start, end = self._title
            title = " ".join(text[start:end].split()).strip(" ,;|–—-")
            if _SENTENCE.match(title) or title.lower() in _OTHERS:
                self.rest.append(title)
            else:
                self.people[-1] = replace(self.people[-1], job_title=title)
            self._title = None

    def _inverted_name(
        self, stretch: _Stretch, following: list[_Stretch]
    ) -> Person | None:
        """`Scarlino, Lisa PT`: one family name, a comma, given names."""
        if self.people or not following or following[0].separator != "comma":
            return None
        family = stretch.text.split()
        if len([word for word in family if word.lower() not in PARTICLES]) != 1:
            return None
        if credentials_in(stretch.text) is not None or not are_name_words(family):
            return None
        words, credentials = split_trailing_credentials(following[0].text.split())
        if not 1 <= len(words) <= 3 or not are_name_words(words):
            return None
        if credentials_in(following[0].text) is not None:
            return None
        if words[0].rstrip(".").lower() in SUFFIXES:
            return None
        return Person(" ".join(words), stretch.text, credentials=credentials)


def _stretches(text: str) -> Iterator[_Stretch]:
    separator, start = "people", 0
    for match in _SEPARATOR.finditer(text):
        yield _stretch(text, separator, start, match.start())
        separator, start = str(match.lastgroup), match.end()
    yield _stretch(text, separator, start, len(text))


def _stretch(text: str, separator: str, start: int, end: int) -> _Stretch:
    words = text[start:end].strip()
    # A full stop ends a byline, unless it belongs to an abbreviation.
    if len(words.split()) > 1 and words.endswith(".") and words[-3:-2] not in " .":
        last = words.split()[-1]
        if "." not in last[:-1] and last.rstrip(".").lower() not in (
            QUALIFIERS.keys() | SUFFIXES.keys()
        ):
            words = words[:-1]
    return _Stretch(separator, words.strip(" :"), start, end)


def _credentials_follow(following: Sequence[_Stretch]) -> bool:
    """Whether the next stretch with words holds credentials, maybe after a suffix."""
    for stretch in following:
        if stretch.text.rstrip(".").lower() in SUFFIXES or not stretch.text:
            continue
        return (
            credentials_in(stretch.text) is not None and stretch.separator != "people"
        )
    return False
