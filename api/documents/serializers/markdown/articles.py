"""An article: its text, who answers for it, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bodies import markdown
from .writing import escaped, line, link, picture


def front(document: Mapping[str, Any]) -> dict[str, Any]:
    attribution = document.get("attribution") or {}
    license = attribution.get("license") or {}
    return {
        "description": document.get("summary"),
        "byline": document.get("byline"),
        "authors": [_person(one) for one in document.get("authors") or []],
        "reviewed_by": [
            {**_person(one), "reviewed_on": one.get("reviewed_on")}
            for one in document.get("reviewers") or []
        ],
        "last_reviewed": document.get("last_reviewed_on"),
        "next_review": document.get("next_review_on"),
        "published": document.get("published_at"),
        "categories": _names(document, "categories"),
        "tags": _names(document, "tags"),
        "publisher": attribution.get("publisher"),
        "attribution": attribution.get("text"),
        "license": license.get("name"),
        "license_url": license.get("url"),
    }


def blocks(document: Mapping[str, Any]) -> list[str]:
    return [
        f"# {line(document.get('title'))}",
        line(document.get("summary")),
        _responsible(document),
        picture(document.get("image")),
        markdown(document.get("body_html")),
        _corrections(document.get("corrections") or []),
        *_references(document.get("references") or []),
        _attribution(document),
    ]


def _person(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": shown.get("name"),
        "credentials": shown.get("post_nominals"),
        "job_title": shown.get("job_title"),
        "url": shown.get("canonical_url"),
    }


def _names(document: Mapping[str, Any], relation: str) -> list[str]:
    return [one["name"] for one in document.get(relation) or []]


def _responsible(document: Mapping[str, Any]) -> str:
    """Who wrote and who reviewed it, a line each."""
    lines = [f"By {line(document['byline'])}"] if document.get("byline") else []
    for reviewer in document.get("reviewers") or []:
        name = line(reviewer.get("byline") or reviewer.get("name"))
        lines.append(f"Medically reviewed by {name} on {reviewer['reviewed_on']}")
    return "\\\n".join(lines)


def _corrections(corrections: list[Mapping[str, Any]]) -> str:
    items = [f"- {one['date']}: {line(one['note'])}" for one in corrections]
    return "\n".join(["## Corrections", "", *items]) if items else ""


def _references(references: list[Mapping[str, Any]]) -> list[str]:
    """A paragraph each: a list would be numbered anew where a number is left out."""
    return ["## References", *map(_reference, references)] if references else []


def _reference(reference: Mapping[str, Any]) -> str:
    # What the marks in the text lead to.
    anchor = f'<a id="ref-{reference["number"]}"></a>'
    return f"{anchor}[{reference['number']}] {source(reference)}"


def source(reference: Mapping[str, Any]) -> str:
    """The reference in AMA style, with a link to where it is to be read."""
    written = markdown(reference.get("html")) or line(reference.get("text"))
    # In an article's list `url` is where to read it; of its own document, the API's.
    where = "canonical_url" if "canonical_url" in reference else "url"
    address = reference.get(where)
    if not address or "](" in written:
        return written
    return f"{written} {link(escaped(address), address)}"


def _attribution(document: Mapping[str, Any]) -> str:
    attribution = document.get("attribution") or {}
    words, canonical = line(attribution.get("text")), document.get("canonical_url")
    if not words:
        return ""
    license = attribution.get("license") or {}
    name = line(license.get("name"))
    if name and license.get("url"):
        name = link(name, license["url"])
    shown = link(words, canonical) if canonical else words
    return f"{shown}. Licence: {name}" if name else shown
