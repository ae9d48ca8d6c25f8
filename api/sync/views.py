"""`/api/v1/sync/`: all that a channel carries, and then what changes in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from api import parameters
from api.admission import standing_of
from api.documents import propagation, reading
from api.documents.changes import Change
from api.documents.reading import Kind, Standing
from api.doors import Component, Door
from api.negotiation import JSON, preferred
from api.pagination import absolute
from api.parameters import Asked, Parameter, among, choice, integer, nearest, words
from api.problems import CheckpointExpired, Unauthorized

from . import waiting
from .feed import Feed, Filters, as_json, dumped, place_of
from .serializers import (
    DeleteSerializer,
    PageSerializer,
    PlaceSerializer,
    PutSerializer,
)

log = logging.getLogger(__name__)

NDJSON = "application/x-ndjson"
LIMIT = 100
# The last line says where to go on.
LINES = 5_000 - 1
# Documents that are in memory at once: some megabytes, and few enough statements that
# most of the time goes to the documents.
READ_AT_ONCE = 150
LONGEST_WAIT_S = 30
CHECKPOINT_LENGTH = 1_000
# Characters at which some readers end a line, although JSON may have them in texts.
LINE_ENDS = {one: f"\\u{ord(one):04x}" for one in "\u0085\u2028\u2029"}


def _type(text: str) -> str:
    kinds = [kind.value for kind in Kind]
    if text not in kinds:
        raise ValueError(
            f"types cannot have “{text[:60]}”.{nearest(text, kinds)} {among(kinds)}"
        )
    return text


def _since(text: str) -> str:
    # Whether it is one of ours, `place_of` says.
    if len(text) > CHECKPOINT_LENGTH:
        raise ValueError("since is not a checkpoint of this API. Take it as it is.")
    return text


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "since",
        "The checkpoint of the last answer that you have stored. Without it the feed "
        "starts with all that the channel carries. It is bound to the channel and to "
        "`types` and `locale`, which need not be said again.",
        {"type": "string", "maxLength": CHECKPOINT_LENGTH},
        _since,
    ),
    words(
        "types",
        {"type": "string", "enum": [kind.value for kind in Kind]},
        _type,
        "Only these types.",
    ),
    replace(
        choice(
            "locale",
            [code for code, _ in settings.LANGUAGES],
            settings.LANGUAGE_CODE,
            "Only this language, and what is the same in every language. Without it "
            "all that the channel carries.",
        ),
        default=None,
    ),
    replace(
        integer(
            "limit",
            1,
            1_000,
            LIMIT,
            "How many changes an answer has at most. Without it 100, and of lines as "
            "many as there are, up to 4,999.",
        ),
        default=None,
    ),
    integer(
        "wait",
        0,
        LONGEST_WAIT_S,
        0,
        "For how many seconds an answer without changes may be held until there is "
        "one. A hint: where there is no room it comes at once, with `Retry-After`.",
    ),
    parameters.slug(
        "channel",
        reading.PUBLIC,
        "The slug of the open channel to read. Each channel has changes of its own.",
    ),
    replace(
        choice(
            "format",
            ("json", "ndjson"),
            "json",
            "`ndjson` for one change a line, instead of the header Accept.",
        ),
        default=None,
    ),
)


class Sync(Door):
    operation = "sync"
    title = "All that the channel carries, and then what changes in it."
    parameters = PARAMETERS
    refusals: ClassVar = (CheckpointExpired,)
    media_types = (JSON, NDJSON)
    negotiates = True

    def answer_schemas(self, component: Component) -> dict[str, dict[str, Any]]:
        put = component("Put", [PutSerializer])
        delete = component("Delete", [DeleteSerializer])
        place = component("Place", [PlaceSerializer])
        page = component("ChangesPage", [PageSerializer])
        return {JSON: page, NDJSON: {"oneOf": [put, delete, place]}}

    def get(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse | StreamingHttpResponse:
        try:
            return self._told(request)
        except BaseException:
            # Another answer is made of it, which is not followed by anything.
            waiting.keep_no_connection()
            raise

    def _told(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        asked = parameters.read(request, PARAMETERS)
        media_type = _media_type(request, asked)
        standing = standing_of(request, asked)
        feed, came_from = _feed(asked, standing)
        limit = asked["limit"] or (LIMIT if media_type == JSON else LINES)
        at_once = limit if media_type == JSON else min(limit, READ_AT_ONCE)
        page = feed.page(at_once, _now(feed))
        has_all = not page and not feed.more
        is_held, is_noted = False, False
        if asked["wait"] and came_from is not None and has_all:
            # Staff may be waiting for it, and the answer may take long.
            _note(feed, came_from, has_all=True)
            is_noted = True
            page, is_held = _held(feed, at_once, asked["wait"])
        answer = _page if media_type == JSON else _lines
        response = answer(request, asked, feed, page, limit)
        response["Cache-Control"] = "private, no-store"
        # What was passed over comes again, but need not be asked for at once.
        is_early = feed.behind is not None if page else asked["wait"] and not is_held
        if is_early and not feed.more:
            response["Retry-After"] = str(waiting.RETRY_S)
        if came_from is not None and not is_noted:
            response.afterwards = lambda: _note(feed, came_from, has_all=has_all)
        return response


class _Followed:
    """An answer after which something is done that its reader need not wait for.

    It stands before one of Django's, which has what is called.
    """

    afterwards: Callable[[], None] | None = None

    def close(self) -> None:
        try:
            if self.afterwards is not None:
                self.afterwards()
        finally:
            waiting.keep_no_connection()
            super().close()  # type: ignore[misc]


class Page(_Followed, HttpResponse):
    pass


class Lines(_Followed, StreamingHttpResponse):
    pass


def _media_type(request: HttpRequest, asked: Asked) -> str:
    named = {"json": JSON, "ndjson": NDJSON, None: None}[asked["format"]]
    return named or preferred(request, (JSON, NDJSON))


def _feed(asked: Asked, standing: Standing) -> tuple[Feed, int | None]:
    """The consumer's place, and how far it says that it has come."""
    filters = Filters(asked["types"], asked["locale"])
    if asked["since"] is None:
        return Feed(standing, filters), None
    now = standing.moment(timezone.now())
    since = place_of(asked["since"], standing, filters, now)
    return Feed(standing, Filters.of(since.filters), since), since.sequence


