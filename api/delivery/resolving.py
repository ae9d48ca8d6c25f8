"""`/api/v1/resolve/`: from a public path to what is there, or where it has gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from api import conditional, parameters
from api.admission import standing_of
from api.documents import lookup
from api.documents.lookup import Found, Tombstone
from api.documents.reading import Standing
from api.doors import Component, Door
from api.parameters import Asked, Parameter
from api.problems import BeingRenewed, Gone, NotFound

from . import filters
from .answers import (
    dumped,
    json_response,
    lifetime_of,
    moment_of,
    refuse,
    summary,
    validators_of,
)
from .kinds import COLLECTIONS, PRACTICE

# What is found at addresses of its own.
WITH_PAGES = ("article", "author", "location")
# A chain that is longer leads in a circle.
LONGEST_CHAIN = 10
LONGEST_PATH = 500


def _path(text: str) -> str:
    path = text.partition("?")[0].partition("#")[0]
    if path.startswith("/") and len(path) <= LONGEST_PATH:
        return path
    raise ValueError(
        f"path must begin with / and have at most {LONGEST_PATH} characters; "
        f"“{text[:40]}” does not."
    )


PATH = Parameter(
    "path",
    "The path of a page on a site of the practice, without its host, such as "
    "/articles/hip-pain/. A query and a fragment do not count, nor a slash at the end.",
    {"type": "string", "pattern": "^/", "maxLength": LONGEST_PATH},
    _path,
    is_required=True,
)


class Resolve(Door):
    operation = "resolve_path"
    title = "What readers find at a public path of today or of the past."
    refusals: ClassVar = (NotFound, Gone, BeingRenewed)

    @property
    def parameters(self) -> Sequence[Parameter]:
        return (PATH, *filters.of_path())

    def answer_schema(self, component: Component) -> dict[str, Any]:
        shapes = [one for one in COLLECTIONS if one.kind in WITH_PAGES]
        documents = [summary(one, component) for one in (*shapes, PRACTICE)]
        return {
            "type": "object",
            "required": ["path", "moved_to", "document"],
            "properties": {
                "path": {"type": "string", "description": "As it was asked for."},
                "moved_to": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Where it is now; null where it has not moved.",
                },
                "document": {
                    "description": "What is there, as lists show it; null where that "
                    "is on another site.",
                    "anyOf": [*documents, {"type": "null"}],
                },
            },
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        standing = standing_of(request, asked)
        now = moment_of(standing)
        lifetime = lifetime_of(standing, now)
        found = _followed(standing, asked, now)
        if not isinstance(found, Found | str):
            refuse(found, lifetime, standing)

        def build() -> HttpResponse:
            return json_response(_text(asked["path"], found))

        # Whatever changes on the channel may move it, or stand before it.
        validators = validators_of(request, asked, standing)
        keys = standing.keys()
        return conditional.answer(request, validators, lifetime, now, build, keys)


def _followed(standing: Standing, asked: Asked, now: datetime) -> Any:
    """What is at the end of the way that begins at the path; an address if outside.

    What was redirected leads on: to another page of ours, or to another site.
    """
    path: str = asked["path"]
    locale: str = asked["locale"]
    found = lookup.look_up_path(standing.channel, path, locale, now)
    for _ in range(LONGEST_CHAIN):
        if not isinstance(found, Tombstone) or not found.leads_on:
            return found
        target = found.replacement
        onward = lookup.look_up_path(
            standing.channel, urlsplit(target).path, locale, now
        )
        if not _is_of(onward, target):
            return target
        found = onward
    return found


def _is_of(found: Any, address: str) -> bool:
    """Whether what is at the path of `address` is on its site too."""
    match found:
        case Found():
            own = found.document.canonical_url
        case Tombstone():
            own = found.canonical_url
        case _:
            return False
    return urlsplit(own or "").netloc == urlsplit(address).netloc


def _text(path: str, found: Found | str) -> str:
    if isinstance(found, str):
        return dumped({"path": path, "moved_to": found, "document": None})
    moved_to = None if found.is_at(path) else found.document.canonical_url
    told = dumped({"path": path, "moved_to": moved_to})
    return f'{told[:-1]},"document":{found.summary}}}'
