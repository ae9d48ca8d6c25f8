"""What surrounds the description of a work: identifiers, addresses, dates of access.

They are taken out of the text first, since they stand in any place and nothing else
looks like them.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from content_models.citations import dates, identifiers, retractions
from content_models.citations.fields import Field

_URL = re.compile(
    r"\b(?:https?://|www\.|(?:[a-z0-9-]{1,60}\.){1,4}(?:org|com|gov|edu|net|int)/)"
    r"[^\s<>\"“”]{3,1000}",
    re.IGNORECASE,
)
# What publishers' addresses have after a DOI, and is no part of it.
_AFTER_DOI = re.compile(
    r"(?:[?#&].*|/(?:full|abstract|abs|pdf|epdf|pdfplus|fulltext|html|meta|references)"
    r"(?:/.*)?|\.(?:pdf|full|abstract|html?))$",
    re.IGNORECASE,
)
# What stands around identifiers and is no part of the work's description.
_CLUTTER = re.compile(
    r"\b(?:NIHMSID:?\s?(?:NIHMS\d{1,9})?|PMCID\s?:?\s?|PubMed\s\[journal\]|"
    r"\[?PubMed(?:\sCentral)?\]?(?=\s?\W*$)|"
    r"[,;]?\s?\(?\[?(?:online |e?pub )?ahead of print\b\.?,?\]?\)?|\[Preprint\]\.?|"
    r"(?<=[.,]\s)(?:first )?published online(?: first)?\b:?"
    r"(?=\W*(?:19|20)\d\d|\W*$|\s[A-Z])|"
    r"Epub\s(?:\d{4}\s\w{3,9}(?:\s\d{1,2})?)\.?|"
    r"(?:Available|Retrieved|Accessed)\s(?:from|at|via|on|online)?:?\s?(?=$|\W*$)|"
    r"(?:Dispon[ií](?:ble|vel)|Verfügbar|Abrufbar|Abgerufen|Recuperado)\s"
    r"(?:en|sur|em|à|unter|von|de)?\s?:?\s?(?=$|\W*$)|"
    r"in press\b|\bS\d{4}-\d{3}[\dX]\(\d{2}\)\d{5}-[\dX]|"
    r"\[?(?:Google Scholar|CrossRef|Free (?:PMC )?article|Internet|online|en ligne"
    r"|en línea)\]\.?|(?:Google Scholar|CrossRef)\b)"
    r"|\[(?:Google Scholar|CrossRef|PubMed|Internet|Medline|Article|Full Text)\]\.?"
    r"|\(\*[^()]{0,60}\)|[(\[](?:in press|forthcoming)[)\]]\.?",
    re.IGNORECASE,
)
_ACCESSED = re.compile(
    r"[\[(]?\b(?:(?:last\s)?accessed|retrieved|cited|viewed|consult(?:é|ado)|citado"
    r"|acess(?:o|ado)|zugriff|abgerufen|zuletzt\s(?:geprüft|abgerufen))"
    rf"(?:\s(?:on|le|el|em|am))?:?\s(?P<day>{dates.DAY})[\])]?[.,;]?"
    r"(?:\s(?:from|de):?)?",
    re.IGNORECASE,
)
# Of web pages: "Updated October 12, 2021."
_DATED = re.compile(
    r"(?:\blast\s)?\b(?:updated|reviewed|modified|published|actualizado|mis à jour)"
    rf"(?:\s(?:on|el|le))?:?\s(?P<day>{dates.DAY})\.?(?=\s|$)",
    re.IGNORECASE,
)
_ISBN_LABEL = re.compile(
    r"\bISBN(?:-1[03])?:?\s?(?P<isbn>[\d][\d\s‐–-]{8,16}[\dXx])\b", re.IGNORECASE
)
# Where spaces were lost: "EM.Clinical update.Lancet2007;370".
_RUN_TOGETHER = re.compile(
    r"(?<=[A-Za-z]\.)(?=[A-Z][a-z]{2})|(?<=[a-z])(?=(?:19|20)\d\d;)"
)
# Without any of these a text has no date of access and no clutter.
_CLUES = (
    "access", "retrieved", "cited", "viewed", "consult", "citado", "acess", "zugriff",
    "abger", "zuletzt", "nihms", "pmc", "pubmed", "print", "published online", "epub",
    "availab", "dispon", "verfügbar", "abrufbar", "recuperado", "[", "scholar", "press",
    ")0", ")1", ")2", ")3", "crossref", "(*", "updated", "reviewed", "published",
    "modified", "actualizado",
)  # fmt: skip
_NCBI = "ncbi.nlm.nih.gov"


class Surroundings(NamedTuple):
    """The text that is left, and the fields that stood around it."""

    text: str
    fields: dict[str, Field]


def taken_from(text: str) -> Surroundings:
    fields: dict[str, Field] = {}
    status, text = retractions.told(text)
    if status:
        fields["status"] = Field(status, 0.95)
    text = _without_identifiers(text, text.lower(), fields)
    text = _without_addresses(text, fields)
    lower = text.lower()
    if not any(clue in lower for clue in _CLUES):
        return Surroundings(_trimmed(text), fields)
    dated = _DATED.search(text)
    if dated:
        known = dates.day(dated["day"])
        if known:
            parts = {"date-parts": [[known.year, known.month, known.day]]}
            fields["issued"] = Field(parts, 0.85)
        text = f"{text[: dated.start()]} {text[dated.end() :]}"
    accessed = _ACCESSED.search(text)
    if accessed:
        day = dates.day(accessed["day"])
        if day:
            parts = {"date-parts": [[day.year, day.month, day.day]]}
            fields["accessed"] = Field(parts, 0.95)
        text = f"{text[: accessed.start()]} {text[accessed.end() :]}"
    return Surroundings(_trimmed(_CLUTTER.sub(" ", text)), fields)


def _trimmed(text: str) -> str:
    if " // " in text:
        # As Russian lists do it: Title // Journal. — 2019. — Vol. 160.
        text = text.replace(" // ", ". ").replace(". — ", ", ")
    text = _RUN_TOGETHER.sub(" ", text)
    text = " ".join(text.split()).rstrip(" ,;:")
    return text.removesuffix("doi").removesuffix("DOI").rstrip(" ,;:[(")


def _without_identifiers(text: str, lower: str, fields: dict[str, Field]) -> str:
    doi = identifiers.find_doi(text) if "10." in text else None
    if doi:
        value, sure = _plain_doi(text, doi)
        fields["DOI"] = Field(value, sure)
        address = next(
            (
                each
                for each in _URL.finditer(text)
                if each.end() >= doi.end > each.start()
            ),
            None,
        )
        start, end = address.span() if address else (doi.start, doi.end)
        text = f"{text[:start]} {text[max(end, doi.end) :]}"
    for name, find, clue in (
        ("PMID", identifiers.find_pmid, "pubmed" if "pubmed" in lower else "pmid"),
        ("PMCID", identifiers.find_pmcid, "pmc"),
    ):
        found = find(text) if clue in lower else None
        if found:
            fields[name] = Field(found.value, 0.99)
            text = _cut_address(text, found)
    isbn = _ISBN_LABEL.search(text) if "isbn" in lower else None
    if isbn:
        try:
            fields["ISBN"] = Field(identifiers.normalise_isbn(isbn["isbn"]), 0.99)
        except identifiers.IdentifierError:
            fields["ISBN"] = Field(isbn["isbn"], 0.2)
        text = f"{text[: isbn.start()]} {text[isbn.end() :]}"
    return text


def _plain_doi(text: str, doi: identifiers.Found) -> tuple[str, float]:
    """A DOI as it stands, or out of a publisher's address without what follows it."""
    before = text[max(0, doi.start - 200) : doi.start].rsplit(" ", 1)[-1]
    address = before + text[doi.start : doi.end].split("10.", 1)[0]
    if "/" in address and "doi.org" not in address.lower():
        return _AFTER_DOI.sub("", unquote(doi.value)).rstrip(".,;"), 0.95
    return unquote(doi.value) if "%" in doi.value else doi.value, 0.99


def _cut_address(text: str, found: identifiers.Found) -> str:
    for address in _URL.finditer(text):
        if address.start() <= found.start < address.end():
            return f"{text[: address.start()]} {text[address.end() :]}"
    return f"{text[: found.start]} {text[found.end :]}"


def _without_addresses(text: str, fields: dict[str, Field]) -> str:
    address = _URL.search(text) if "/" in text or "www." in text else None
    if address is None:
        return text
    url = address[0].rstrip(".,;)]'’”")
    if _NCBI not in url:
        has_scheme = url.lower().startswith("http")
        fields["URL"] = Field(url if has_scheme else f"https://{url}", 0.95)
    return _URL.sub(" ", text)
