"""Pages of a list: by limit and offset, with their links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from api.parameters import Asked, integer

DEEPEST = 10_000

LIMIT = integer("limit", 1, 100, 20, "How many results a page has at most.")
OFFSET = integer("offset", 0, DEEPEST, 0, "How many results to skip.")


@dataclass(frozen=True)
class Page:
    """Which part of a list was asked for, and where its neighbours are."""

    url: str
    asked: Asked
    count: int

    @property
    def next(self) -> str | None:
        offset = self.asked["offset"] + self.asked["limit"]
        if offset >= self.count or offset > DEEPEST:
            return None
        return self._at(offset)

    @property
    def previous(self) -> str | None:
        offset: int = self.asked["offset"]
        return self._at(max(0, offset - self.asked["limit"])) if offset else None

    def link_header(self) -> str:
        """`Link` (RFC 8288) to the pages around this one; empty without neighbours."""
        links = {"prev": self.previous, "next": self.next}
        if any(links.values()):
            links["first"] = self._at(0)
        return ", ".join(f'<{to}>; rel="{rel}"' for rel, to in links.items() if to)

    def text(self, results: Iterable[str]) -> str:
        """The answer around results that are JSON already: joined, never parsed."""
        return (
            f'{{"count":{self.count},"next":{_quoted(self.next)},'
            f'"previous":{_quoted(self.previous)},"results":[{",".join(results)}]}}'
        )

    def _at(self, offset: int) -> str:
        query = self.asked.query(offset=offset)
        return f"{self.url}?{query}" if query else self.url


def schema(items: dict[str, Any]) -> dict[str, Any]:
    """What `Page.text` gives, as JSON Schema."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer", "description": "Of the whole list."},
            "next": {**link, "description": "The next page."},
            "previous": {**link, "description": "The page before this one."},
            "results": {"type": "array", "items": items},
        },
    }


def absolute(request: HttpRequest) -> str:
    """The address of this request without its query.

    From configuration, never from the request: a header must not be able to put an
    address of its own into an answer that others are served from a cache.
    """
    return f"{settings.PUBLIC_BASE_URL}{escape_uri_path(request.path_info)}"


def _quoted(url: str | None) -> str:
    # The canonical query is percent-encoded: nothing in it needs escaping in JSON.
    return "null" if url is None else f'"{url}"'
