"""The list of authors with which a citation begins, in any of the usual manners.

A citation says nowhere how it writes names; so names are read one by one, each by the
first form that fits at its place, until no separator or no name follows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Authors of a list beyond which reading stops: the longest lists have some thousands.
_MOST_NAMES = 3000

_WORD = r"[^\W\d_](?:[^\W\d_]|['’`‐‑-](?=[^\W\d_])){0,40}"
_CAPITALISED = rf"(?=[^\W\d_a-zß-öø-ÿ]){_WORD}"
_PARTICLE = (
    r"(?:(?:van|von|de|der|den|del|della|di|da|dos|das|do|du|la|le|el|al|ter|ten|van't|"
    r"zu|zur|vom|af|av|bin|ibn|st\.?|Van|Von|De|Der|Den|Del|Di|Da|Dos|Du|La|Le|El|Al|"
    r"Ten|Ter|St\.?|VAN|VON|DE|DER|DEL|DI|DA|DOS|LA|LE|EL|DU|Dal|dal|Dos|Lo|lo)\s)"
)
# "DI MAIO, Massimo": not Mr Di with the initials M. A. I. O.
_CAPITAL_PARTICLE = r"(?:VAN|VON|DE|DER|DEL|DI|DA|DOS|LA|LE|EL|DU|ST)\s[A-Z]{2,}"
_ONE_FAMILY = (
    rf"(?:{_PARTICLE}{{0,3}}(?:(?:el|al|as|ad|an)[‐-])?{_CAPITALISED}"
    rf"|(?:d['’]|'t\s){_CAPITALISED})"
)
# Further words of a family name have at least two letters: one is an initial.
_FAMILY = rf"{_ONE_FAMILY}(?:\s{_PARTICLE}{{0,2}}(?=\w\w){_CAPITALISED}){{0,2}}?"
# What comes after a name whose last word is the family name.
_NAME_ENDS = (
    r"(?=\s?[,;.:(&“\"«‘\[*†‡§¶]|\s(?:and|und|et|y|e|i|&|…)\s|\s\d{4}"
    r"|\s?\d(?:,\d)?[,;.]|\s?$)"
)
# GM, K-W, JE: capitals in a row. G. M., J.-P., W.A.: capitals with full stops.
_BARE_INITIALS = r"(?:[A-ZÀ-ÖØ-Þ]|Yu|Ya|Ch|Th)(?:[‐‑-]?[A-ZÀ-ÖØ-Þ]){0,3}(?![^\W\d_])"
_DOTTED_INITIALS = r"(?:[A-ZÀ-ÖØ-Þ][a-z]?\.[\s‐‑-]{0,2}){0,4}[A-ZÀ-ÖØ-Þ][a-z]?\."
_GIVEN = (
    rf"{_CAPITALISED}(?:(?:[\s-](?:[A-Z]\.[\s-]?){{1,3}}(?=[\s,;]|$)|"
    rf"\s(?:de|da|dos|van|von)\s?(?=[,;])|\s{_CAPITALISED})(?![^\W\d_])){{0,3}}"
)
_GIVEN_ENDS = rf"(?:{_NAME_ENDS}|(?<=\.)(?=\s)|(?=\s?$))"
_NAME_ENDS_OR_SUFFIX = rf"(?:{_NAME_ENDS}|(?=,?\s(?:Jr|Sr|II|III|IV|2nd|3rd)\b))"
_GENERATION = r"(?:,?\s(?P<suffix>Jr|Sr|II|III|IV|2nd|3rd)\b\.?)?"

# Each form with the manner of its name; the order is that of certainty.
_FORMS = {
    # Taylor G. M.   Castells X.
    "family dotted": rf"(?P<family>{_FAMILY})\s(?P<given>{_DOTTED_INITIALS})",
    # Sadler, S.   Jette, D. U.   Heinrichs, SC.
    "family, dotted": (
        rf"(?P<family>{_FAMILY}),\s?(?P<given>{_DOTTED_INITIALS}|[A-Z]{{2,3}}\.)"
    ),
    # Sadler S   Jauch K-W   van Holsbeeck M
    "family bare": (
        rf"(?!{_CAPITAL_PARTICLE})(?P<family>{_FAMILY})\s(?P<given>{_BARE_INITIALS})"
    ),
    # E. Vaghefi   R.Q. Wolever
    "dotted family": (
        rf"(?P<given>{_DOTTED_INITIALS})\s?(?P<family>{_FAMILY}){_NAME_ENDS_OR_SUFFIX}"
    ),
    # AM Trinkoff
    "bare family": (
        rf"(?!{_CAPITAL_PARTICLE})(?P<given>{_BARE_INITIALS})\s(?P<family>{_FAMILY}){_NAME_ENDS_OR_SUFFIX}"
    ),
    # Bydder, Stephen A.   TREGOUEL, Stéphane
    "family, given": (rf"(?P<family>{_ONE_FAMILY}),\s(?P<given>{_GIVEN}){_GIVEN_ENDS}"),
    # García López, María José: as the first name only.
    "families, given": (
        rf"(?P<family>{_ONE_FAMILY}\s(?=\w\w){_CAPITALISED}),\s"
        rf"(?P<given>{_GIVEN}){_GIVEN_ENDS}"
    ),
    # Margaret A Shipp   Cynthia H. Y. Fu
    "given family": (
        rf"(?P<given>{_CAPITALISED}(?:\s(?:[A-Z]\.?(?=\s)|{_CAPITALISED})){{0,3}})\s"
        rf"(?P<family>{_PARTICLE}{{0,3}}{_CAPITALISED})"
    ),
    # P. Kelly Marcom
    "initial given family": (
        rf"(?P<given>[A-Z]\.\s{_CAPITALISED}(?:\s[A-Z]\.){{0,2}})\s"
        rf"(?P<family>{_PARTICLE}{{0,3}}{_CAPITALISED}){_NAME_ENDS}"
    ),
    # Anderson et al
    "family": rf"(?P<family>{_FAMILY})(?=,?\set\sal\b)",
}
# Roscoat SR du: what belongs before the family name stands behind.
_BEHIND = r"(?P<behind>(?:\s(?:van|von|de|der|den|du|la|del|di|da)){1,3}(?=\s?[,.;(]))?"
_PATTERNS = {
    manner: re.compile(form + _BEHIND + _GENERATION) for manner, form in _FORMS.items()
}
# Names in full are too like other words to be followed by another without a comma.
_OF_FULL_NAMES = frozenset(
    {"family, given", "families, given", "given family", "initial given family"}
)
# "And others" in the languages of the lists: u. a., y otros, e outros, et coll.
_ET_AL = re.compile(
    r"[\s,;]{0,3}[(\[]?(?:and\s|&\s|y\s|et\s(?=et))?(?:et\s?\.?,?\s?(?:al|coll)\b\.?"
    r"|(?:and|&)\s(?:others|colleagues)\b|u\.\s?a\.|y\s(?:otros|cols?\.?)|e\soutros"
    r"|und\sandere|et\sautres|AL\.,\set|…(?!\s?[A-Z][\w’'-]+,)|\.\.\.(?!\s?[A-Z]))[)\]]?",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[*†‡§¶#\d]{0,4}\s?")
_SEPARATOR = re.compile(
    r"\s?(?:[,;]{1,2}\s?(?:(?:and|und|et|y|e|i)\s|&\s?|(?:\.\.\.|…|\. \. \.)\s?)?"
    r"|\s(?:and|und|et|y|e)\s|\s?&\s?)"
)
_ORGANISATION = re.compile(
    r"(?=[^\W\d_a-z])(?:U\.\s?[SK]\.\s)?[^\W\d_][^.;:“”\"«»()\d]{2,120}?(?=\.\s|:\s|\s\(\d{4}|;\s|,\s\d{4})"
)
_ORGANISATION_WORD = re.compile(
    r"\b(?:academy|agency|association|board|cent(?:er|re)s?|clinic|college|collaboration|"
    r"committee|consortium|council|department|federation|foundation|group|institutes?|"
    r"investigators|ministry|network|organi[sz]ation|office|panel|program(?:me)?|"
    r"service|society|task force|team|trust|union|university)\b",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"^U\.\s?[SK]\.\s")
_GROUP_WORDS = frozenset(
    {
        "Group",
        "Collaboration",
        "Collaborators",
        "Consortium",
        "Investigators",
        "Network",
    }
)
# "Back Study Group, Smith J": a group among people.
_GROUP_FIRST = re.compile(
    r"(?P<group>[A-Z][^.,;:()]{2,80}\b(?:Group|Collaboration|Collaborators|Consortium|"
    r"Investigators|Committee|Network)),\s(?=[^\W\d_a-z][\w'’-]+,?\s[A-Z]{1,3}\b)"
)
# Then it is a list of people, one of whom is called Board or Service.
_INITIALS_SOMEWHERE = re.compile(r"\s[A-Z]{1,3}(?:,|$)|\b[A-Z]\.")


class Names(NamedTuple):
    """The authors, whether more are meant, and the place in the text where they end."""

    people: tuple[dict[str, str], ...] = ()
    is_incomplete: bool = False
    end: int = 0
    # Whether every name was written in the same manner, as real lists are.
    is_even: bool = True


def read(text: str) -> Names:
    """The authors at the beginning of `text`; none where it begins otherwise."""
    organisation = _organisation(text)
    if organisation.people:
        return organisation
    names: list[dict[str, str]] = []
    manners: list[str] = []
    place = end = 0
    group = _GROUP_FIRST.match(text)
    if group:
        names.append({"literal": group["group"]})
        place = end = group.end()
    while len(names) < _MOST_NAMES:
        match, manner = _name_at(text, place, manners)
        if match is None:
            break
        names.append(_csl(match))
        manners.append(manner)
        end = _MARKS.match(text, match.end()).end()  # type: ignore[union-attr]
        if text[match.end() : end].isspace():
            end = match.end()
        separator = _SEPARATOR.match(text, end)
        if separator is None and not _next_follows(text, end, manner):
            break
        place = separator.end() if separator else end
        while text[place : place + 1] in (" ", "."):
            place += 1
    if manners and manners[-1] == "family dotted":
        _undot(names, manners)
    others = _ET_AL.match(text, end)
    return Names(
        tuple(names), others is not None, others.end() if others else end,
        len(set(manners[1:])) < 2,
    )  # fmt: skip


def _undot(names: list[dict[str, str]], manners: list[str]) -> None:
    """In `Sadler S, Roe J.` the full stop ends the list, not the initials."""
    given = names[-1].get("given", "")
    if given.count(".") == 1 and "family dotted" not in manners[:-1]:
        names[-1]["given"] = given.rstrip(".")


def _name_at(
    text: str, place: int, manners: list[str]
) -> tuple[re.Match[str] | None, str]:
    """The name that begins at `place`, in the manner of the last one if that fits."""
    if _ET_AL.match(text, place):
        return None, ""
    last = manners[-1:]
    # The first of a list may be turned round, and only the first (Chicago style).
    if last == ["families, given"]:
        last = ["family, given"]
    likely = last
    if last and last[0] in _OF_FULL_NAMES:
        likely = [*last, "given family", "initial given family"]
    for manner in [*likely, *(each for each in _PATTERNS if each not in likely)]:
        if manners and manner == "families, given":
            continue
        changes = len(manners) > 1 and manner in _OF_FULL_NAMES and manner != last[0]
        if changes and not (manner == "given family" and _is_turned_round(manners)):
            continue
        match = _PATTERNS[manner].match(text, place)
        if match and _ends_like_a_name(text, match, manner):
            return match, manner
    return None, ""


def _is_turned_round(manners: list[str]) -> bool:
    """Whether the list is in Chicago's manner: family name first in the first only."""
    return "," in manners[0] and not any("," in manner for manner in manners[1:])


