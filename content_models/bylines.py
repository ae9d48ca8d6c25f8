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
from datetime import date, datetime
from typing import NamedTuple

from content_models.people import (
    PARTICLES,
    QUALIFIERS,
    SUFFIXES,
    Person,
    PostNominal,
    Role,
    are_name_words,
    credentials_in,
    person_in,
    split_trailing_credentials,
)

# Far more than the longest byline; beyond it a text is not one.
LONGEST_BYLINE = 3000

_LABEL = re.compile(
    r"(?:\b(?P<both>written\s(?:and|&)\s(?:medically\s)?reviewed)\sby\b"
    r"|\b(?P<review>(?:(?:medical(?:ly)?|clinical(?:ly)?|expert)[\s-])?"
    r"(?:reviewed|fact[\s-]checked|approved)\sby|(?:medical(?:ly)?\s)?reviewers?\s?:)"
    r"|\b(?P<write>(?:(?:written|authored|posted|published|contributed)\s)?by\b"
    r"|authors?\s?:|authors?\b(?=\s[A-Z])))"
    r"\s?:?\s?",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"(?:\b(?:on|updated|posted|published)\s(?:on\s)?:?\s?)?\b(?:"
    rf"(?P<mdy>{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
    rf"|(?P<dmy>\d{{1,2}}\s{_MONTH}\s\d{{4}})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})|(?P<us>\d{1,2}/\d{1,2}/\d{4}))\b",
    re.IGNORECASE,
)
# "EdD(c)": a doctorate that is not finished.
_CANDIDATE = re.compile(r"(?<=[a-zA-Z])\s?\(c(?:and(?:idate)?\.?)?\)")
_PRONOUNS = re.compile(r"\((?:she|he|they|her|him)(?:/\w{2,6}){1,2}\)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:is|was|has|and|who|will)\s")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")

# What parts a byline, strongest first. "and" and "&" part people, and only where a
# person can follow; a dash or a bar begins a job title.
_SEPARATOR = re.compile(
    r"(?P<people>\s?;\s?(?:(?:and|&)\s)?|\s?,\s?(?:and|&)\s|\s(?:and|&)\s|\s?\+\s)"
    r"|(?P<line>\s*\n\s*)|(?P<title>\s[|–—-]\s|\s?\|\s?|\s?•\s?|\s[·]\s)"
    r"|(?P<comma>\s?,\s?)|(?P<open>\s?\()|(?P<close>\)\s?)"
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
    for roles, dated, part in _labelled_parts(_cleaned(text)):
        reader = _Reader()
        reader.read(part)
        for role in roles:
            people += [replace(each, role=role, dated=dated) for each in reader.people]
        rest += reader.rest
    return Byline(tuple(people), tuple(rest))


def _cleaned(text: str) -> str:
    """One space between words, line breaks kept; no tags, pronouns or control marks."""
    text = _PRONOUNS.sub("", _TAG.sub(" ", text))
    text = _CANDIDATE.sub(" Cand.", text)
    lines = (
        " ".join("".join(c if c.isprintable() else " " for c in line).split())
        for line in text.splitlines()
    )
    return "\n".join(line for line in lines if line)


def _labelled_parts(text: str) -> Iterator[tuple[tuple[Role, ...], date | None, str]]:
    """The stretches of `text` by the label before each, with the role it gives."""
    starts = [match for match in _LABEL.finditer(text) if _starts_a_part(text, match)]
    bounds = [match.start() for match in starts[1:]] + [len(text)]
    first = starts[0].start() if starts else len(text)
    dated_before, before = _without_dates(text[:first])
    if before.strip(" .,|-–—•·:"):
        yield ("author",), dated_before, before
        dated_before = None
    for match, end in zip(starts, bounds, strict=False):
        roles: tuple[Role, ...] = ("author",)
        if match["review"]:
            roles = ("reviewer",)
        elif match["both"]:
            roles = ("author", "reviewer")
        dated, part = _without_dates(text[match.end() : end])
        yield roles, dated or dated_before, part
        dated_before = None


def _starts_a_part(text: str, match: re.Match[str]) -> bool:
    """Whether a label stands where one can: not inside a name or a job title."""
    before = text[: match.start()].rstrip()
    if not before or before[-1] in ".|;:\n–—•·-" or text[match.start() - 1] == "\n":
        return True
    return bool(match["review"] or match["both"]) or bool(
        _DATE.fullmatch(before) or before.endswith((",", ")"))
    )


def _without_dates(text: str) -> tuple[date | None, str]:
    match = _DATE.search(text)
    return (_day(match) if match else None), _DATE.sub("", text)


def _day(match: re.Match[str]) -> date | None:
    """The day that a date's text means, or None for one that is not in the calendar."""
    kind = match.lastgroup or "iso"
    written = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[.,]", "", match[kind])
    words = [
        word[:3] if word.isalpha() else word
        for word in written.replace("/", " ").replace("-", " ").split()
    ]
    form = {"mdy": "%b %d %Y", "dmy": "%d %b %Y", "us": "%m %d %Y"}.get(kind)
    try:
        return datetime.strptime(" ".join(words), form or "%Y %m %d").date()
    except ValueError:
        return None


class _Stretch(NamedTuple):
    separator: str
    text: str
    start: int
    end: int


@dataclass
class _Reader:
    """Reads one labelled part; what it found is in `people` and `rest`."""

    people: list[Person] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    # The stretch of the source that is the current person's job title.
    _title: tuple[int, int] | None = None

    def read(self, text: str) -> None:
        stretches = list(_stretches(text))
        for position, stretch in enumerate(stretches):
            following = stretches[position + 1 :]
            inverted = self._inverted_name(stretch, following[:1])
            if inverted:
                stretches[position + 1] = following[0]._replace(text="", end=0)
                self._finish(text)
                self.people.append(inverted)
            elif stretch.text:
                self._take(text, stretch, following)
        self._finish(text)

    def _take(self, text: str, stretch: _Stretch, following: list[_Stretch]) -> None:
        credentials = None if self._title else credentials_in(stretch.text)
        if stretch.separator == "open" and credentials:
            # "PT (NJ)": only a known credential counts in brackets.
            credentials = tuple(each for each in credentials if each.is_known)
        if credentials is not None and self.people:
            self._add(credentials)
            return
        person = person_in(stretch.text, lower_case=_credentials_follow(following))
        if person and self._may_begin(stretch, person, following):
            self._finish(text)
            self.people.append(person)
        elif not self.people:
            self.rest.append(stretch.text)
        elif stretch.text.rstrip(".").lower() in SUFFIXES and not self._title:
            suffix = SUFFIXES[stretch.text.rstrip(".").lower()]
            self.people[-1] = replace(self.people[-1], suffix=suffix)
        else:
            start = self._title[0] if self._title else stretch.start
            self._title = (start, stretch.end)

    def _may_begin(
        self, stretch: _Stretch, person: Person, following: list[_Stretch]
    ) -> bool:
        """Whether a stretch that reads as a name is a new person, not a job's place."""
        if not self.people or (stretch.separator == "people" and not self._title):
            return True
        proven = bool(person.credentials) or bool(person.prefix)
        proven = proven or _credentials_follow(following)
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
            if _SENTENCE.match(title):
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


def _credentials_follow(following: list[_Stretch]) -> bool:
    """Whether the next stretch with words holds credentials, maybe after a suffix."""
    for stretch in following:
        if stretch.text.rstrip(".").lower() in SUFFIXES or not stretch.text:
            continue
        return (
            credentials_in(stretch.text) is not None and stretch.separator != "people"
        )
    return False
