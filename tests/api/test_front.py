"""Answers from memory are, to the header, those that Django would give then."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import signals
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.channels.models import Channel
from api.documents.models import ConsumerPosition, Head, Settling
from api.documents.publishing import publishing
from api.front import Front
from cms.wsgi import Application, Django
from content_models.models import Article
from tests.api.factories import (
    ChannelFactory,
    DocumentFactory,
    PlacementFactory,
    article,
    public,
)
from tests.api.gateway import Answer, asked
from tests.factories import ArticleFactory, published

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "articles/",
    "articles/?limit=1",
    "articles/?limit=1&offset=1",
    "articles/?tag=none",
    "articles/?q=exercises",
    "articles/?facets=category",
    "articles/?fields=id,title",
    "articles/first/",
    "articles/first/?format=md",
    "articles/first/?fallback=true",
    "articles/first/related/",
    "articles/missing/",
    "articles/?limit=1000",
    "articles/?channel=missing",
    "authors/",
    "locations/?near=40,-74",
    "locations/?open_at=now",
    "locations.geojson",
    "search/?q=exercises",
    "resolve/?path=/articles/first/",
    "practice/",
    "sync/",
    "openapi.json",
    "nothing/",
    "",
    "/feeds/public/articles.json",
    "/feeds/public/articles.atom?limit=1",
    "/feeds/public/articles.rss",
    "/feeds/missing/articles.rss",
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"ACCEPT": "text/markdown"},
    {"ACCEPT": "application/ld+json;q=0.9, application/json;q=0.1"},
    {"ACCEPT": "image/png"},
    {"ACCEPT_ENCODING": "gzip"},
    {"ACCEPT_ENCODING": "gzip, deflate, br, zstd"},
    {"ACCEPT_ENCODING": "identity;q=0"},
    {"IF_NONE_MATCH": "*"},
    {"IF_NONE_MATCH": '"other"'},
    {"IF_MODIFIED_SINCE": "Wed, 01 Jan 2098 00:00:00 GMT"},
    {"IF_MODIFIED_SINCE": "Wed, 01 Jan 2020 00:00:00 GMT"},
    {"AUTHORIZATION": "Bearer wrong"},
    {"ORIGIN": "https://partner.test"},
    {"X_REQUEST_ID": "mine-1"},
    {"X_REQUEST_ID": "not one\n"},
    {"HOST": "evil.test"},
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST")


class Asking:
    """One question to Django and to the layer, and how much was behind the layer."""

    def __init__(self) -> None:
        self._django, self._behind = Django(), Application()
        self.front = Front(self._counted, 8 * 1024 * 1024)
        self.passed_on = 0

    def _counted(self, environ: dict[str, Any], start: Any) -> Any:
        self.passed_on += 1
        return self._behind(environ, start)

    def django(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return asked(self._django, path, method, headers)

    def layer(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return asked(self.front, path, method, headers)

    def is_known(self, path: str, method: str = "GET", **headers: str) -> bool:
        """Whether the layer answers by itself."""
        before = self.passed_on
        self.layer(path, method, **headers)
        return self.passed_on == before


def alike(answer: Answer) -> Answer:
    """Without the name of the request where nobody gave it one, and checkpoints."""
    status, headers, body = answer
    name = headers.get("X-Request-ID", "")
    shown = {**headers, "X-Request-ID": name if name == "mine-1" else "any"}
    return status, shown, b"" if b'"checkpoint"' in body else body


@pytest.fixture
def asking() -> Iterator[Asking]:
    # The connection is the test's own: nobody closes it after a request.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield Asking()
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.fixture
def some() -> None:
    for slug in ("first", "second", "third"):
        ArticleFactory(slug=slug)
    long_ago(timedelta(hours=1))


def long_ago(ago: timedelta) -> None:
    """Have the last change be so long ago."""
    Head.objects.update(changed_at=timezone.now() - ago)


# --- The same as Django -----------------------------------------------------------


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_layer_says_what_django_says_at_first_and_from_memory(
    asking: Asking, some: None, frozen: Any, path: str
) -> None:
    with frozen(timezone.now()):
        for method in METHODS:
            for headers in HEADERS:
                expected = alike(asking.django(path, method, **headers))

                assert alike(asking.layer(path, method, **headers)) == expected
                assert alike(asking.layer(path, method, **headers)) == expected


@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
@pytest.mark.parametrize("path", ["articles/", "articles/first/"])
def test_a_client_that_has_the_answer_is_told_so_from_memory(
    asking: Asking, some: None, path: str, coding: str
) -> None:
    accepted = {"ACCEPT_ENCODING": coding} if coding else {}
    etag = asking.django(path, **accepted)[1]["ETag"]
    expected = asking.django(path, IF_NONE_MATCH=etag, **accepted)

    asking.layer(path, IF_NONE_MATCH=etag, **accepted)

    assert asking.is_known(path, IF_NONE_MATCH=etag, **accepted)
    told = asking.layer(path, IF_NONE_MATCH=etag, **accepted)
    assert alike(told) == alike(expected)
    assert told[0].startswith("304")


@pytest.mark.parametrize("path", ["articles/", "articles/first/", "search/?q=pain"])
def test_a_known_answer_takes_one_statement(
    asking: Asking, some: None, path: str, django_assert_num_queries: Any
) -> None:
    asking.layer(path)

    # The version of the channel.
    with django_assert_num_queries(1):
        assert asking.is_known(path)


@pytest.mark.parametrize("path", ["articles/first/", "articles/?tag=none"])
def test_what_is_known_of_before_a_change_takes_no_statement_to_find_that_out(
    asking: Asking, some: None, path: str, django_assert_num_queries: Any
) -> None:
    for known in (path, "articles/"):
        asking.layer(known)
    with publishing():
        Article.objects.get(slug="second").unpublish()
    asking.layer("articles/")
    with CaptureQueriesContext(connection) as django_takes:
        asking.django(path)

    with django_assert_num_queries(len(django_takes)):
        assert not asking.is_known(path)


def test_how_far_a_mirror_says_that_it_is_is_written_down_behind_the_answer(
    asking: Asking, some: None
) -> None:
    since = json.loads(asking.layer("sync/")[2])["checkpoint"]

    asking.layer(f"sync/?since={since}")

    assert ConsumerPosition.objects.count() == 1


# --- Never older than the database ------------------------------------------------


@pytest.mark.parametrize("path", ["articles/", "articles/first/", "articles/?limit=1"])
def test_what_is_published_is_in_the_next_answer(
    asking: Asking, some: None, path: str
) -> None:
    asking.layer(path)
    changed = Article.objects.get(slug="first")
    changed.title = "Quite another title"

    published(changed)

    assert alike(asking.layer(path)) == alike(asking.django(path))
    assert b"Quite another title" in asking.layer("articles/")[2]


@pytest.mark.parametrize("path", ["articles/", "articles/first/", "search/?q=pain"])
def test_what_is_withdrawn_is_gone_from_the_next_answer(
    asking: Asking, some: None, path: str
) -> None:
    assert b'"first"' in asking.layer(path)[2]
    asking.layer(path)

    with publishing():
        Article.objects.get(slug="first").unpublish()

    assert b'"first"' not in asking.layer(path)[2]
    assert alike(asking.layer(path)) == alike(asking.django(path))


@pytest.mark.parametrize(
    "change",
    [
        {"is_suspended": True},
        {"is_open": False},
    ],
)
def test_a_channel_that_is_closed_gives_no_more_answers_from_memory(
    asking: Asking, change: dict[str, bool]
) -> None:
    channel = ChannelFactory(slug="partner", is_open=True)
    PlacementFactory(channel=channel)
    asking.layer("articles/?channel=partner")
    assert asking.is_known("articles/?channel=partner")

    Channel.objects.filter(pk=channel.pk).update(**change)

    status, _, _ = asking.layer("articles/?channel=partner")
    assert status.startswith(("400", "403"))


def test_a_channel_that_settles_gives_none_from_memory(
    asking: Asking, some: None
) -> None:
    asking.layer("articles/")

    Settling.objects.create(channel=public(), since=timezone.now())

    assert not asking.is_known("articles/")
    assert not asking.is_known("articles/")


# --- For a moment without asking --------------------------------------------------


def test_for_a_moment_a_known_answer_takes_no_statement(
    asking: Asking, some: None, django_assert_num_queries: Any
) -> None:
    asking.front = Front(Application(), 8 * 1024 * 1024, fresh_s=60)
    first = [asking.layer("articles/") for _ in range(2)]

    with django_assert_num_queries(0):
        assert [alike(asking.layer("articles/"))] * 2 == list(map(alike, first))


def test_then_it_is_asked_again_and_a_change_is_seen(asking: Asking, some: None):
    asking.front = Front(Application(), 8 * 1024 * 1024, fresh_s=0.1)
    for _ in range(2):
        asking.layer("articles/")

    with publishing():
        Article.objects.get(slug="first").unpublish()
    time.sleep(0.1)

    assert b'"first"' not in asking.layer("articles/")[2]


def test_what_is_seen_to_have_changed_is_not_given_for_another_moment(
    asking: Asking, some: None
) -> None:
    asking.front = Front(Application(), 8 * 1024 * 1024, fresh_s=60)
    for _ in range(2):
        asking.layer("articles/")
    with publishing():
        Article.objects.get(slug="first").unpublish()

    asking.layer("articles/?limit=1")

    assert b'"first"' not in asking.layer("articles/")[2]


# --- The clock --------------------------------------------------------------------


def a_boundary_in(seconds: float, now: datetime) -> None:
    """Have an article be shown for so long, and the channel know it."""
    until = now + timedelta(seconds=seconds)
    document = DocumentFactory(slug="ends", visible_until=until)
    PlacementFactory(document=document, visible_until=until)
    Head.objects.filter(channel=public()).update(
        next_boundary_at=until, changed_at=now - timedelta(hours=1)
    )


@pytest.mark.parametrize("path", ["articles/", "articles/ends/"])
def test_no_answer_outlives_the_channels_next_boundary(
    asking: Asking, frozen: Any, path: str
) -> None:
    now = timezone.now()
    a_boundary_in(60, now)
    with frozen(now):
        asking.layer(path)
        assert asking.is_known(path)

    for seconds in (30, 58, 58.5, 59, 59.5, 59.99, 60, 61):
        with frozen(now + timedelta(seconds=seconds)):
            assert alike(asking.layer(path)) == alike(asking.django(path)), seconds


@pytest.mark.parametrize("path", ["articles/", "articles/?limit=1"])
def test_a_fresh_change_is_dated_as_django_dates_it(
    asking: Asking, some: None, frozen: Any, path: str
) -> None:
    now = timezone.now()
    Head.objects.update(changed_at=now)

    for seconds in (0, 0.5, 1, 1.9, 2, 2.1, 5):
        with frozen(now + timedelta(seconds=seconds)):
            assert alike(asking.layer(path)) == alike(asking.django(path)), seconds


def test_what_is_open_now_is_asked_anew(asking: Asking, some: None) -> None:
    asking.layer("locations/?open_at=now")

    assert not asking.is_known("locations/?open_at=now")


# --- Limits -----------------------------------------------------------------------


def test_answers_from_memory_count_as_any_other(
    asking: Asking, some: None, settings: Any
) -> None:
    settings.RATE_LIMIT = 4

    statuses = [asking.layer("articles/")[0][:3] for _ in range(6)]

    assert statuses == ["200"] * 4 + ["429"] * 2
    assert "Retry-After" in asking.layer("articles/")[1]


# --- Memory -----------------------------------------------------------------------


@pytest.fixture
def full(asking: Asking) -> Asking:
    """Somebody has asked for more than there is room for."""
    article(slug="first")
    asking.front = Front(asking._counted, 80_000)
    for offset in range(100):
        asking.layer(f"articles/?offset={offset}")
    return asking


def test_memory_is_bounded(full: Asking) -> None:
    assert 0 < len(full.front._answers) < 20


def test_where_it_is_full_what_is_asked_for_again_has_the_oldest_forgotten(
    full: Asking,
) -> None:
    kept = len(full.front._answers)

    full.layer("articles/?offset=99")

    assert full.is_known("articles/?offset=99")
    assert not full.is_known("articles/?offset=0")
    assert len(full.front._answers) == kept


def test_who_asks_for_everything_once_has_nothing_forgotten_that_others_ask_for(
    full: Asking,
) -> None:
    full.layer("articles/?limit=7")
    full.layer("articles/?limit=7")

    for offset in range(100, 200):
        full.layer(f"articles/?offset={offset}")

    assert full.is_known("articles/?limit=7")


def test_tags_that_no_answer_has_take_the_memory_of_one_answer(
    asking: Asking, some: None
) -> None:
    for number in range(10):
        asking.layer("articles/", IF_NONE_MATCH=f'"{number}"')

    assert len(asking.front._answers) == 1
    assert asking.is_known("articles/")
    assert alike(asking.layer("articles/")) == alike(asking.django("articles/"))


def test_what_is_asked_for_at_length_takes_no_memory(
    asking: Asking, some: None
) -> None:
    asking.layer("articles/", ACCEPT=f"application/json, x/{'y' * 2_000}")

    assert len(asking.front._answers) == 0
