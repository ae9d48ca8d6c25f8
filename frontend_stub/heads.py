"""What search engines and link previews read in a page's head before any script."""

from __future__ import annotations

import json
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from languages import path_of

Json = dict[str, Any]

# Wide enough for a large preview, and no larger than it needs to be.
SHARED_WIDTH = 1200


def of_article(article: Json, structured: Json | None) -> str:
    """Tags for an article; `structured` is what the API says of it to schema.org."""
    seo, indexing = article.get("seo") or {}, article.get("indexing") or {}
    canonical = indexing.get("canonical") or article["canonical_url"]
    title = seo.get("title") or article["title"]
    description = seo.get("description") or article["summary"]
    image = seo.get("social_image") or article["image"]
    return (
        _plain(description, canonical, indexing.get("robots"))
        + _shared("article", title, description, canonical, image)
        + _property("article:published_time", article["published_at"])
        + _property("article:modified_time", article["updated_at"])
        + _languages(article, canonical)
        + _data(structured)
        + _data(_trail(article, canonical))
    )


def of_other(document: Json, description: str, structured: Json | None) -> str:
    """Tags for a person or a place."""
    canonical, name = document["canonical_url"], document["name"]
    photos = document.get("photos") or [document.get("photo")]
    return (
        _plain(description, canonical, None)
        + _shared("website", name, description, canonical, photos[0])
        + _data(structured)
    )


def of_page(description: str, robots: str | None = None) -> str:
    """Tags for a list."""
    return _plain(description, None, robots)


def of_site(api: str, channel: str, language: str) -> str:
    """Where feed readers find what the site carries in that language."""
    origin = api.removesuffix("/").removesuffix("/api/v1")
    address = f"{origin}/feeds/{channel or 'public'}/articles.atom?locale={language}"
    return (
        '<link rel="alternate" type="application/atom+xml" title="Articles"'
        f' href="{escape(address)}">'
    )


def _plain(description: str | None, canonical: str | None, robots: str | None) -> str:
    link = f'<link rel="canonical" href="{escape(canonical)}">' if canonical else ""
    return _named("description", description) + _named("robots", robots) + link


def _shared(
    kind: str, title: str, description: str | None, url: str | None, image: Json | None
) -> str:
    """Open Graph tags. Source: ogp.me."""
    tags = _property("og:type", kind) + _property("og:title", title)
    tags += _property("og:description", description) + _property("og:url", url)
    rendition = _for_sharing(image)
    if image is None or rendition is None:
        return tags + _named("twitter:card", "summary")
    return (
        tags
        + _property("og:image", rendition["url"])
        + _property("og:image:width", str(rendition["width"]))
        + _property("og:image:height", str(rendition["height"]))
        + _property("og:image:alt", image["alt"])
        + _named("twitter:card", "summary_large_image")
    )


def _for_sharing(image: Json | None) -> Json | None:
    """The rendition that every reader of such tags can show."""
    known = [
        one for one in (image or {}).get("renditions", []) if one["format"] != "webp"
    ]
    wide = [one for one in known if one["width"] <= SHARED_WIDTH] or known
    best: Json | None = max(wide, key=lambda one: one["width"], default=None)
    return best


def _languages(article: Json, canonical: str | None) -> str:
    """The article in each of its languages, its own included, as search engines ask."""
    translations = article.get("translations")
    if not translations:
        return ""
    site = _site(canonical)
    return "".join(
        f'<link rel="alternate" hreflang="{escape(one["locale"])}" data-served'
        f' href="{escape(site + path_of(one))}">'
        for one in sorted([article, *translations], key=lambda one: str(one["locale"]))
    )


def _trail(article: Json, canonical: str | None) -> Json:
    """The way to an article, for schema.org."""
    site = _site(canonical)
    steps = [("Home", f"{site}/"), ("Articles", f"{site}/articles/")]
    for category in article["categories"][:1]:
        query = f"?category={quote(category['slug'])}"
        steps.append((category["name"], f"{site}/articles/{query}"))
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, start=1)
    ]
    last = {"@type": "ListItem", "position": len(items) + 1, "name": article["title"]}
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [*items, last],
    }


def _data(structured: Json | None) -> str:
    if not structured:
        return ""
    # Nothing in it may end the element that it stands in.
    text = json.dumps(structured, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json" data-served>{text}</script>'


def _named(name: str, content: str | None) -> str:
    return f'<meta name="{name}" content="{escape(content)}">' if content else ""


def _property(name: str, content: str | None) -> str:
    if not content:
        return ""
    return f'<meta property="{name}" content="{escape(content)}" data-served>'


def _site(address: str | None) -> str:
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
