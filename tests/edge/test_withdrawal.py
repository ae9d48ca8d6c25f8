"""A withdrawal reaches every reader behind an edge within a second."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction

from api.documents import publishing
from cms.demo import parts
from cms.readers import BASE_DIR
from content_models.models import Article
from tests import factories as make
from tests.edge.varnish import Edge
from tests.machine import free_port, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

# The promise, in seconds from the commit to the start of a request.
PROMISED_S = 1.0
READERS = 6
ROUNDS = 4
# In its title, which every answer has that shows the article.
MARK = "Quite unmistakable"


@dataclass
class Seen:
    """One answer: when it was asked for, and whether it shows the article."""

    started_at: float
    form: str
    status: int
    shows_it: bool
    was_kept: bool


def database_url() -> str:
    """The test's own database, for another process."""
    known = connection.settings_dict
    user = f"{quote(known['USER'])}:{quote(known.get('PASSWORD') or '')}"
    query = urlencode({"host": known["HOST"] or "/var/run/postgresql"})
    port = f":{known['PORT']}" if known.get("PORT") else ""
    return f"postgres://{user}@localhost{port}/{known['NAME']}?{query}"


@contextmanager
def granian(**environ: str) -> Iterator[int]:
    """The API as it runs in production; the port on which it listens."""
    port = free_port()
    ours = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "SECRET_KEY": settings.SECRET_KEY,
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        parts.web(port), cwd=BASE_DIR, env=os.environ | ours | environ
    )
    try:
        assert until(lambda: status_of(port, "/health") == 200, within_s=90)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def status_of(port: int, path: str) -> int | None:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", path)
        return asking.getresponse().status
    except OSError:
        return None
    finally:
        asking.close()


class Readers:
    """Clients that ask the edge for all that may show one article, all the time."""

    def __init__(self, port: int, slug: str, category: str) -> None:
        self.port = port
        self.seen: list[Seen] = []
        self.errors: list[Exception] = []
        self._enough = Event()
        self._threads = [Thread(target=self._read) for _ in range(READERS)]
        lists = ("", "?limit=5", f"?category={category}", "?fields=*&order=title")
        self._questions = [
            (f"/api/v1/articles/{rest}", "application/json")
            for rest in (*lists, f"{slug}/", f"{slug}/?fields=title")
        ] + [
            (f"/api/v1/articles/{slug}/", kind)
            for kind in ("text/markdown", "application/ld+json", "text/*;q=0.5, */*")
        ]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _read(self) -> None:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            while not self._enough.is_set():
                for path, kind in self._questions:
                    self.seen.append(self._asked(asking, path, kind))
        except Exception as error:  # noqa: BLE001 - it is what the test asks for
            self.errors.append(error)
        finally:
            asking.close()

    def _asked(self, asking: Any, path: str, kind: str) -> Seen:
        started_at = time.monotonic()
        asking.request("GET", path, headers={"Accept": kind})
        got = asking.getresponse()
        shows_it = MARK.encode() in got.read()
        was_kept = got.headers["X-Cache"] == "hit"
        return Seen(started_at, f"{kind} {path}", got.status, shows_it, was_kept)


def withdraw(article: Article) -> float:
    """Unpublish it; the moment of the commit."""
    committed_at: list[float] = []
    with publishing.publishing():
        article.unpublish()
        transaction.on_commit(lambda: committed_at.append(time.monotonic()))
    return committed_at[0]


def test_nobody_who_asks_a_second_after_a_withdrawal_is_shown_it(
    edge_before: Callable[[int], Edge],
) -> None:
    with granian(RATE_LIMIT="0") as origin:
        edge = edge_before(origin)
        for number in range(ROUNDS):
            category = make.CategoryFactory(slug=f"round-{number}")
            article = make.ArticleFactory(
                slug=f"withdrawn-{number}", title=MARK, categories=[category]
            )
            with Readers(edge.port, article.slug, category.slug) as readers:
                # Each round meets the second at another point.
                time.sleep(1.5 + number / ROUNDS)
                # Of an address that nobody else asks for, the edge has an old answer.
                quiet = f"/api/v1/articles/{article.slug}/?fields=title,slug"
                assert MARK.encode() in edge.ask(quiet).body
                committed_at = withdraw(article)
                time.sleep(PROMISED_S)
                assert MARK.encode() not in edge.ask(quiet).body
                time.sleep(1.5)

            before = [one for one in readers.seen if one.started_at < committed_at]
            after = [
                one
                for one in readers.seen
                if one.started_at > committed_at + PROMISED_S
            ]
            assert readers.errors == []
            shown = {one.form for one in before if one.shows_it}
            assert shown == {one.form for one in after}, "they did not all show it"
            assert any(one.was_kept for one in before if one.shows_it)
            assert [one for one in after if one.shows_it] == []


def test_an_answer_that_has_not_changed_costs_the_origin_a_304(
    edge_before: Callable[[int], Edge],
) -> None:
    make.ArticleFactory(slug="hip-pain", title=MARK)

    with granian(RATE_LIMIT="0") as origin:
        edge = edge_before(origin)
        for path in ("/api/v1/articles/", "/api/v1/articles/hip-pain/"):
            first = edge.ask(path, Accept_Encoding="zstd")
            kept = edge.ask(path, Accept_Encoding="zstd")
            before = edge.counted("fetch_304")
            time.sleep(1.1)
            again = edge.ask(path, Accept_Encoding="zstd")

            assert (first.status, kept.was_kept, again.was_kept) == (200, True, False)
            assert again.body == kept.body == first.body
            assert again.headers["ETag"] == first.headers["ETag"]
            assert edge.counted("fetch_304") == before + 1


def test_clients_behind_an_edge_are_limited_each_by_their_own_address(
    edge_before: Callable[[int], Edge],
) -> None:
    with granian(RATE_LIMIT="20", TRUSTED_PROXIES="1") as origin:
        edge = edge_before(origin)

        def asked(number: int) -> int:
            claimed = f"203.0.113.{number}"
            path = f"/api/v1/articles/?limit={1 + number}"
            lookalikes = {"X__Forwarded__For": claimed, "X__Forwarded_For": claimed}
            return edge.ask(path, X_Forwarded_For=claimed, **lookalikes).status

        statuses = [asked(number) for number in range(90)]

    # Two processes count for themselves, and the bucket fills by one every 3 s.
    assert 20 <= statuses.count(200) <= 50
    assert statuses.count(429) == 90 - statuses.count(200)
