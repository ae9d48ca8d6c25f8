"""A person as a byline writes one: the parts of a name, and the credentials after it.

A stretch of text either is somebody's name, or consists of credentials, or is neither;
which of them is decided by its words alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from content_models import credential_vocabulary as vocabulary

Role = Literal["author", "reviewer", "editor"]

# A nickname is a word of a name; while a byline is read, marks of the private use area
# stand for its brackets and quotes.
NICKNAME_STARTS, NICKNAME_ENDS = "\ue010\ue011", "\ue012\ue013"
_NICKNAME_MARKS = str.maketrans(NICKNAME_STARTS + NICKNAME_ENDS, '(")"')

_PREFIXES = {
    "dr": "Dr.", "prof": "Prof.", "professor": "Prof.", "mr": "Mr.", "mrs": "Mrs.",
    "ms": "Ms.", "mx": "Mx.", "rev": "Rev.", "reverend": "Rev.", "sir": "Sir",
    "doctor": "Dr.", "drs": "Dr.", "dra": "Dra.", "fr": "Fr.", "sister": "Sister",
    "rabbi": "Rabbi", "hon": "Hon.", "sra": "Sra.", "dott": "Dott.", "miss": "Miss",
}  # fmt: skip
# Military and uniformed services; kept as written. "Major" and "Pvt" may be names.
_RANK = re.compile(
    r"(?:(?:lt|maj|brig)\.?\s?(?:col|gen|cdr|cmdr)|(?:1st|2nd|first|second)\slt"
    r"|col|colonel|ltc|ltcol|maj|cpt|capt|captain|lcdr|cdr|cmdr|commander|lt|lieutenant"
    r"|1lt|2lt|gen|general|bg|mg|radm|ssgt|sgt|sfc|msgt|cpl)\.?"
    r"(?:\s[\ue010(](?:ret|retired|usa|usn|usaf|usphs)\.?[\ue012)])?\s(?=[^\W\d_]+\.?\s)",
    re.IGNORECASE,
)
SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
_PARTICLE_WORDS = """
    al ap bin da das de del della den der di do dos du el la las le los mac st ten
    ter van von y zu zum
"""
PARTICLES = frozenset(_PARTICLE_WORDS.split())
# Words of job titles and of organisations: a stretch with one of them is no name.
_TITLE_AND_ORGANISATION_WORDS = """
    academy acupuncturist advisor advisory aide alliance american analyst assistant
    associate associates association audiologist author board cardiologist care
    center centers centre ceo certified chair chairman chief chiropractor clinic
    clinical clinician clinics coach collaborative college columnist company
    consultant contributing contributor contributors coordinator corp corporation
    correspondent council counselor dental dentist department dermatologist
    dietitian director doctor doctors editor editorial education executive expert
    faculty federation fitness foundation founder group guest gym head health
    healthcare hospital hygienist inc institute institutes instructor intern
    investigator journalist lead lecturer licensed llc llp ltd magazine manager
    marketing md medical medicine member midwife ministry national network
    neurologist nurse nurses nutrition nutritionist officer optometrist orthopaedic
    orthopaedics orthopedic orthopedics owner paramedic partner partners pathologist
    pediatric pediatrician performance pharmacist physical physician physicians
    physiotherapist physiotherapy pllc podiatrist practice practitioner president
    principal private professor program project psychologist publisher recovery
    registered rehab rehabilitation reporter research researcher residency resident
    school scientist senior service services society spa specialist sports staff
    student studio surgeon surgery systems team technician therapies therapist
    therapists therapy trainer trainers treatment united university vice vision
    volunteer wellness writer
"""
_TITLE_WORDS = frozenset(_TITLE_AND_ORGANISATION_WORDS.split())
_NOBODYS_NAMES = """
    admin administrator anonymous editor editors guest root staff unknown webmaster
    the our us
"""
_NOBODY = frozenset(_NOBODYS_NAMES.split())
# A letter, then letters with the marks that names hold; or initials with full stops.
_NAME_WORD = re.compile(r"(?:[^\W\d_][’'‘`\-‐.]?)+|[\ue010\ue011]\w+[\ue012\ue013]")
# What is said of a person before the name ends in one: "Physiotherapist Ann Lee".
_PROFESSION_WORDS = """
    acupuncturist audiologist author ceo chiropractor coach columnist contributor
    correspondent counselor dentist dietitian director editor founder instructor
    midwife nurse nutritionist optometrist owner pathologist pediatrician pharmacist
    physician physiotherapist podiatrist practitioner president psychologist
    reporter surgeon therapist trainer writer
