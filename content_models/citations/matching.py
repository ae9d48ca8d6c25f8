"""Whether two references may be one work, and why one would think so.

Nothing is ever merged for it: a likeness is offered with its reason, and somebody
decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

# From here on a likeness is worth a look; 1 is an identifier in common.
WORTH_A_LOOK = 0.7
# Titles that differ by no more than a few slips of the hand.
_NEARLY = 0.9
_LONGEST_TITLE = 400
_WORDS = {"DOI": "DOI", "PMID": "PubMed id", "PMCID": "PubMed Central id"}


class Likeness(NamedTuple):
    score: float
    # What is alike, as a phrase for staff: "same DOI".
    reason: str


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> Likeness | None:
    """How like two CSL-JSON items are; None where nobody would take them for one."""
    for name, words in _WORDS.items():
        if one.get(name) and folded(one[name]) == folded(other.get(name)):
            return Likeness(1.0, f"same {words}")
    titles = _title_likeness(one, other)
    if titles is None:
        return None
    years = _year_likeness(one, other)
    authors = _author_likeness(one, other)
    if years is None or authors is None:
        return None
    score = min(titles.score, years.score, authors.score)
    reasons = [each.reason for each in (titles, years, authors) if each.reason]
    if any(one.get(name) and other.get(name) for name in _WORDS):
        score -= 0.2
        reasons.append("but another identifier")
    if len(reasons) == 1 and len(folded(one.get("title"))) < 25:
        # A short title alone ("Low back pain") is many works'.
        return None
    return Likeness(round(score, 2), ", ".join(reasons)) if score >= 0.6 else None


def have_like_titles(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both have a title, and these may be one work's."""
    return _title_likeness(one, other) is not None


def folded(value: Any) -> str:
    """Letters and digits only, small and without accents."""
    text = unicodedata.normalize("NFKD", str(value or "")).casefold()
    return "".join(filter(str.isalnum, text))


def year_of(item: Mapping[str, Any]) -> int | None:
    parts = (item.get("issued") or {}).get("date-parts") or [[]]
    return int(parts[0][0]) if parts[0] and str(parts[0][0]).isdigit() else None


def first_author(item: Mapping[str, Any]) -> str:
    for role in ("author", "editor"):
        for person in item.get(role) or ():
            return str(person.get("family") or person.get("literal") or "")
    return ""


def _title_likeness(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> Likeness | None:
    titles = [folded(item.get("title"))[:_LONGEST_TITLE] for item in (one, other)]
    if not all(titles):
        return None
    if titles[0] == titles[1]:
        return Likeness(0.95, "same title")
    shorter, longer = sorted(titles, key=len)
    if len(shorter) > 25 and longer.startswith(shorter):
        return Likeness(0.85, "one title begins with the other")
    if similarity(*titles) >= _NEARLY:
        return Likeness(0.85, "nearly the same title")
    return None


def _year_likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> Likeness | None:
    """The same year, or the next: online first, in print later."""
    years = (year_of(one), year_of(other))
    if None in years:
        return Likeness(0.85, "")
    apart = abs(years[0] - years[1])  # type: ignore[operator]
    if apart > 1:
        return None
    return Likeness(0.95, "same year") if not apart else Likeness(0.85, "a year apart")


def _author_likeness(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> Likeness | None:
    names = [folded(first_author(item)) for item in (one, other)]
    if not all(names):
        return Likeness(0.85, "")
    if names[0] == names[1]:
        return Likeness(0.95, "same first author")
    if similarity(*names) >= 0.8 or names[0].endswith(names[1]):
        return Likeness(0.8, "a first author of nearly the same name")
    return None


def similarity(one: str, other: str) -> float:
    """From 0 to 1; cheap where the lengths alone say no."""
    if (
        not one
        or not other
        or min(len(one), len(other)) / max(len(one), len(other)) < 0.7
    ):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= 0.7 else 0.0
