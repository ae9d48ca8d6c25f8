"""References as the works that they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .nodes import Node, node

# CSL-JSON's types that ours are of.
_TYPES = {
    "article-journal": "ScholarlyArticle",
    "book": "Book",
    "chapter": "Chapter",
    "report": "Report",
    "webpage": "WebPage",
    "dataset": "Dataset",
    "thesis": "Thesis",
}
_WITH_PAGES = ("ScholarlyArticle", "Chapter", "Report")


def reference(shown: Mapping[str, Any]) -> Node:
    """A reference's own document, or a reference as an article lists it."""
    csl = shown.get("csl") or {}
    type = _TYPES.get(csl.get("type", ""), "CreativeWork")
    doi, pmid = shown.get("doi"), shown.get("pmid")
    addresses = _addresses(doi, pmid)
    own = csl.get("URL")
    return node(
        type,
        {
            "@id": next(iter([*addresses, own or f"urn:uuid:{shown['id']}"])),
            "identifier": [
                _identifier("DOI", doi),
                _identifier("PMID", pmid),
                f"urn:uuid:{shown['id']}",
            ],
            "sameAs": addresses,
            "url": own or next(iter(addresses), None),
            "name": csl.get("title"),
            "author": [_author(one) for one in csl.get("author") or []],
            "datePublished": _date(csl.get("issued")),
            "publisher": _named("Organization", csl.get("publisher")),
            "pagination": csl.get("page") if type in _WITH_PAGES else None,
            "isPartOf": _container(type, csl),
        },
    )


def _addresses(doi: str | None, pmid: str | None) -> list[str]:
    addresses = []
    if doi:
        addresses.append(f"https://doi.org/{quote(doi, safe='/:;()')}")
    if pmid:
        addresses.append(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/")
    return addresses


def _identifier(name: str, value: str | None) -> Node:
    if not value:
        return {}
    return node("PropertyValue", {"propertyID": name, "value": value})


def _author(name: Mapping[str, Any]) -> Node:
    if name.get("literal"):
        return _named("Organization", name["literal"])
    parts = {"givenName": name.get("given"), "familyName": name.get("family")}
    whole = " ".join(part for part in parts.values() if part)
    return node("Person", {"name": whole, **parts})


def _date(issued: Mapping[str, Any] | None) -> str | None:
    """As exact as it is known: `2019`, `2019-05` or `2019-05-01`."""
    parts = ((issued or {}).get("date-parts") or [[]])[0]
    if not parts:
        return None
    year, *rest = parts
    return "-".join([f"{int(year):04}", *(f"{int(part):02}" for part in rest)])


def _container(type: str, csl: Mapping[str, Any]) -> Node:
    """What the work stands in: for an article issue, volume and journal."""
    title = csl.get("container-title")
    if type == "Chapter":
        return _named("Book", title)
    if type != "ScholarlyArticle":
        return _named("CreativeWork", title)
    short = csl.get("container-title-short")
    whole = node("Periodical", {"name": title, "alternateName": short})
    if csl.get("volume"):
        number = {"volumeNumber": csl["volume"]}
        whole = node("PublicationVolume", {**number, "isPartOf": whole})
    if csl.get("issue"):
        number = {"issueNumber": csl["issue"]}
        whole = node("PublicationIssue", {**number, "isPartOf": whole})
    return whole


def _named(type: str, name: str | None) -> Node:
    return node(type, {"name": name})