"""
_PROFESSIONS = frozenset(_PROFESSION_WORDS.split())
_UNKNOWN_CREDENTIAL = re.compile(r"[A-Za-z][A-Za-z0-9./*-]{1,14}")
# "EdD(c)": a doctorate that is not finished.
_CANDIDATE = re.compile(
    r"([A-Za-z.]{2,8})\s?[\ue010(](?:c|cand|candidate)\.?[\ue012)]", re.IGNORECASE
)
QUALIFIERS = {"ret": "Ret.", "retired": "Ret.", "cand": "Cand.", "candidate": "Cand."}
# Words that begin a certificate's abbreviation, as in "Cert. MDT".
_LEADERS = frozenset({"Cert", "Dip"})
_ONLY_INITIALS = re.compile(r"(?:[A-Z]\.){2,4}")
_LONGEST_NAME = 6
_LONGEST_CREDENTIALS = 120
_LONGEST_STRETCH = 16


@dataclass(frozen=True)
class PostNominal:
    """One credential as its holder writes it; `known` is what the vocabulary says."""

    text: str
    known: vocabulary.KnownCredential | None = None

    @property
    def is_known(self) -> bool:
        return self.known is not None


@dataclass(frozen=True)
class Person:
    """One person of a byline. Credentials keep the order in which they were given."""

    given: str = ""
    family: str = ""
    prefix: str = ""
    suffix: str = ""
    credentials: tuple[PostNominal, ...] = ()
    job_title: str = ""
    role: Role = "author"
    # The day that stands beside the name: of writing, or of the review.
    dated: date | None = None

    @property
    def name(self) -> str:
        """Given and family names, without prefix, suffix or credentials."""
        return " ".join(part for part in (self.given, self.family) if part)


@lru_cache(maxsize=4096)
def credentials_in(text: str) -> tuple[PostNominal, ...] | None:
    """The credentials that all of `text` consists of, or None if some is not."""
    if len(text) > _LONGEST_CREDENTIALS:
        return None
    candidate = _CANDIDATE.fullmatch(text)
    if candidate:
        written = text.translate(_NICKNAME_MARKS)
        return (PostNominal(written),) if _one_credential(candidate[1]) else None
    whole = _known(text, any_case=True)
    if whole:
        return (whole,)
    words = text.replace("/", " / ").split() if "/" in text else text.split()
    found: list[PostNominal] = []
    while words:
        size, credential = _first_credential(words)
        if credential is None:
            return None
        found.append(credential)
        words = words[size:]
        if words[:1] == ["/"]:
            words = words[1:]
    return tuple(found) or None


def credentials_before_title(text: str) -> tuple[tuple[PostNominal, ...], str]:
    """`DPT Clinic Director`: the known credentials that a job title follows, and it."""
    words = text.split()
    for place in range(1, min(len(words), 4)):
        if words[place].split("/")[0].lower() in _TITLE_WORDS:
            held = credentials_in(" ".join(words[:place]))
            if held and all(each.is_known for each in held):
                return held, " ".join(words[place:])
            break
    if _ONLY_INITIALS.fullmatch(text):
        # "M.B., B.S." after a name.
        return (PostNominal(text.replace(".", "")),), ""
    return (), text


def _first_credential(words: Sequence[str]) -> tuple[int, PostNominal | None]:
    """The credential that `words` begin with, and how many of them it takes."""
    for size in (3, 2):
        known = _known(" ".join(words[:size])) if len(words) >= size else None
        if known:
            return size, known
    credential = _one_credential(words[0])
    following = words[1].strip(".").lower() if len(words) > 1 else ""
    if credential and following in QUALIFIERS:
        # A retired trainer or a candidate does not hold what the letters stand for.
        return 2, PostNominal(f"{credential.text} {QUALIFIERS[following]}")
    if words[0].rstrip(".") in _LEADERS and following and _one_credential(words[1]):
        return 2, PostNominal(f"{words[0].rstrip('.')}. {words[1]}")
    return 1, credential


def _one_credential(word: str) -> PostNominal | None:
    # The degrees that are also family names (Ma, Do) count in capitals only.
    known = _known(word) or (_known(word, any_case=True) if len(word) > 2 else None)
    if known or not _UNKNOWN_CREDENTIAL.fullmatch(word):
        return known
    letters = [character for character in word if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    # P.K. are somebody's initials; CPed and FAPWHc are credentials.
    if capitals < 2 or 2 * capitals < len(letters) or re.fullmatch(r"(?:\w\.)+", word):
        return None
    if word.rstrip(".").lower() in SUFFIXES or word.lower() in _TITLE_WORDS:
        return None
    return PostNominal(word.strip("."))


def _known(text: str, *, any_case: bool = False) -> PostNominal | None:
    known = vocabulary.find(text, any_case=any_case)
    if known is None:
        return None
    for spelling in (known.abbreviation, *known.variants):
        if vocabulary.bare(spelling).lower() == vocabulary.bare(text).lower():
            return PostNominal(spelling, known)
    return PostNominal(text, known)


@lru_cache(maxsize=1024)
def person_in(text: str, *, lower_case: bool = False) -> Person | None:
    """The person whose name all of `text` is, with credentials and suffix after it."""
    prefixes = []
    rank = _RANK.match(text)
    if rank and text[rank.start()].isupper() and not text.isupper():
        prefixes.append(rank[0].strip().translate(_NICKNAME_MARKS))
        text = text[rank.end() :]
    words = text.split()
    if not 0 < len(words) <= _LONGEST_STRETCH:
        return None
    while words and words[0].rstrip(".").lower() in _PREFIXES and len(words) > 1:
        prefixes.append(_PREFIXES[words.pop(0).rstrip(".").lower()])
    profession, words = _split_profession(words)
    words, credentials = split_trailing_credentials(words)
    suffix = ""
    if len(words) > 2 and words[-1].rstrip(".,").lower() in SUFFIXES:
        suffix = SUFFIXES[words.pop().rstrip(".,").lower()]
    if not are_name_words(words, lower_case=lower_case):
        return None
    if words[0].rstrip(".").lower() in SUFFIXES:
        return None
    if len(words) < 2 and not prefixes and not credentials and not lower_case:
        return None
    given, family = _given_and_family(words)
    if given[-1:] in NICKNAME_ENDS or NICKNAME_STARTS[0] in given:
        given = given.translate(_NICKNAME_MARKS)
    return Person(
        given, family, " ".join(prefixes), suffix, credentials, job_title=profession
    )


def _split_profession(words: list[str]) -> tuple[str, list[str]]:
    """What is said of a person before the name, and the name's words."""
    for place in range(min(4, len(words) - 2), 0, -1):
        if words[place - 1].lower() in _PROFESSIONS and words[place][:1].isupper():
            return " ".join(words[:place]), words[place:]
    return "", words


