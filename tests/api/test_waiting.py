"""`wait=SECONDS`: a mirror hears of a change at once, and holds up nobody."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from api.documents import healing, news, publishing
from api.sync import waiting
from cms.wsgi import fronted
from tests.api.factories import ChannelFactory
from tests.api.gateway import asked
from tests.factories import TagFactory
from tests.machine import until
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SYNC = "/api/v1/sync/"


@pytest.fixture(autouse=True)
def room_for_two(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    healing.repair()
    settings.SYNC_WAITS = 2
    monkeypatch.setattr(news, "PROVE_S", 0.2)
    news.ear.cache_clear()
    yield
    # Its connection would keep the test database from being dropped.
    assert until(lambda: not [t for t in threading.enumerate() if t.name == "ear"])


def checkpoint(query: str = "") -> str:
    return str(Client().get(f"{SYNC}?{query}").json()["checkpoint"])


class Waiter:
    """Asks and waits; what came, and how long that took."""

    def __init__(self, wait_s: int, query: str = "") -> None:
        self.since = checkpoint(query)
        self.address = f"{SYNC}?{query}&since={self.since}&wait={wait_s}"

    def __call__(self) -> None:
        started = time.monotonic()
        self.status, self.headers, self.body = asked(fronted(), self.address)
        self.took_s = time.monotonic() - started

    @property
    def changes(self) -> list[Any]:
        changes: list[Any] = json.loads(self.body)["changes"]
        return changes


def publish_when(number: int) -> None:
    """Publish a tag once so many are waiting."""
    assert until(lambda: waiting._waiting == number)
    time.sleep(0.3)
    TagFactory(slug="news")


def listening() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def test_who_waits_hears_of_a_change_at_once():
    waiter = Waiter(20)

    assert at_once(waiter, lambda: publish_when(1)) == []

    assert [one["document"]["slug"] for one in waiter.changes] == ["news"]
    assert waiter.took_s < 5


def test_all_who_wait_share_one_connection():
    waiters = [Waiter(20), Waiter(20)]
    before = listening()
    seen = []

    def look() -> None:
        assert until(lambda: waiting._waiting == 2)
        time.sleep(0.3)
        # Its own is one, and that of this thread.
        seen.append(listening() - before)
        TagFactory(slug="news")

    assert at_once(*waiters, look) == []

    assert seen == [2]
    assert all(waiter.changes for waiter in waiters)


@pytest.mark.parametrize("query", ["limit=1", "format=ndjson", "since=none"])
def test_who_reads_changes_without_waiting_keeps_no_connection(
    settings: Any, query: str
):
    settings.SYNC_WAITS = 4
    kept = []

    def read() -> None:
        asked(fronted(), f"{SYNC}?{query}")
        kept.append(connection.connection)

    assert at_once(read) == []

    assert kept == [None]


def test_who_has_waited_keeps_no_connection():
    waiter = Waiter(20)
    kept = []

    def wait() -> None:
        waiter()
        kept.append(connection.connection)

    assert at_once(wait, lambda: publish_when(1)) == []

    assert waiter.changes != []
    assert kept == [None]


def test_without_a_change_the_answer_comes_when_the_time_is_over():
    waiter = Waiter(1)

    waiter()

    assert waiter.changes == []
    assert 1 <= waiter.took_s < 4
    assert "Retry-After" not in waiter.headers


def test_a_change_of_what_is_not_mirrored_ends_no_waiting():
    waiter = Waiter(2, "types=article")

    assert at_once(waiter, lambda: publish_when(1)) == []

    assert waiter.changes == []
    assert waiter.took_s >= 2


def test_where_there_is_no_room_the_answer_comes_at_once(settings: Any):
    settings.SYNC_WAITS = 0
    waiter = Waiter(20)

    waiter()

    assert waiter.took_s < 5
    assert int(waiter.headers["Retry-After"]) > 0


def test_who_waits_for_a_channel_that_is_suspended_reads_nothing_more():
    channel = ChannelFactory(slug="shore")
    waiter = Waiter(20, "channel=shore")

    def suspend() -> None:
        assert until(lambda: waiting._waiting == 1)
        time.sleep(0.3)
        with publishing.publishing():
            channel.is_suspended = True
            channel.save()
            publishing.note(type(channel), channel.pk)

    assert at_once(waiter, suspend) == []

    assert waiter.status.startswith("401")
    assert waiter.took_s < 5


def test_who_waits_goes_on_when_the_database_hung_up():
    waiter = Waiter(20)

    def hang_up() -> None:
        assert until(lambda: waiting._waiting == 1)
        time.sleep(0.3)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() "
                "AND query LIKE 'SELECT%%documents_head%%' "
                "AND pid <> pg_backend_pid() AND state = 'idle'"
            )
        TagFactory(slug="news")

    assert at_once(waiter, hang_up) == []

    assert len(waiter.changes) == 1
