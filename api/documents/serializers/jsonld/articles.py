"""An article, and the page that it is the main thing on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import parts
from .nodes import Node, api_address, identity, image, mentioned_name, node, own_name
from .organisations import publisher
from .people import person
from .places import clinic_mentioned
from .references import reference
from .terms import term_mentioned


def page(document: Mapping[str, Any]) -> Node:
    """An article's own document.

    Only a page can be reviewed: `reviewedBy` and `lastReviewed` are members of WebPage
    and its kinds, not of Article.
    """
    seo = document.get("seo") or {}
    reviewers = document.get("reviewers") or []
    return node(
        "MedicalWebPage",
        {
            "@id": document.get("canonical_url") or own_name(document, "page"),
            "url": document.get("canonical_url"),
            "name": seo.get("title") or document.get("title"),
            "description": seo.get("description") or document.get("summary"),
            "primaryImageOfPage": image(document.get("image")),
            "lastReviewed": document.get("last_reviewed_on"),
            "reviewedBy": [person(reviewer) for reviewer in reviewers],
            **_publication(document),
            "mainEntity": _article(document),
        },
    )


def _article(document: Mapping[str, Any]) -> Node:
    attribution = document.get("attribution") or {}
    categories = document.get("categories") or []
    minutes = document.get("reading_minutes")
    return node(
        "Article",
        {
            **identity(document, "article"),
            "headline": document.get("title"),
            "description": document.get("summary"),
            "author": [person(author) for author in document.get("authors") or []],
            "image": image(document.get("image")),
            **_publication(document),
            "creditText": attribution.get("text"),
            "version": document.get("version"),
            "correction": [
                _correction(one) for one in document.get("corrections") or []
            ],
            "wordCount": document.get("word_count"),
            "timeRequired": f"PT{minutes}M" if minutes else None,
            "articleSection": [category["name"] for category in categories],
            "about": [term_mentioned(one, "category") for one in categories],
            "keywords": [
                term_mentioned(one, "tag") for one in document.get("tags") or []
            ],
            "mentions": [
                clinic_mentioned(one) for one in document.get("locations") or []
            ],
            **parts.of(document.get("body") or []),
            "citation": [reference(one) for one in document.get("references") or []],
            "workTranslation": [
                _translation(one) for one in document.get("translations") or []
            ],
            "encoding": _encodings(document),
        },
    )


def _publication(document: Mapping[str, Any]) -> Node:
    """What holds for the page and for its article alike."""
    attribution = document.get("attribution") or {}
    return {
        "inLanguage": document.get("locale"),
        "datePublished": document.get("published_at"),
        "dateModified": document.get("updated_at"),
        "publisher": publisher(attribution),
        "license": _license(attribution.get("license") or {}),
        "isAccessibleForFree": True,
    }


def _license(license: Mapping[str, Any]) -> str | Node:
    # A text there would be read as an address.
    return license.get("url") or node("CreativeWork", {"name": license.get("name")})


def _correction(correction: Mapping[str, Any]) -> Node:
    members = {"datePublished": correction["date"], "text": correction["note"]}
    return node("CorrectionComment", members)


def _translation(translation: Mapping[str, Any]) -> Node:
    own = mentioned_name(translation, "article")
    return node("Article", {"@id": own, "inLanguage": translation.get("locale")})


def _encodings(document: Mapping[str, Any]) -> list[Node]:
    """Where the article is to be had in other forms, all of its text included."""
    address = api_address(document)
    if address is None:
        return []
    joint = "&" if "?" in address else "?"
    return [
        node("MediaObject", {"encodingFormat": form, "contentUrl": url})
        for form, url in (
            ("application/json", address),
            ("text/markdown", f"{address}{joint}format=md"),
        )
    ]
