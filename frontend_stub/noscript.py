"""What a microsite's page says before its script runs, and where none does.

Asked of the API for each page, kept nowhere: what was withdrawn is gone here too.
Whatever the API says is escaped, except for the HTML that it has sanitised itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import heads
from addresses import Route
from asking import REFUSALS, TROUBLE, Json, Read, document_path
from contact import Contact
from languages import NAMES, OWN, path_of

# One row per weekday in the API, 1 for Monday.
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NEEDS_SCRIPT = "<p>This page needs JavaScript to show its text.</p>"
AWAY = (
    "<h1>We will be right back</h1>"
    "<p>This page cannot be shown at the moment. Please open it again in a few minutes."
    "</p>"
)
NOT_FOUND_TITLE = "We could not find that page"
GONE_TITLE = "This page is no longer offered"

# What a search finds, by where it is on the site.
FOUND_AT = {"article": "/articles/", "author": "/team/", "location": "/locations/"}


@dataclass(frozen=True)
class Essentials:
    """Status, title (empty where there is none to tell), text and head of one page."""

    status: HTTPStatus = HTTPStatus.OK
    title: str = ""
    html: str = ""
    head: str = ""
    language: str = OWN
    # Whose site it is, if the API said so.
    contact: Contact | None = None


def essentials(
    read: Read,
    location: str | None,
    route: Route | None,
    words: str = "",
    known: Contact | None = None,
) -> Essentials:
    """Return what goes inside `<noscript>`: the page's text, then the clinic's address.

    `words` are what is searched for; `known` is the contact that the API gave last. An
    API that is down or confused gives a shorter text, never an error.
    """
    # Two parts of a page may need the same document.
    ask: Read = cache(read)
    try:
        page = _page(ask, route, words)
    except TROUBLE:
        # Whatever the API did: the page with its script can still say more.
        title = known.practice if known else ""
        return Essentials(title=title, html=AWAY + (known.as_html() if known else ""))
    is_place = (
        route and route.collection == "locations" and page.status == HTTPStatus.OK
    )
    try:
        own = Contact.of(ask("practice/"), _place_at(ask, location))
        address = _address(ask, route.slug if route and is_place else location)
    except TROUBLE:
        own, address = known, known.as_html() if known else ""
    # The text must not be able to end the element that it stands in.
    html = re.sub(
        r"</\s*noscript", "&lt;/noscript", page.html + address, flags=re.IGNORECASE
    )
    title = " – ".join(filter(None, [page.title, own.practice if own else ""]))
    return replace(page, title=title, html=html or NEEDS_SCRIPT, contact=own)


def _page(ask: Read, route: Route | None, words: str) -> Essentials:
    if route is None:
        return _told(NOT_FOUND_TITLE, "", HTTPStatus.NOT_FOUND)
    if route.slug is None:
        listed = {
            "articles": partial(_articles, locale=route.locale),
            "authors": _team,
            "search": partial(_search, words=words),
            None: _home,
        }
        return listed[route.collection](ask)
    try:
        document = ask(document_path(route))
    except HTTPError as error:
        status = REFUSALS.get(error.code)
        if status is None:
            raise
        if status == HTTPStatus.GONE:
            reason = _paragraph(json.load(error).get("reason"))
            return _told(GONE_TITLE, reason, status)
        return _told(NOT_FOUND_TITLE, "", status)
    told = {"articles": _article, "authors": _person, "locations": _place}
    return told[route.collection or ""](document, _structured(ask, route))


def _structured(ask: Read, route: Route) -> Json | None:
    """What the API says of the document to schema.org; a page can do without."""
    try:
        return ask(document_path(route, format="jsonld"))
    except TROUBLE:
        return None


def _head(make: Callable[..., str], *told: Any) -> str:
    """The head's tags; none where the API said too little for them."""
    try:
        return make(*told)
    except TROUBLE:
        return ""


def _home(ask: Read) -> Essentials:
    return Essentials(head=heads.of_page(f"Care by {ask('practice/')['name']}."))


def _place(place: Json, structured: Json | None) -> Essentials:
    # A location's text is its address, which every page ends with.
    named = f"{place['name']}, {place.get('city')}"
    head = _head(heads.of_other, place, named, structured)
    return Essentials(title=place["name"], head=head)


