"""What stands around the names of a byline: labels with their roles, dates, marks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from content_models.people import NICKNAME_ENDS, NICKNAME_STARTS, Role

# English, then Spanish, French, Portuguese and German. "By" alone is an author's.
_LABEL = re.compile(
    r"(?:\b(?P<both>(?:written|authored)\s(?:and|&)\s(?:medically\s)?reviewed)\sby\b"
    r"|\b(?P<review>(?:(?:medical(?:ly)?|clinical(?:ly)?|expert|peer)[\s-])?"
    r"(?:reviewed|fact[\s-]checked|approved|verified)\sby|"
    r"(?:medical(?:ly)?\s|clinical\s|expert\s)?reviewers?\s?:"
    r"|revisad[oa](?:\s(?:m[eé]dicamente|cl[ií]nicamente))?\spor(?:\s(?:la|el)\b)?"
    r"|révisé(?:\smédicalement)?\spar|medizinisch\sgeprüft\svon)"
    r"|\b(?P<edit>(?:edited|editado|édité)\s(?:by|por|par)|editors?\s?:)"
    r"|\b(?P<write>(?:(?:co[\s-]?)?(?:written|authored|posted|published|contributed|"
    r"submitted|prepared|presented|(?:guest\s)?(?:blog|post|article)|(?:blog\s)?post|"
    r"story|words|text|content|column)\s)?by\b"
    r"|(?:about\sthe\s|our\s|guest\s|meet\sthe\s)?(?:co-?)?authors?\s?[:–—-]"
    r"|(?:our\s|guest\s)?authors?\b(?=\s[A-Z])|meet\b(?=\s[A-Z])"
    r"|(?:escrito|publicado|redactado)\spor|^por\b(?=\s[A-Z])|^par\b(?=\s[A-Z])"
    r"|(?:écrit|rédigé)\spar|(?:geschrieben\s)?^von\b(?=\s[A-Z])"
    r"|aut(?:or(?:en|in|es|a|as)?|eure?s?)\s?:))"
    r"\s?:?\s?",
    re.IGNORECASE,
)
# Most bylines have neither; both patterns are slow to find that out.
_LABEL_WORD = re.compile(
    r"\b(?:by|reviewer|editor|author|meet|por|par|von|aut(?:or|eur))", re.IGNORECASE
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"(?:\b(?:last\s)?(?:on|updated|posted|published|reviewed)\s(?:on\s)?:?\s?)?\b(?:"
    rf"(?P<mdy>{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
    rf"|(?P<dmy>\d{{1,2}}\s{_MONTH}\s\d{{4}})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})|(?P<us>\d{1,2}/\d{1,2}/\d{4}))\b",
    re.IGNORECASE,
)
# Where year, month and day stand in each form of a date.
_ORDER = {"mdy": (2, 0, 1), "dmy": (2, 1, 0), "iso": (0, 1, 2), "us": (2, 0, 1)}
_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), start=1)}
_YEAR = re.compile(r"\b\d{4}\b")
_PRONOUNS = re.compile(
    r"\(?\b(?:she|he|they|her|him)(?:\s?/\s?\w{2,6}){1,2}\)?", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
# "Jane Doe, PT and" before "reviewed by".
_LINK_AT_END = re.compile(r"[\s,;]{1,3}(?:and|&|AND)\s*$")
_MARKS_BEFORE = " \t~*•·–—-|:;,.>"
_NICKNAME = re.compile(
    r"(?<=[a-z.]\s)(?:\((?P<round>[A-Z][a-z]{1,14})\)|[\"“'‘](?P<quoted>[A-Z][a-z]{1,14})"
    r"[\"”'’])(?=\s[^\W\d_a-z])"
)
# Brackets that are part of a credential or a rank: "PhD(c)", "COL (Ret.)".
_QUALIFIED = re.compile(
    r"(?<=[A-Za-z.])(?P<space>\s?)\((?P<word>c|cand\.?|candidate|ret\.?|retired)\)",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """A stretch of a byline under one label."""

    roles: tuple[Role, ...]
    dated: date | None
    text: str


def cleaned(text: str) -> str:
    """One space between words, line breaks kept; no tags, pronouns or control marks.

    A nickname's quotes or brackets become marks that belong to a name.
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "/" in text:
        text = _PRONOUNS.sub("", text)
    if "(H" in text:
        text = text.replace("(Hons)", "").replace("(Hons.)", "")
    if text.isprintable():
        text = " ".join(text.split())
    else:
        lines = (
            " ".join("".join(c if c.isprintable() else " " for c in line).split())
            for line in text.splitlines()
        )
        text = "\n".join(line for line in lines if line)
    if "(" in text or '"' in text or "“" in text:
        text = _QUALIFIED.sub(
            rf"\g<space>{NICKNAME_STARTS[0]}\g<word>{NICKNAME_ENDS[0]}", text
        )
        text = _NICKNAME.sub(_as_nickname, text)
    return text.strip(_MARKS_BEFORE + "\n")


def _as_nickname(match: re.Match[str]) -> str:
    kind = 0 if match["round"] else 1
    name = match["round"] or match["quoted"]
    return f"{NICKNAME_STARTS[kind]}{name}{NICKNAME_ENDS[kind]}"


def parts(text: str) -> Iterator[Part]:
    """The stretches of `text` by the label before each, with the role it gives."""
    starts = []
    if _LABEL_WORD.search(text):
        starts = [each for each in _LABEL.finditer(text) if _starts_a_part(text, each)]
    first = starts[0].start() if starts else len(text)
    dated_before, before = _without_dates(text[:first])
    if before.strip(_MARKS_BEFORE):
        before = _LINK_AT_END.sub("", before.strip(" |·•"))
        yield Part(("author",), dated_before, before)
        dated_before = None
    bounds = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, bounds, strict=False):
        dated, part = _without_dates(text[match.end() : end])
        part = _LINK_AT_END.sub("", part.strip(" |·•–—"))
        yield Part(_roles(match), dated or dated_before, part)
        dated_before = None


def _roles(match: re.Match[str]) -> tuple[Role, ...]:
    if match["both"]:
        return ("author", "reviewer")
    if match["review"]:
        return ("reviewer",)
    return ("editor",) if match["edit"] else ("author",)


def _starts_a_part(text: str, match: re.Match[str]) -> bool:
    """Whether a label stands where one can: not inside a name or a job title."""
    before = text[: match.start()].rstrip()
    if not before or before[-1] in ".|;:\n–—•·-~" or text[match.start() - 1] == "\n":
        return True
    if match["review"] or match["both"]:
        return True
    if match["edit"]:
        return match[0].rstrip()[-1] != ":" or before[-1] in ",)"
    return bool(_DATE.fullmatch(before)) or before[-1] in ",)"


def _without_dates(text: str) -> tuple[date | None, str]:
    if not _YEAR.search(text):
        return None, text
    match = _DATE.search(text)
    return (_day(match) if match else None), _DATE.sub("", text)


def _day(match: re.Match[str]) -> date | None:
    """The day that a date's text means, or None for one that is not in the calendar."""
    kind = match.lastgroup or "iso"
    words = re.findall(r"\d+|[A-Za-z]{3,}", match[kind])
    words = [word for word in words if word not in ("st", "nd", "rd", "th")]
    year, month, day = (words[each] for each in _ORDER[kind])
    try:
        return date(int(year), _MONTHS.get(month[:3].lower()) or int(month), int(day))
    except ValueError:
        return None