def split_trailing_credentials(
    words: list[str],
) -> tuple[list[str], tuple[PostNominal, ...]]:
    """A name's words, and the credentials written after them without a comma."""
    in_capitals = bool(words) and len(words[0]) > 2 and words[0].isupper()
    for start in range(1, len(words)):
        tail = words[start:]
        credentials = credentials_in(" ".join(tail))
        if credentials is None or (start < 2 and in_capitals):
            continue
        # Of a name in capitals only known credentials are parted: the rest is the name.
        # So it is with one word in capitals that is spelt like a family name.
        surely = all(each.is_known for each in credentials)
        if surely and tail[0] not in ("Ma", "Do", "Pa", "Od", "Nd"):
            return words[:start], credentials
        if not in_capitals and start >= 2 and all(map(_looks_unlike_a_name, tail)):
            return words[:start], credentials
    return words, ()


def _looks_unlike_a_name(word: str) -> bool:
    return sum(character.isupper() for character in word) >= 2


def are_name_words(words: Sequence[str], *, lower_case: bool = False) -> bool:
    if not 1 <= len(words) <= _LONGEST_NAME:
        return False
    if (len(words) == 1 and words[0].lower() in _NOBODY) or words[0].lower() == "the":
        return False
    if len(words[-1]) < 2 and len(words) > 1:
        # "Sadler S" is of a list of references.
        return False
    # In a particle's place a small letter is right; elsewhere a name has a capital.
    return all(
        _NAME_WORD.fullmatch(word)
        and word.lower() not in _TITLE_WORDS
        and (word[0].isupper() or lower_case or word.lower() in PARTICLES)
        for word in words
    ) and any(word[0].isupper() or lower_case for word in words)


def _given_and_family(words: Sequence[str]) -> tuple[str, str]:
    """Part a name before its last word, or before the particles that lead up to it."""
    split = len(words) - 1
    while split > 1 and words[split - 1].lower().rstrip(".") in PARTICLES:
        split -= 1
    return " ".join(words[:split]), " ".join(words[split:])
