"""A Varnish that is told what to forget: it forgets that within a second, and no more.

The API, the workers and Varnish run as the docs say; the article is withdrawn from
outside of them all.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings

from api.edge import varnish as telling
from api.edge.models import Edge as EdgeRow
from cms.readers import BASE_DIR
from tests import factories as make
from tests.edge.conftest import varnish
from tests.edge.test_withdrawal import (
    MARK,
    PROMISED_S,
    Readers,
    database_url,
    granian,
    withdraw,
)
from tests.edge.varnish import TOKEN, Edge
from tests.machine import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

LIST = "/api/v1/articles/"


class Relay:
    """Between the workers and Varnish: it passes on what Varnish is told, or does not.

    Readers do not come this way, so Varnish goes on serving while it is deaf.
    """

    def __init__(self) -> None:
        self.to = 0
        self.mode = "passes on"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def pass_on(self, request: BaseHTTPRequestHandler) -> int:
        if self.mode == "hangs":
            time.sleep(telling.TIMEOUT_S + 1)
        if self.mode != "passes on" or not self.to:
            return 500
        onward = http.client.HTTPConnection("127.0.0.1", self.to, timeout=5)
        onward.request("PURGE", request.path, headers=dict(request.headers))
        status = onward.getresponse().status
        onward.close()
        return status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_PURGE(self) -> None:
                status = relay.pass_on(self)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay()
    yield relay
    relay.server.shutdown()


def environ_of(relay: Relay) -> dict[str, str]:
    return {"EDGES": relay.url, "EDGE_TOKEN": TOKEN, "RATE_LIMIT": "0"}


@contextmanager
def worker(relay: Relay) -> Iterator[subprocess.Popen[bytes]]:
    """One worker, as it runs in production."""
    ours = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=BASE_DIR,
        env=os.environ | ours | environ_of(relay),
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


@pytest.fixture
def world(
    relay: Relay, edge_before: Callable[[int], Edge]
) -> Iterator[tuple[Edge, Relay]]:
    """The API, one worker and a Varnish that was told all so far."""
    with granian(**environ_of(relay)) as origin, worker(relay):
        edge = edge_before(origin)
        relay.to = edge.port
        assert until(is_told_all, within_s=60)
        yield edge, relay


def is_told_all() -> bool:
    return EdgeRow.objects.filter(
        failures=0, sequence__isnull=False, marked=None
    ).exists()


def keep(edge: Edge, *addresses: str) -> None:
    """Have `edge` keep the answers at `addresses` for long."""
    # What the edge keeps for a second only, it forgets meanwhile.
    assert until(lambda: is_told_all() and is_kept(edge, *addresses), within_s=30)


def is_kept(edge: Edge, *addresses: str) -> bool:
    for address in addresses:
        edge.ask(address)
    time.sleep(1.1)
    return all(edge.ask(address).was_kept for address in addresses)


def test_a_withdrawn_article_is_gone_and_everything_else_stays(
    world: tuple[Edge, Relay],
) -> None:
    edge, _ = world
    article = make.ArticleFactory(slug="hip-pain", title=MARK)
    make.ArticleFactory(slug="knee-pain")
    make.CategoryFactory(slug="knee")
    shown = [LIST, f"{LIST}hip-pain/", f"{LIST}hip-pain/?fields=title"]
    others = [
        *(f"{LIST}knee-pain/", "/api/v1/categories/", "/api/v1/categories/knee/"),
        *("/api/v1/practice/", "/api/v1/authors/"),
    ]
    keep(edge, *shown, *others)

    committed_at = withdraw(article)
    time.sleep(max(0, committed_at + PROMISED_S - time.monotonic()))
    answers = {address: edge.ask(address) for address in [*shown, *others]}

    assert all(MARK.encode() not in answers[address].body for address in shown)
    assert [answers[address].status for address in shown] == [200, 410, 410]
    assert [one for one in others if not answers[one].was_kept] == []


def test_nobody_who_asks_a_second_later_is_shown_it_however_many_ask(
    world: tuple[Edge, Relay],
) -> None:
    edge, _ = world
    for number in range(3):
        category = make.CategoryFactory(slug=f"round-{number}")
        article = make.ArticleFactory(
            slug=f"withdrawn-{number}", title=MARK, categories=[category]
        )
        with Readers(edge.port, article.slug, category.slug) as readers:
            time.sleep(1.5 + number / 3)
            committed_at = withdraw(article)
            time.sleep(PROMISED_S + 1.5)

        limit = committed_at + PROMISED_S
        after = [one for one in readers.seen if one.started_at > limit]
        before = [one for one in readers.seen if one.started_at < committed_at]
        assert readers.errors == []
        assert any(one.was_kept for one in before if one.shows_it)
        assert after
        assert [one for one in after if one.shows_it] == []


@pytest.mark.parametrize("mode", ["answers 500", "hangs"])
def test_what_a_deaf_edge_was_not_told_it_is_told_when_it_hears_again(
    world: tuple[Edge, Relay], mode: str
) -> None:
    edge, relay = world
    article = make.ArticleFactory(slug="hip-pain", title=MARK)
    keep(edge, f"{LIST}hip-pain/")
    relay.mode = mode

    withdraw(article)
    assert until(lambda: EdgeRow.objects.get().failures > 0, within_s=10)
    while_deaf = edge.ask(f"{LIST}hip-pain/")
    asked_meanwhile = edge.ask("/api/v1/categories/?fields=slug")
    time.sleep(1.1)
    again = edge.ask("/api/v1/categories/?fields=slug")
    relay.mode = "passes on"
    is_gone = until(
        lambda: MARK.encode() not in edge.ask(f"{LIST}hip-pain/").body, within_s=8
    )

    # The bound that the docs name: what it had, it goes on serving.
    assert MARK.encode() in while_deaf.body
    # But nothing that it fetches meanwhile is kept longer than a second.
    assert (asked_meanwhile.was_kept, again.was_kept) == (False, False)
    assert is_gone


def test_an_edge_that_was_down_comes_back_without_what_was_withdrawn(
    relay: Relay,
) -> None:
    article = make.ArticleFactory(slug="hip-pain", title=MARK)
    with granian(**environ_of(relay)) as origin, worker(relay):
        with varnish(origin) as edge:
            relay.to = edge.port
            assert until(is_told_all, within_s=60)
            keep(edge, f"{LIST}hip-pain/")
        relay.to = 0
        withdraw(article)
        assert until(lambda: EdgeRow.objects.get().failures > 0, within_s=10)
        with varnish(origin) as edge:
            relay.to = edge.port

            assert edge.ask(f"{LIST}hip-pain/").status == 410
            assert until(is_told_all, within_s=15)
            keep(edge, LIST)


def test_of_two_workers_one_may_be_killed_at_any_moment(
    world: tuple[Edge, Relay],
) -> None:
    edge, relay = world
    with worker(relay) as second:
        for number in range(3):
            article = make.ArticleFactory(slug=f"hip-pain-{number}", title=MARK)
            keep(edge, f"{LIST}hip-pain-{number}/")
            if number == 1:
                second.kill()
            committed_at = withdraw(article)
            time.sleep(max(0, committed_at + PROMISED_S - time.monotonic()))

            assert edge.ask(f"{LIST}hip-pain-{number}/").status == 410


def test_the_worker_that_has_the_word_is_killed_and_another_takes_over(
    relay: Relay, edge_before: Callable[[int], Edge]
) -> None:
    with granian(**environ_of(relay)) as origin, worker(relay) as first:
        edge = edge_before(origin)
        relay.to = edge.port
        assert until(is_told_all, within_s=60)
        with worker(relay):
            # Until it waits for the word.
            time.sleep(8)
            article = make.ArticleFactory(slug="hip-pain", title=MARK)
            keep(edge, f"{LIST}hip-pain/")
            relay.mode = "hangs"
            committed_at = withdraw(article)
            first.kill()
            relay.mode = "passes on"

            # One that dies while it speaks costs the time in which that is noticed.
            assert until(lambda: edge.ask(f"{LIST}hip-pain/").status == 410, within_s=5)
            assert time.monotonic() - committed_at < 5
