"""The post-nominals that a clinic in the United States meets, from a shipped list.

The list (`credential_types.tsv`) tells the byline parser what is a credential, and it
is what the table of credential types is filled from; staff may add their own.

`rank` is the customary place in a byline, lower first, in steps that leave room for
types of one's own. It follows the advice of the professions' own bodies, which do not
agree, so each profession's licence stands where its body puts it:

- physical therapists: licence, then degree, then specialist certification, then the
  rest (APTA, House of Delegates position "Designations": PT, DPT, OCS; FAPTA last);
- nurses: highest degree, licence, state designation, national certification, awards
  and honours (ANCC, "How to Display Your Credentials": PhD, RN, APRN, FNP-BC, FAAN);
- athletic trainers, speech-language pathologists, dietitians, occupational therapists
  and physicians: degree before licence or certificate, fellowships last (NATA, ASHA,
  Academy of Nutrition and Dietetics, AOTA; AMA Manual of Style 11, 2.2.3, "Degrees").

Where an author writes another order, that order wins; see `Author.credentials_on`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

_LIST = Path(__file__).with_name("credential_types.tsv")


class Kind(StrEnum):
    DEGREE = "degree"
    LICENCE = "licence"
    # A title that a state gives to holders of a licence: APRN, NP.
    DESIGNATION = "designation"
    CERTIFICATION = "certification"
    HONOUR = "honour"


class KnownCredential(NamedTuple):
    """An abbreviation as it is printed, and what is known about it."""

    abbreviation: str
    name: str
    kind: Kind
    rank: int
    # Other spellings, beyond dots, spaces and hyphens, which never make a difference.
    variants: tuple[str, ...] = ()
    issuer: str = ""

    @property
    def stored_kind(self) -> Kind:
        """The kind under which a credential type is kept and published.

        The API promises four kinds: a state's designation is published as a licence.
        """
        return Kind.LICENCE if self.kind is Kind.DESIGNATION else self.kind


def _rows() -> Iterator[KnownCredential]:
    for line in _LIST.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            abbreviation, kind, rank, name, issuer, others = line.split("\t")
            variants = tuple(filter(None, others.split("; ")))
            yield KnownCredential(
                abbreviation, name, Kind(kind), int(rank), variants, issuer
            )


VOCABULARY: tuple[KnownCredential, ...] = tuple(_rows())


def bare(text: str) -> str:
    """`text` without what writers vary freely: dots, spaces, hyphens and slashes."""
    return "".join(filter(str.isalnum, text))


@cache
def _by_spelling() -> dict[str, KnownCredential]:
    spellings: dict[str, KnownCredential] = {}
    for known in VOCABULARY:
        for spelling in (known.abbreviation, *known.variants):
            spellings.setdefault(bare(spelling), known)
    return spellings


@cache
def _by_folded_spelling() -> dict[str, KnownCredential]:
    return {spelling.lower(): known for spelling, known in _by_spelling().items()}


def find(text: str, *, any_case: bool = False) -> KnownCredential | None:
    """The credential that `text` spells, or None.

    Capitals count unless `any_case`: "MA" is a degree, "Ma" a family name.
    """
    key = bare(text)
    if any_case:
        return _by_folded_spelling().get(key.lower())
    return _by_spelling().get(key)
