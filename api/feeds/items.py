"""What stands in a feed, whatever its format: articles, and what was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from api.documents.changes import Departure
from api.documents.reading import Withdrawal

# XML can say none of these, not even escaped (XML 1.0, section 2.2).
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The words that are ours, and not the practice's.
WORDS = {
    "en": {
        "articles": "Articles",
        "correction": "Correction of {day}: {note}",
        "ended": "This article is no longer offered",
        "instead": "Read this instead",
        "references": "References",
        "withdrawn": "This article was withdrawn",
    },
    "es": {
        "articles": "Artículos",
        "correction": "Corrección del {day}: {note}",
        "ended": "Este artículo ya no se ofrece",
        "instead": "Lea esto en su lugar",
        "references": "Referencias",
        "withdrawn": "Este artículo fue retirado",
    },
}


@dataclass(frozen=True)
class Person:
    """Somebody in a byline; `url` is where readers find more of them."""

    name: str
    url: str | None


@dataclass(frozen=True)
class Item:
    """One article as a feed shows it.

    `id` never changes, not even when the slug does. `html` is the text with its
    corrections, references and attribution, as far as the channel is entitled to it.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    image: str | None
    authors: Sequence[Person]
    categories: Sequence[str]
    published_at: datetime
    updated_at: datetime
    language: str
    # What only we say: who reviewed it and when, and what it rests on.
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Withdrawn:
    """What a feed says of an article that was in it and is gone.

    Not where it was: whoever has it knows it by its id, and nobody else need hear.
    """

    id: str
    title: str
    html: str
    at: datetime
    language: str
    kind: str
    reason: str | None
    replacement: str | None


@dataclass(frozen=True)
class Feed:
    """A page of a channel's newest articles, and what left the channel lately.

    `url` is this page's and `next` that of those before them; `id` is the same on all
    pages. `home` is the practice's site.
    """

    id: str
    url: str
    next: str | None
    title: str
    publisher: str
    home: str
    language: str
    updated_at: datetime
    items: Sequence[Item]
    withdrawn: Sequence[Withdrawn]


def item_of(document: Mapping[str, Any]) -> Item:
    """The article `document`, as the API serves it in full on the feed's channel."""
    image = document["image"]
    return Item(
        id=urn(document["id"]),
        url=document["canonical_url"] or document["url"],
        title=sayable(document["title"]),
        summary=sayable(document["summary"]),
        html=sayable(_html(document)),
        image=image["renditions"][-1]["url"] if image and image["renditions"] else None,
        authors=[
            Person(sayable(one["byline"]), one["canonical_url"])
            for one in document["authors"]
        ],
        categories=[
            sayable(one["name"]) for one in document["categories"] + document["tags"]
        ],
        published_at=_moment(document["published_at"]),
        updated_at=_moment(document["updated_at"]),
        language=document["locale"],
        about={
            "url": document["url"],
            "version": document["version"],
            "last_reviewed": document["last_reviewed_on"],
            "reviewed_by": [
                {"name": one["byline"], "on": one["reviewed_on"]}
                for one in document["reviewers"]
            ],
            "references": [
                {"text": one["text"], "doi": one["doi"], "url": one["url"]}
                for one in document.get("references", ())
            ],
        },
    )


def withdrawn_of(departure: Departure) -> Withdrawn:
    """What is said instead of an article: nothing that stood in it, and why."""
    left, words = departure.left, WORDS[departure.locale]
    is_wrong = left.kind == Withdrawal.WITHDRAWN
    title = words["withdrawn" if is_wrong else "ended"]
    parts = [_paragraph(left.reason or title)]
    if left.replacement:
        link = '<p><a href="{}">{}</a></p>'
        parts.append(format_html(link, left.replacement, words["instead"]))
    return Withdrawn(
        id=urn(departure.id),
        title=title,
        html=sayable("\n".join(parts)),
        at=left.withdrawn_at,
        language=departure.locale,
        kind=left.kind,
        reason=left.reason and sayable(left.reason),
        replacement=left.replacement,
    )


def urn(id: object) -> str:
    """The id in a form that feeds take (RFC 9562, section 4)."""
    return f"urn:uuid:{id}"


def sayable(text: str) -> str:
    """`text` without what no XML may contain."""
    return _UNSAYABLE.sub("", text)


def _html(document: Mapping[str, Any]) -> str:
    words = WORDS[document["locale"]]
    corrections = [
        _paragraph(words["correction"].format(day=one["date"], note=one["note"]))
        for one in document["corrections"]
    ]
    # A channel that carries summaries has no text to show.
    text = document.get("body_html") or _paragraph(document["summary"])
    return "\n".join(
        filter(
            None,
            [
                *corrections,
                text,
                _references(document.get("references", ()), words["references"]),
                document["attribution"]["html"],
            ],
        )
    )


def _references(references: Iterable[Mapping[str, Any]], heading: str) -> SafeString:
    """As a list in the numbers by which the text names them."""
    items = [
        # Written by the citation processor, which escapes what it is given.
        (one["number"], one["number"], mark_safe(one["html"]))  # noqa: S308
        for one in references
    ]
    if not items:
        return mark_safe("")
    listed = format_html_join("\n", '<li id="ref-{}" value="{}">{}</li>', items)
    return format_html("<h2>{}</h2>\n<ol>\n{}\n</ol>", heading, listed)


def _paragraph(text: str) -> SafeString:
    return format_html("<p>{}</p>", text) if text else mark_safe("")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