def _ends_like_a_name(text: str, match: re.Match[str], manner: str) -> bool:
    """Whether what comes after a match is what comes after a name."""
    if manner == "family":
        return True
    after = _MARKS.match(text, match.end())
    rest = text[after.end() if after else match.end() :][:12].lstrip()
    dots_end = "dotted" in manner or manner == "family, given"
    if dots_end and match["given"] and match[0].rstrip().endswith("."):
        return True
    if manner.endswith("given family") and not re.match(
        r"[,;.]|and\s|und\s|y\s|&|et\s", rest
    ):
        return False
    return not rest or bool(
        re.match(r"[,;.:(&“‘\"«\[]|(?:and|und|et|y|e|i)\s|\d{4}|…", rest)
    )


def _next_follows(text: str, end: int, manner: str) -> bool:
    """Whether lists such as `Goss DL. Moore JH. Title` go on without a comma."""
    gap = re.match(r"\.?\s", text[end : end + 2])
    if gap is None and text[end - 1 : end] != " ":
        return False
    match = _PATTERNS[manner].match(text, end + (gap.end() if gap else 0))
    if match is None or manner not in ("family, dotted", "family bare"):
        return False
    return manner == "family, dotted" or text[match.end() : match.end() + 2] == ". "


def _csl(match: re.Match[str]) -> dict[str, str]:
    parts = match.groupdict()
    if parts["family"] in _GROUP_WORDS:
        return {"literal": " ".join(match[0].split())}
    behind = parts.get("behind") or ""
    name = {"family": " ".join(f"{behind} {parts['family']}".split())}
    given = (parts.get("given") or "").strip().strip(",")
    if given:
        name["given"] = " ".join(given.split())
    if parts.get("suffix"):
        name["suffix"] = parts["suffix"]
    return name


def _organisation(text: str) -> Names:
    match = _ORGANISATION.match(text)
    if match is None or not _ORGANISATION_WORD.search(match[0]):
        return Names()
    if _INITIALS_SOMEWHERE.search(_COUNTRY.sub("", match[0])):
        return Names()
    return Names(({"literal": match[0].strip(" ,")},), end=match.end())
