"""What staff paste as a reference, in whatever form, to CSL-JSON with confidences.

What is less sure than `LINE` stays empty: a wrong volume is worse than none, and the
text itself is always kept. Nothing is added that does not stand in the text, except
what the shipped list knows of a journal.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from content_models.citations import formats, identifiers, retractions, splitting
from content_models.citations.fields import LINE, Citation, Field
from content_models.citations.free_text import Reader

__all__ = ["LINE", "LONGEST_CITATION", "Citation", "Field", "parse", "parse_all"]

# Longer than any citation with an abstract's worth of authors; not read beyond.
LONGEST_CITATION = 20_000
# A pasted list, or an export of a reference manager.
LONGEST_TEXT = 2_000_000

NOTHING = "There is no text."
TOO_LONG = "This could not be read: it is too long for one reference."
SEVERAL = (
    "These are several references: paste them as a list, each on a line of its own."
)
UNREADABLE = "This could not be read as a reference."

_TAG = re.compile(r"<(?!https?:)/?[a-zA-Z][^<>]{0,300}>")
_ADDRESS_IN_BRACKETS = re.compile(r"<(https?://[^<>\s]{3,1000})>", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:(?:references?|sources?|citations?|cited|adapted from)\s?:\s*)?"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)](?=\s)|\d{1,3}(?=\s[^\W\d_])|[•*·–-]\s)?\s*"
    # Of wikis: "↑ Jump up to: 1.0 1.1"
    r"(?:[↑^]\s?(?:jump up(?: to)?:?\s?)?(?:\d{1,3}\.\d{1,2}\s){0,20})?",
    re.IGNORECASE,
)
_FOOTNOTE_MARKS = re.compile(r"\s?[*†‡§¶]{1,5}(?=\s?[,;])")
# 2019;20(1):463 stands once in a reference.
_LOCATED = re.compile(
    r"\b(?:19|20)\d\d\s?;\s?\d{1,4}\s?(?:\(\d{1,4}\))?:\s?[A-Za-z]?\d"
)
# After it stands where an erratum or a comment was printed.
_OTHER_S = re.compile(r"\b(?:erratum|corrected|republished|comment)\s", re.IGNORECASE)
_BARE_PMID = re.compile(r"\d{5,8}")
# A name or a number alone describes no work.
_DESCRIBING = {"title", "container-title", "DOI", "PMID", "PMCID", "URL", "ISBN"}


def parse(text: str) -> Citation:
    """Read one reference. Never raises; a text that is none has no fields.

    Then `problem` says why, in a sentence.
    """
    raw = text.strip()
    if not raw:
        return Citation(raw, problem=NOTHING)
    if len(raw) > LONGEST_CITATION:
        return Citation(raw, problem=TOO_LONG)
    structured = formats.read(raw)
    if structured:
        return structured[0] if len(structured) == 1 else Citation(raw, problem=SEVERAL)
    bare = _bare_identifier(raw)
    if bare:
        return bare
    if _are_several(raw):
        return Citation(raw, problem=SEVERAL)
    reader = Reader(_cleaned(raw))
    reader.read()
    return _judged(raw, reader)


def parse_all(text: str) -> list[Citation]:
    """Read a pasted list of references, or an export of a reference manager."""
    if len(text) > LONGEST_TEXT:
        return [Citation(text.strip(), problem=TOO_LONG)]
    structured = formats.read(text.strip())
    if structured:
        return structured
    if len(text) > LONGEST_CITATION and "\n" not in text.strip():
        return [Citation(text.strip(), problem=TOO_LONG)]
    return [parse(each) for each in splitting.split(text) if each.strip()]


def _judged(raw: str, reader: Reader) -> Citation:
    """What was read, parted by the line of confidence."""
    fields = reader.fields
    year = fields.get("issued")
    if year and year.value["date-parts"][0][0] > datetime.now(UTC).year + 1:
        fields["issued"] = Field(year.value, 0.3)
    sure = {k: v for k, v in fields.items() if v.confidence >= LINE}
    doubtful = {k: v for k, v in fields.items() if v.confidence < LINE}
    if not sure.keys() & _DESCRIBING:
        sure = {}
    incomplete = reader.authors_incomplete and "author" in sure
    return Citation(raw, sure, incomplete, doubtful, "" if sure else UNREADABLE)


def _cleaned(text: str) -> str:
    if "<" in text:
        text = _TAG.sub("", _ADDRESS_IN_BRACKETS.sub(r"\1", text))
    if "&" in text:
        text = html.unescape(text)
    if not text.isprintable():
        text = "".join(each if each.isprintable() else " " for each in text)
    text = _FOOTNOTE_MARKS.sub("", " ".join(text.split()))
    return text[_LABEL.match(text).end() :]  # type: ignore[union-attr]


def _are_several(text: str) -> bool:
    """Whether references ran together; a line break alone parts none."""
    if not splitting.may_be_several(text):
        return False
    own = _OTHER_S.split(retractions.told(text).text, maxsplit=1)[0]
    if len(_LOCATED.findall(own)) > 1:
        return True
    found = splitting.split(text)
    return len(found) > 1 and sum(map(splitting.has_year, found)) > 1


def _bare_identifier(text: str) -> Citation | None:
    """A DOI, a PubMed id or an ISBN that stands alone, as an address or as it is."""
    if len(text) > 2 * identifiers.DOI_LENGTH or len(text.split()) > 4:
        return None
    for name, normalise, kind in (
        ("DOI", identifiers.normalise_doi, "article-journal"),
        ("PMCID", identifiers.normalise_pmcid, "article-journal"),
        ("ISBN", identifiers.normalise_isbn, "book"),
        ("PMID", identifiers.normalise_pmid, "article-journal"),
    ):
        try:
            value = normalise(text)
        except identifiers.IdentifierError:
            continue
        sure = 0.8 if name == "PMID" and text.isdigit() else 0.99
        if sure < 0.9 and not _BARE_PMID.fullmatch(text):
            return None
        return Citation(text, {name: Field(value, sure), "type": Field(kind, 0.6)})
    return None
