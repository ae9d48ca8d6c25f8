"""A feed as JSON Feed, Atom and RSS.

Sources: JSON Feed 1.1; RFC 4287 with the tombstones of RFC 6721; RSS 2.0 with the
modules `content` and `dc`; RFC 5005, section 3, for pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from .items import Feed, Item, Person, Withdrawn

TEXT = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Format:
    """One format: its ending in addresses, its media type, and how it is written."""

    ending: str
    media_type: str
    title: str
    schema: dict[str, Any]
    write: Callable[[Feed], str]

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset=utf-8"


# --- JSON Feed ----------------------------------------------------------------------


def json_feed(feed: Feed) -> str:
    """JSON Feed 1.1. What is withdrawn keeps its id, so that readers replace it."""
    items = [*map(_json_withdrawn, feed.withdrawn), *map(_json_item, feed.items)]
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.id,
        "next_url": feed.next,
        "language": feed.language,
        "authors": [{"name": feed.publisher, "url": feed.home}],
        "items": items,
    }
    present = _without_none(content)
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"))


def _json_item(item: Item) -> dict[str, Any]:
    return _without_none(
        {
            "id": item.id,
            "url": item.url,
            "title": item.title,
            "summary": item.summary or None,
            "content_html": item.html,
            "image": item.image,
            "date_published": rfc3339_date(item.published_at),
            "date_modified": rfc3339_date(item.updated_at),
            "authors": [_json_person(one) for one in item.authors] or None,
            "tags": item.categories or None,
            "language": item.language,
            "_clinic": item.about,
        }
    )


def _json_person(person: Person) -> dict[str, Any]:
    return _without_none({"name": person.name, "url": person.url})


def _json_withdrawn(gone: Withdrawn) -> dict[str, Any]:
    return {
        "id": gone.id,
        "title": gone.title,
        "content_html": gone.html,
        "date_modified": rfc3339_date(gone.at),
        "language": gone.language,
        "_clinic": {
            "withdrawn": {
                "kind": gone.kind,
                "reason": gone.reason,
                "replacement": gone.replacement,
                "at": rfc3339_date(gone.at),
            }
        },
    }


def _without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    # The format has no null.
    return {name: value for name, value in members.items() if value is not None}


_ITEM = {
    "type": "object",
    "required": ["id", "title", "content_html", "date_modified", "language"],
    "properties": {
        "id": {**TEXT, "description": "`urn:uuid:` and the id; it never changes."},
        "url": {**ADDRESS, "description": "Where readers find it."},
        "title": {**TEXT, "description": "Its title, or that it was withdrawn."},
        "summary": {**TEXT, "description": "One or two sentences."},
        "content_html": {
            **TEXT,
            "description": "The text with corrections, references and attribution; the "
            "summary where the channel carries no more; or why it is gone.",
        },
        "image": {**ADDRESS, "description": "Its picture."},
        "date_published": {**MOMENT, "description": "When it was first published."},
        "date_modified": {**MOMENT, "description": "When it changed last."},
        "authors": {
            "type": "array",
            "description": "Who wrote it, with credentials.",
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {**TEXT, "description": "As in the byline."},
                    "url": {**ADDRESS, "description": "More of them."},
                },
            },
        },
        "tags": {
            "type": "array",
            "description": "Names of its categories and tags.",
            "items": TEXT,
        },
        "language": {**TEXT, "description": "BCP 47."},
        "_clinic": {
            "type": "object",
            "description": "Who reviewed it and when, its references, and its address "
            "in this API; or `withdrawn`, which says that it must be taken down.",
        },
    },
}
JSON_SCHEMA = {
    "type": "object",
    "required": ["version", "title", "home_page_url", "feed_url", "items"],
    "properties": {
        "version": {**ADDRESS, "description": "Which JSON Feed it is: 1.1."},
        "title": {**TEXT, "description": "The practice, and what of it."},
        "home_page_url": {**ADDRESS, "description": "The practice's own site."},
        "feed_url": {**ADDRESS, "description": "The feed, whatever the page."},
        "next_url": {**ADDRESS, "description": "Older ones, if there are any."},
        "language": {**TEXT, "description": "BCP 47."},
        "authors": {
            "type": "array",
            "description": "The practice.",
            "items": {"type": "object"},
        },
        "items": {
            "type": "array",
            "description": "What was withdrawn lately, then the newest articles.",
            "items": _ITEM,
        },
    },
}


# --- XML ----------------------------------------------------------------------------


def _common(item: Item) -> dict[str, Any]:
    """What Atom and RSS say of an article alike."""
    return {
        "title": item.title,
        "link": item.url,
        "description": escape(item.summary or item.title),
        "unique_id": item.id,
        "pubdate": item.published_at,
        "categories": item.categories,
        "shown": item,
    }


# --- Atom ---------------------------------------------------------------------------


class _Atom(Atom1Feed):
    """Atom with pages, several authors, the text itself, and tombstones."""

    def __init__(self, feed: Feed) -> None:
        self.shown = feed
        super().__init__(
            title=feed.title,
            link=feed.home,
            description="",
            language=feed.language,
            author_name=feed.publisher,
            author_link=feed.home,
            feed_url=feed.url,
            feed_guid=feed.id,
        )
        for item in feed.items:
            self.add_item(**_common(item), updateddate=item.updated_at)

    def latest_post_date(self) -> datetime:
        return self.shown.updated_at

    def root_attributes(self) -> dict[str, str]:
        tombstones = {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}
        return {**super().root_attributes(), **tombstones}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.shown.next:
            handler.addQuickElement(
                "link", "", {"rel": "next", "href": self.shown.next}
            )

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["shown"].language}

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        super().write_items(handler)
        for gone in self.shown.withdrawn:
            when = rfc3339_date(gone.at)
            entry = AttributesImpl({"ref": gone.id, "when": when})
            handler.startElement("at:deleted-entry", entry)
            told = gone.reason or gone.title
            handler.addQuickElement("at:comment", told, {"xml:lang": gone.language})
            if gone.replacement:
                related = {"rel": "related", "href": gone.replacement}
                handler.addQuickElement("link", "", related)
            handler.endElement("at:deleted-entry")

    def add_item_elements(
        self, handler: SimplerXMLGenerator, item: dict[str, Any]
    ) -> None:
        super().add_item_elements(handler, item)
        shown: Item = item["shown"]
        for person in shown.authors:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", person.name)
            if person.url:
                handler.addQuickElement("uri", person.url)
            handler.endElement("author")
        handler.addQuickElement("content", shown.html, {"type": "html"})


def atom(feed: Feed) -> str:
    """Atom. What is withdrawn is a tombstone, by which readers delete it."""
    return str(_Atom(feed).writeString("utf-8"))


# --- RSS ----------------------------------------------------------------------------


class _Rss(Rss201rev2Feed):
    """RSS with pages, several authors and the text itself."""

    def __init__(self, feed: Feed) -> None:
        self.shown = feed
        super().__init__(
            title=feed.title,
            link=feed.home,
            description=feed.title,
            language=feed.language,
            feed_url=feed.url,
        )
        for gone in feed.withdrawn:
            self.add_item(
                title=gone.title,
                link=feed.home,
                description=gone.html,
                unique_id=gone.id,
                unique_id_is_permalink=False,
                pubdate=gone.at,
                shown=gone,
            )
        for item in feed.items:
            self.add_item(**_common(item), unique_id_is_permalink=False)

    def latest_post_date(self) -> datetime:
        return self.shown.updated_at

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.shown.next:
            link = {"rel": "next", "href": self.shown.next}
            handler.addQuickElement("atom:link", None, link)

    def add_item_elements(
        self, handler: SimplerXMLGenerator, item: dict[str, Any]
    ) -> None:
        super().add_item_elements(handler, item)
        shown: Item | Withdrawn = item["shown"]
        if isinstance(shown, Item):
            for person in shown.authors:
                handler.addQuickElement("dc:creator", person.name)
        handler.addQuickElement("content:encoded", shown.html)


def rss(feed: Feed) -> str:
    """RSS, which has no deletions: what is withdrawn says so under its own guid."""
    return str(_Rss(feed).writeString("utf-8"))


_XML = {"type": "string", "description": "An XML document."}
JSON_FEED = Format("json", "application/feed+json", "JSON Feed", JSON_SCHEMA, json_feed)
ATOM = Format("atom", "application/atom+xml", "Atom", _XML, atom)
RSS = Format("rss", "application/rss+xml", "RSS", _XML, rss)
FORMATS = (JSON_FEED, ATOM, RSS)