def _now(feed: Feed) -> datetime:
    return feed.standing.moment(timezone.now())


def _held(feed: Feed, limit: int, wait_s: int) -> tuple[list[Change], bool]:
    """What came within `wait_s`, and whether the request was held for it."""
    deadline = time.monotonic() + wait_s
    page: list[Change] = []
    with waiting.room() as is_free:
        while is_free and not page and not feed.more:
            if not waiting.until_news(feed.standing, deadline):
                break
            _renew(feed)
            page = feed.page(limit, _now(feed))
    return page, is_free


def _renew(feed: Feed) -> None:
    """Read anew whether and what the consumer may read. Raises Unauthorized."""
    standing = reading.standing_anew(feed.standing, timezone.now())
    if standing is None:
        raise Unauthorized(
            "The channel was closed or the key ended meanwhile.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    feed.standing = standing


def _page(
    request: HttpRequest, asked: Asked, feed: Feed, page: list[Change], limit: int
) -> Page:
    changes = ",".join(map(as_json, page))
    text = f'{{"changes":[{changes}],{_place(request, asked, feed)[1:]}'
    return Page(text, content_type=JSON)


def _lines(
    request: HttpRequest, asked: Asked, feed: Feed, page: list[Change], limit: int
) -> Lines:
    return Lines(_written(request, asked, feed, page, limit), content_type=NDJSON)


def _written(
    request: HttpRequest, asked: Asked, feed: Feed, page: list[Change], limit: int
) -> Iterator[bytes]:
    """The lines, of which few are in memory; who may read them is asked all along."""
    left = limit
    while True:
        left -= len(page)
        if page:
            text = "".join(f"{as_json(change)}\n" for change in page)
            # Faster than `translate`, which looks at each character by itself.
            for one, escaped in LINE_ENDS.items():
                text = text.replace(one, escaped)
            yield text.encode()
        if not feed.more or left <= 0:
            break
        _renew(feed)
        page = feed.page(min(left, READ_AT_ONCE), _now(feed))
    yield f"{_place(request, asked, feed)}\n".encode()


def _place(request: HttpRequest, asked: Asked, feed: Feed) -> str:
    checkpoint = feed.checkpoint(_now(feed))
    url = f"{absolute(request)}?{asked.query(since=checkpoint)}"
    return dumped({"checkpoint": checkpoint, "more": feed.more, "next": url})


def _note(feed: Feed, sequence: int, *, has_all: bool) -> None:
    try:
        propagation.saw(
            feed.standing,
            propagation.SYNC,
            sequence,
            timezone.now(),
            types=feed.filters.types,
            locale=feed.filters.locale,
            has_all=has_all,
        )
    except DatabaseError as error:
        # The answer is out, and the next one says it again.
        log.warning("Could not note how far a mirror is: %s", type(error).__name__)
