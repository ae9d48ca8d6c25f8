"""What the newspaper's own server writes: each page whole, with its head.

The clinic's lines stand in it as they were pasted. Where no script runs, and for search
engines, the page itself says whose an article is and where it is at home. Nothing is
kept: what was withdrawn is gone here too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template
from urllib.error import HTTPError
from urllib.parse import urlsplit

from addresses import Route
from asking import REFUSALS, TROUBLE, Read, document_path, read

NAME = "The Shore Gazette"
MOTTO = "News for the towns between the river and the sea."
GONE_TITLE = "The clinic no longer offers this article"
NOT_FOUND_TITLE = "There is no such article"
HERE = ' aria-current="page"'


@dataclass(frozen=True)
class Told:
    """What the page says of itself, and what stands in an element's place."""

    title: str = ""
    head: str = ""
    status: HTTPStatus = HTTPStatus.OK
    instead: str = ""


def page(
    root: Path, api: str, route: Route | None, channel: str = ""
) -> tuple[HTTPStatus, str]:
    """The status and the HTML of an address; `route` is None where there is no page.

    `channel` is the newspaper's own; without one it shows what everyone may read.
    """
    ask = partial(read, api, channel=channel)
    name, told = _told(ask, route)
    parts = urlsplit(api)
    marks = {
        "title": escape(f"{told.title} – {NAME}" if told.title else NAME),
        "head": told.head,
        "clinic": escape(f"{parts.scheme}://{parts.netloc}"),
        "today": _today(),
        "front": HERE if name == "front" else "",
        "health": HERE if name in ("health", "article") else "",
        "channel": f' channel="{escape(channel)}"' if channel else "",
        "slug": escape(route.slug or "" if route else ""),
        "instead": told.instead,
        "source": _source(ask) if name in ("front", "health") else "",
    }
    main = Template((root / "pages" / f"{name}.html").read_text()).substitute(marks)
    frame = Template((root / "index.html").read_text())
    return told.status, frame.substitute(marks, main=main)


def _told(ask: Read, route: Route | None) -> tuple[str, Told]:
    if route is None:
        missing = Told("There is no such page", _robots("noindex"))
        return "missing", replace(missing, status=HTTPStatus.NOT_FOUND)
    if route.slug is not None:
        return "article", _article(ask, route)
    if route.collection is not None:
        return "health", Told("Health", _description("Health texts from our clinic."))
    return "front", Told(head=_description(MOTTO))


def _article(ask: Read, route: Route) -> Told:
    try:
        article = ask(document_path(route))
        indexing = article.get("indexing") or {}
        publisher = (article.get("attribution") or {}).get("publisher") or "the clinic"
        title, summary = article["title"], article["summary"]
        home = article.get("canonical_url")
        link = _link(home, f"Read it at {publisher}") if home else ""
        return Told(
            title,
            _description(summary)
            + _robots(indexing.get("robots"))
            + _canonical(indexing.get("canonical")),
            instead=f"<h1>{escape(title)}</h1><p>{escape(summary)}</p><p>{link}</p>",
        )
    except HTTPError as refused:
        return _refusal(refused)
    except TROUBLE:
        return _away()


def _refusal(refused: HTTPError) -> Told:
    status = REFUSALS.get(refused.code)
    if status is None:
        return _away()
    title, reason = NOT_FOUND_TITLE, ""
    if status == HTTPStatus.GONE:
        title = GONE_TITLE
        try:
            reason = json.load(refused).get("reason") or ""
        except TROUBLE:
            reason = ""
    why = f"<p>{escape(reason)}</p>" if reason else ""
    return Told(title, _robots("noindex"), status, f"<h1>{title}</h1>{why}")


def _away() -> Told:
    """An API in trouble has withdrawn nothing: the element asks again."""
    return Told("Health", instead="<h1>Health</h1>")


def _source(ask: Read) -> str:
    """The clinic by its name, as a link to its own site."""
    try:
        practice = ask("practice/")
        return _link(practice["base_url"], practice["name"])
    except TROUBLE:
        return "our clinic"


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def _description(text: str) -> str:
    return f'<meta name="description" content="{escape(text)}">'


def _robots(text: str | None) -> str:
    return f'<meta name="robots" content="{escape(text)}">' if text else ""


def _canonical(address: str | None) -> str:
    return f'<link rel="canonical" href="{escape(address)}">' if address else ""


def _today() -> str:
    day = date.today()
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"
