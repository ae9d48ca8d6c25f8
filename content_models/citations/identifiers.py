"""The numbers by which a publication is known everywhere: DOI, PMID, PMCID.

Each `normalise_…` takes what people paste (bare, labelled or as an address) and returns
the bare identifier, or raises IdentifierError with a sentence for the person who pasted
it. Each `find_…` looks for one inside running text and never raises.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

# The field that keeps a DOI has this length; the longest in use are about half of it.
DOI_LENGTH = 255
_QUOTED = 60

_DOI_LABEL = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:)?doi\s?:?\s?/?)",
    re.IGNORECASE,
)
# Prefix `10.` and a registrant of four digits or more, with subdivisions; then a slash
# and at least one printable character. Angle brackets stand only before digits, as in
# the old DOIs made of SICIs (99:4<539::AID-AJPA3>3.0.CO;2-N); else they belong to HTML.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,5}/(?:[^\s\"<>“”]|[<>](?=\d)){1,255}")
_DOI_IN_TEXT = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|\bdoi\s?:?\s?)?\b" + _DOI.pattern,
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:PMID\s?:?\s?|(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|"
    r"(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/)?([1-9]\d{0,7})/?",
    re.IGNORECASE,
)
_PMID_IN_TEXT = re.compile(
    r"(?:\bPMID\s?:?\s?|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)"
    r"([1-9]\d{0,7})\b",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:PMCID\s?:?\s?|(?:https?://)?(?:pmc\.ncbi\.nlm\.nih\.gov|"
    r"(?:www\.)?ncbi\.nlm\.nih\.gov/pmc)/articles/)?(PMC[1-9]\d{0,8})(?:\.\d{1,2})?/?",
    re.IGNORECASE,
)
_PMCID_IN_TEXT = re.compile(r"\b(PMC[1-9]\d{0,8})\b", re.IGNORECASE)
_ISBN_DIGITS = "0123456789X"
_CLOSERS = {")": "(", "]": "[", "}": "{"}


class IdentifierError(ValueError):
    """What was given cannot be such an identifier; the message is for staff."""


class Found(NamedTuple):
    """An identifier in running text: itself, and where it stands with its label."""

    value: str
    start: int
    end: int


def normalise_doi(text: str) -> str:
    """The bare DOI in small letters, such as `10.1186/s12891-019-2833-4`.

    DOIs do not tell capitals from small letters, so one form stands for all of them.

    Raises IdentifierError.
    Source: ISO 26324; DOI Handbook, chapter "DOI name": a prefix `10.` with the
    registrant's number, a slash, a suffix of any printable characters.
    """
    # Longer than any DOI with its address: cut, so that refusing takes no time either.
    given = "".join(filter(str.isprintable, text[: 2 * DOI_LENGTH])).strip()
    label = _DOI_LABEL.match(given)
    bare = unquote(given[label.end() :]) if label else given
    bare = _without_trailing_punctuation(bare.strip())
    if len(bare) > DOI_LENGTH or not _DOI.fullmatch(bare):
        raise IdentifierError(
            f"“{_quoted(given)}” is not a DOI. A DOI is 10, a full stop, a number, a "
            "slash and the publisher's name for the work, as in "
            "10.1186/s12891-019-2833-4."
        )
    return bare.lower()


def normalise_pmid(text: str) -> str:
    """The bare PubMed number, such as `24679710`.

    Raises IdentifierError.
    Source: NLM, MEDLINE/PubMed data element PMID: 1 to 8 digits, no leading zeros.
    """
    match = _PMID.fullmatch(text.strip())
    if not match:
        raise IdentifierError(
            f"“{_quoted(text)}” is not a PubMed id. A PubMed id (PMID) is a number of "
            "up to eight digits that does not begin with 0, as in 24679710."
        )
    return match[1]


def normalise_pmcid(text: str) -> str:
    """The PubMed Central id without its version, such as `PMC4043395`.

    Raises IdentifierError.
    Source: NLM, PubMed Central: `PMC` and a number; a version may follow after a dot.
    """
    match = _PMCID.fullmatch(text.strip())
    if not match:
        raise IdentifierError(
            f"“{_quoted(text)}” is not a PubMed Central id. It is PMC and a number, "
            "as in PMC4043395."
        )
    return match[1].upper()


def normalise_isbn(text: str) -> str:
    """The bare ISBN of 13 digits, such as `9780803625747`; one of 10 is converted.

    Raises IdentifierError.
    Source: ISO 2108; ISBN Users' Manual, section "Check digit".
    """
    bare = "".join(c for c in text.upper().removeprefix("ISBN") if c in _ISBN_DIGITS)
    given = bare
    if len(given) == 10 and given[:9].isdigit() and _check_10(given) == 0:
        given = f"978{given[:9]}"
        return given + str(-_sum_13(given) % 10)
    if len(given) == 13 and given.isdigit() and _sum_13(given) % 10 == 0:
        return given
    raise IdentifierError(
        f"“{_quoted(text)}” is not an ISBN. An ISBN has 13 digits, or 10 of which the "
        "last may be X, as in 978-0-8036-2574-7."
    )


def _check_10(isbn: str) -> int:
    digits = [10 if digit == "X" else int(digit) for digit in isbn]
    return sum((10 - n) * digit for n, digit in enumerate(digits)) % 11


def _sum_13(isbn: str) -> int:
    return sum((1, 3)[n % 2] * int(digit) for n, digit in enumerate(isbn))


def find_doi(text: str) -> Found | None:
    """The first DOI in running text, with the capitals that stand there."""
    match = _DOI_IN_TEXT.search(text)
    if not match:
        return None
    written = _without_trailing_punctuation(match[0])
    return Found(written[written.index("10.") :], match.start(), match.end())


def find_pmid(text: str) -> Found | None:
    return _found(_PMID_IN_TEXT.search(text))


def find_pmcid(text: str) -> Found | None:
    return _found(_PMCID_IN_TEXT.search(text))


def _found(match: re.Match[str] | None) -> Found | None:
    return Found(match[1], match.start(), match.end()) if match else None


def _without_trailing_punctuation(text: str) -> str:
    """`text` without what belongs to the sentence around it.

    A closing bracket stays when its opening one is inside: old DOIs hold pairs, as in
    `10.1002/(SICI)1097-0142(19990101)85:1`.
    """
    while text:
        last = text[-1]
        opener = _CLOSERS.get(last)
        if opener and text.count(opener) >= text.count(last):
            return text
        if not opener and last not in ".,;:'’”\"":
            return text
        text = text[:-1]
    return text


def _quoted(text: str) -> str:
    text = " ".join(text[: 4 * _QUOTED].split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
