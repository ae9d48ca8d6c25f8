"""Pages of a list: by cursor, or by limit and offset, with their links.

A cursor names the last result of a page by its sort value, so a result whose value does
not change is neither skipped nor repeated while others appear and vanish before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.functional import cached_property

from api.parameters import Asked, Parameter, integer
from api.problems import InvalidParameter
from api.remembering import remembered

DEEPEST = 10_000
# Ranked and measured lists are counted and paged no further.
DEEPEST_RANKED = 1_000

LIMIT = integer("limit", 1, 100, 20, "How many results a page has at most.")
_SKIPPED = integer(
    "offset",
    0,
    DEEPEST,
    0,
    "How many results to skip. Whoever wants more than that wants all of them: follow "
    f"`next` until it is null. With `q` or `near` at most {DEEPEST_RANKED}.",
)


def _offset(text: str) -> int:
    try:
        skipped: int = _SKIPPED.read(text)
    except ValueError as refused:
        raise ValueError(f"{refused} To read all of a list, follow `next`.") from None
    return skipped


OFFSET = replace(_SKIPPED, read=_offset)
OFFSET_RANKED = integer(
    "offset",
    0,
    DEEPEST_RANKED,
    0,
    "How many results to skip; ask more closely instead.",
)
# What a page shows of its list; a cursor is good for other values of these.
_SHOWN = ("cursor", "offset", "limit", "fields", "facets")


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind the result with this sort value and id."""

    value: str
    id: str


def _cursor(text: str) -> str:
    # Whether it was made for this list, `place_of` says.
    if len(text) > 1_000:
        raise ValueError("cursor is not one that this API gave. Take `next` as it is.")
    return text


CURSOR = Parameter(
    "cursor",
    "Where the page begins, as the link `next` says it. It is bound to the list that "
    "it came from: to its filters, order and language, but not to `limit` or `fields`.",
    {"type": "string", "maxLength": 1_000},
    _cursor,
)


@dataclass(frozen=True)
class Page:
    """Which part of a list was asked for, and where its neighbours are.

    `following` is the cursor of the next page; empty where there is none, None where
    the list is paged by offset alone. `is_capped` is None where all of it is counted.
    """

    url: str
    asked: Asked
    count: int
    following: str | None = None
    is_capped: bool | None = None

    @cached_property
    def next(self) -> str | None:
        start = self.asked.get("offset") or 0
        offset = start + self.asked["limit"]
        if self.following is None:
            is_last = offset >= min(self.count, DEEPEST_RANKED + 1)
            return None if is_last else self._at(offset=offset)
        if not self.following:
            return None
        if start and offset <= DEEPEST:
            return self._at(offset=offset)
        return self._at(cursor=self.following, offset=None)

    @cached_property
    def previous(self) -> str | None:
        start = self.asked.get("offset")
        if not start:
            return None
        return self._at(offset=max(0, start - self.asked["limit"]) or None)

    def link_header(self) -> str:
        """`Link` (RFC 8288) to the pages around this one; empty without neighbours."""
        links = {"prev": self.previous, "next": self.next}
        if any(links.values()) or self.asked.get("cursor"):
            links["first"] = self._at(offset=None, cursor=None)
        return ", ".join(f'<{to}>; rel="{rel}"' for rel, to in links.items() if to)

    def text(self, results: Iterable[str], **members: str) -> str:
        """The answer around results that are JSON already: joined, never parsed.

        `members` are further ones, as JSON.
        """
        if self.is_capped is not None:
            members = {"count_is_capped": str(self.is_capped).lower(), **members}
        more = "".join(f'"{name}":{text},' for name, text in members.items())
        return (
            f'{{"count":{self.count},"next":{_quoted(self.next)},'
            f'"previous":{_quoted(self.previous)},{more}'
            f'"results":[{",".join(results)}]}}'
        )

    def _at(self, **changed: object) -> str:
        query = self.asked.query(**changed)
        return f"{self.url}?{query}" if query else self.url


def cursor_to(place: Place, url: str, asked: Asked) -> str:
    """The text that leads to `place` in this list, and in no other."""
    return _signed(_list_of(url, asked), place)


# As long as nothing is published, the first page of a list ends where it did.
@lru_cache(1_000)
def _signed(list_of: str, place: Place) -> str:
    return _signer().sign_object([list_of, place.value, place.id])


def place_of(url: str, asked: Asked) -> Place | None:
    """Where the page begins that was asked for; None for the first one.

    Raises InvalidParameter for a cursor of another list, or of nobody's making.
    """
    text: str | None = asked["cursor"]
    if text is None:
        return None
    if asked["offset"]:
        raise InvalidParameter.of("cursor", "Give cursor or offset, not both.")
    try:
        list_of, value, id = _signer().unsign_object(text)
    except (BadSignature, ValueError):
        raise InvalidParameter.of(
            "cursor",
            "This cursor is not one that this API gave. Take `next` as it is, or leave "
            "cursor out to begin anew.",
        ) from None
    if list_of != _list_of(url, asked):
        raise InvalidParameter.of(
            "cursor",
            "This cursor belongs to a list with other filters, in another order or "
            "language. Leave cursor out to begin this list.",
        )
    return Place(value, id)


def schema(
    items: dict[str, Any], members: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """What `Page.text` gives, as JSON Schema; `members` are there if asked for."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer", "description": "Of the whole list."},
            "next": {**link, "description": "The next page."},
            "previous": {
                **link,
                "description": "The page before this one; null on pages by cursor.",
            },
            **(members or {}),
            "results": {
                "type": "array",
                "items": items,
                "description": "The documents on this page.",
            },
        },
    }


CAPPED = {
    "type": "boolean",
    "description": (
        f"With `q` or `near`: whether there are more than the {DEEPEST_RANKED} that "
        "are counted."
    ),
}


def absolute(request: HttpRequest) -> str:
    """The address of this request without its query.

    From configuration, never from the request: a header must not be able to put an
    address of its own into an answer that others are served from a cache.
    """
    return f"{settings.PUBLIC_BASE_URL}{_escaped(request.path_info)}"


# Most requests are for few addresses, and an answer names its own several times.
_escaped = remembered(2_000)(escape_uri_path)


def _signer() -> Signer:
    # Without a time stamp: the same page has the same links, and so the same ETag.
    return Signer(salt="api.pagination")


def _list_of(url: str, asked: Asked) -> str:
    """What tells this list from others: its address, filters, order and language."""
    pairs = [pair for pair in asked.given if pair[0] not in _SHOWN]
    return blake2b(f"{url} {pairs}".encode(), digest_size=8).hexdigest()


def _quoted(url: str | None) -> str:
    # The canonical query is percent-encoded: nothing in it needs escaping in JSON.
    return "null" if url is None else f'"{url}"'