def _search(ask: Read, words: str) -> Essentials:
    form = (
        '<form action="/search/" method="get" role="search">'
        '<label for="page-words">Search this site</label> '
        f'<input id="page-words" type="search" name="q" value="{escape(words)}"> '
        "<button>Search</button></form>"
    )
    found = ask(f"search/?q={quote(words)}&limit=20")["results"] if words else []
    links = (
        f'<li><a href="{FOUND_AT[one["type"]]}{quote(one["slug"])}/">'
        f"{escape(one.get('title') or one['name'])}</a></li>"
        for one in found
    )
    listed = f"<ul>{''.join(links)}</ul>"
    nothing = _paragraph("Nothing was found.") if words and not found else ""
    return replace(
        _told("Search", form + (listed if found else nothing)),
        head=heads.of_page("Search this site.", "noindex"),
    )


def _article(article: Json, structured: Json | None) -> Essentials:
    references = "".join(
        f'<li id="ref-{reference["number"]:d}">{escape(reference["text"])}</li>'
        for reference in article["references"]
    )
    byline = f"By {article['byline']}" if article["byline"] else None
    corrections = "".join(
        f"<li>{escape(one['date'])}: {escape(one['note'])}</li>"
        for one in article.get("corrections") or []
    )
    text = (
        _paragraph(article["summary"])
        + _paragraph(byline)
        + "".join(_paragraph(_review(person)) for person in article["reviewers"])
        + (f"<h2>Corrections</h2><ul>{corrections}</ul>" if corrections else "")
        # Clean already: the API sanitises it, and the page's policy runs no script.
        + (article["body_html"] or "")
        + (f"<h2>References</h2><ol>{references}</ol>" if references else "")
    )
    head = _head(heads.of_article, article, structured)
    told = _told(article["title"], _translations(article) + text)
    return replace(told, head=head, language=article.get("locale") or OWN)


def _translations(article: Json) -> str:
    links = ", ".join(
        f'<a href="{escape(path_of(one))}" lang="{escape(one["locale"])}"'
        f' hreflang="{escape(one["locale"])}">'
        f"{escape(NAMES.get(one['locale'], one['locale']))}</a>"
        for one in article.get("translations") or []
    )
    return f'<p lang="{OWN}" dir="ltr">Other languages: {links}</p>' if links else ""


def _person(person: Json, structured: Json | None) -> Essentials:
    job = _paragraph(person.get("job_title"))
    told = _told(_with_letters(person), job + (person.get("bio_html") or ""))
    named = ", ".join(filter(None, [person.get("byline"), person.get("job_title")]))
    return replace(told, head=_head(heads.of_other, person, named, structured))


def _articles(ask: Read, locale: str | None) -> Essentials:
    named = f"&locale={quote(locale)}" if locale else ""
    try:
        articles = ask(f"articles/?limit=100{named}")["results"]
    except HTTPError as error:
        if locale is None or error.code != HTTPStatus.BAD_REQUEST:
            raise
        # Nobody writes in that language.
        return _told(NOT_FOUND_TITLE, "", HTTPStatus.NOT_FOUND)
    links = (
        f'<li><a href="{escape(path_of(article))}">{escape(article["title"])}'
        f"</a> {escape(article['byline'] or '')}</li>"
        for article in articles
    )
    head = heads.of_page("Articles by our clinicians, reviewed and with their sources.")
    return replace(_told("Articles", f"<ul>{''.join(links)}</ul>"), head=head)


def _team(ask: Read) -> Essentials:
    people = ask("authors/?fields=*&limit=100")["results"]
    told = _told("Our team", _list(person["byline"] for person in people))
    return replace(
        told, head=heads.of_page("Who works here, and what the letters mean.")
    )


def _place_at(ask: Read, location: str | None) -> Json | None:
    return ask(f"locations/{quote(location, safe='')}/") if location else None


def _address(ask: Read, location: str | None) -> str:
    practice, place = ask("practice/"), _place_at(ask, location)
    if place is None:
        return f"<h2>{escape(practice['name'])}</h2>"
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
        f'<div lang="{OWN}" dir="ltr">'
        f"<h2>{escape(practice['name'])}, {escape(place['name'])}</h2>"
        + _paragraph(f"{place['street_address']}, {town}")
        + f"<ul>{''.join(phones)}</ul>"
        + _list(hours)
        + '<p><a href="/articles/">Articles</a> · <a href="/team/">Our team</a></p>'
        "</div>"
    )


def _told(title: str, text: str, status: HTTPStatus = HTTPStatus.OK) -> Essentials:
    return Essentials(status, title, f"<h1>{escape(title)}</h1>{text}")


def _review(person: Json) -> str:
    on = person.get("reviewed_on")
    said = f"Medically reviewed by {_with_letters(person)}"
    return f"{said} on {_day(on)}" if on else said


def _with_letters(person: Json) -> str:
    return ", ".join(filter(None, [person["name"], person.get("post_nominals")]))


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%B} {day.day}, {day.year}"


def _paragraph(text: str | None) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
