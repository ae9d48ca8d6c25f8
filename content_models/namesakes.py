"""Whether two names may be one person's, and why one would think so.

A likeness is offered with its reason; nobody is ever merged for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from content_models.citations.matching import Likeness, folded, similarity

# "Anna" and "Ana": so much may a given name or a family name differ by a slip.
_NEARLY = 0.8


class Name(NamedTuple):
    """The parts of a name that tell people apart, and what they hold."""

    given: str
    family: str
    suffix: str = ""
    credentials: Collection[str] = ()


def likeness(one: Name, other: Name) -> Likeness | None:
    """How like two people's names are; None where nobody would take them for one."""
    family = _family_likeness(one.family, other.family)
    if family is None:
        return None
    given = _given_likeness(one.given, other.given)
    if given is None:
        return None
    if one.suffix and other.suffix and folded(one.suffix) != folded(other.suffix):
        return None
    score = min(family.score, given.score)
    is_same = family.score == given.score == 1
    reasons = ["same name"] if is_same else [family.reason, given.reason]
    if bool(one.suffix) != bool(other.suffix):
        score -= 0.1
        reasons.append("one without the suffix")
    shared = [each for each in one.credentials if each in set(other.credentials)]
    if shared:
        score += 0.05
        reasons.append(f"both {', '.join(shared[:3])}")
    return Likeness(round(min(score, 1.0), 2), ", ".join(reasons))


def _family_likeness(one: str, other: str) -> Likeness | None:
    names = folded(one), folded(other)
    if not all(names):
        return None
    if names[0] == names[1]:
        return Likeness(1.0, "same family name")
    # Married, or a double name of which one part is left out.
    parts = [set(map(folded, name.replace("-", " ").split())) for name in (one, other)]
    if min(map(len, parts[0] & parts[1]), default=0) > 2:
        return Likeness(0.75, "a part of the family name in common")
    if min(map(len, names)) > 4 and similarity(*names) >= _NEARLY:
        return Likeness(0.75, "nearly the same family name")
    return None


def _given_likeness(one: str, other: str) -> Likeness | None:
    """Whether given names or initials can be the same person's."""
    names = folded(one), folded(other)
    if names[0] == names[1]:
        return Likeness(1.0, "same given names")
    if not all(names):
        return Likeness(0.7, "one without given names")
    words = [_words(name) for name in (one, other)]
    pairs = list(zip(*words, strict=False))
    if all(a == b for a, b in pairs):
        return Likeness(0.9, "one with fewer given names")
    if all(a[0] == b[0] and (len(a) == 1 or len(b) == 1 or a == b) for a, b in pairs):
        return Likeness(0.8, "the initials fit")
    first = words[0][0], words[1][0]
    if min(map(len, first)) > 2 and similarity(*first) >= _NEARLY:
        return Likeness(0.75, "nearly the same given name")
    return None


def _words(given: str) -> list[str]:
    """Given names and initials one by one: "J.P." and "JP" are two initials."""
    found: list[str] = []
    for word in given.replace(".", " ").replace("-", " ").split():
        is_initials = word.isupper() and 1 < len(word) < 4 and word.isalpha()
        found += list(map(folded, word)) if is_initials else [folded(word)]
    return [word for word in found if word] or [""]
