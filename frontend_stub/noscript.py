"""The essential text of a microsite's page, for readers whose browser runs no script.

Asked of the API for each page, kept nowhere: what was withdrawn is gone here too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

# A reader waits for this; without an answer the page goes out with less text.
TIMEOUT_S = 1.5
# One row per weekday in the API, 1 for Monday.
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Json = dict[str, Any]


def essentials(api: str, location: str | None, path: str) -> str:
    """Return HTML for inside `<noscript>`: the page's text, then the clinic's address.

    An API that is down or says no gives a shorter text, never an error.
    """
    try:
        parts = [part for part in path.split("/") if part]
        place = parts[1] if parts[:1] == ["locations"] and parts[1:] else location
        text = _page_text(api, parts) + _contact(api, place)
    except (URLError, OSError, ValueError, KeyError, TypeError):
        # Whatever the API did: the page with its script can still say more.
        text = _paragraph("This page needs JavaScript to show its text.")
    # The text must not be able to end the element that it stands in.
    return re.sub(r"</\s*noscript", "&lt;/noscript", text, flags=re.IGNORECASE)


def _page_text(api: str, parts: list[str]) -> str:
    if parts[:1] == ["articles"]:
        return _article(api, parts[1]) if len(parts) > 1 else _articles(api)
    if parts == ["team"]:
        people = _read(api, "authors/?fields=*&limit=100")["results"]
        return "<h1>Our team</h1>" + _list(person["byline"] for person in people)
    return ""


def _article(api: str, slug: str) -> str:
    try:
        article = _read(api, f"articles/{quote(slug, safe='')}/")
    except HTTPError as error:
        if error.code == 410:
            reason = json.load(error).get("reason")
            return "<h1>This article is no longer offered</h1>" + _paragraph(reason)
        return "<h1>We could not find that article</h1>"
    reviews = [
        f"Medically reviewed by {person['name']} on {person['reviewed_on']}"
        for person in article["reviewers"]
    ]
    references = "".join(
        f'<li id="ref-{reference["number"]:d}">{escape(reference["text"])}</li>'
        for reference in article["references"]
    )
    # Clean already: the API sanitises it, and the page's policy runs no script.
    body: str = article["body_html"] or ""
    return (
        f"<h1>{escape(article['title'])}</h1>"
        + _paragraph(article["summary"])
        + _paragraph(f"By {article['byline']}")
        + "".join(map(_paragraph, reviews))
        + body
        + (f"<h2>References</h2><ol>{references}</ol>" if references else "")
    )


def _articles(api: str) -> str:
    links = (
        f'<li><a href="/articles/{quote(article["slug"])}/">{escape(article["title"])}'
        f"</a> {escape(article['byline'] or '')}</li>"
        for article in _read(api, "articles/?limit=100")["results"]
    )
    return f"<h1>Articles</h1><ul>{''.join(links)}</ul>"


def _contact(api: str, location: str | None) -> str:
    practice = _read(api, "practice/")
    if location is None:
        return f"<h2>{escape(practice['name'])}</h2>"
    place = _read(api, f"locations/{quote(location)}/")
    town = f"{place['city']} {place['postal_code'] or ''}"
    phones = [
        f'<li><a href="tel:{escape(phone["e164"])}">{escape(phone["display"])}</a></li>'
        for phone in place["phones"]
        if phone["kind"] != "fax"
    ]
    hours = (
        f"{WEEKDAYS[row['weekday'] - 1]} {row['opens']} to {row['closes']}"
        for row in place["hours"]
    )
    return (
        f"<h2>{escape(practice['name'])}, {escape(place['name'])}</h2>"
        + _paragraph(f"{place['street_address']}, {town}")
        + f"<ul>{''.join(phones)}</ul>"
        + _list(hours)
        + '<p><a href="/articles/">Articles</a> · <a href="/team/">Our team</a></p>'
    )


def _read(api: str, path: str) -> Json:
    # The address was checked to be http or https where it came in.
    request = Request(f"{api}/{path}", headers={"Accept": "application/json"})  # noqa: S310
    with urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
        document: Json = json.load(response)
        return document


def _paragraph(text: str | None) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
