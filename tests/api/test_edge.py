"""What a cache in front is told to forget, and for how long it may keep what it has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.channels.models import Extent
from api.documents import publishing
from api.documents.identity import key_of
from api.documents.keys import key_of_channel
from api.documents.models import Counter
from api.edge import models, purging, varnish
from api.edge.models import Edge
from content_models.models import Article
from tests import factories as make
from tests.api.factories import ChannelFactory
from tests.machine import free_port

pytestmark = pytest.mark.django_db

TOKEN = "a token that nobody else knows"
LIST = "/api/v1/articles/"
KEPT_FOR_LONG = "max-age=600, stale-while-revalidate=60, stale-if-error=3600"


class Listener:
    """An edge that writes down what it is told, and answers with `status`."""

    def __init__(self) -> None:
        self.status, self.takes_s = 200, 0.0
        self.told: list[set[str]] = []
        self.tokens: set[str | None] = set()
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_PURGE(self) -> None:
                time.sleep(listener.takes_s)
                listener.tokens.add(self.headers["Authorization"])
                if listener.status == 200:
                    listener.told.append(set(self.headers["Purge-Keys"].split()))
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    """The only edge that is configured."""
    listener = Listener()
    settings.EDGES, settings.EDGE_TOKEN = [listener.url], TOKEN
    yield listener
    listener.server.shutdown()


@pytest.fixture
def tell(settings: Any) -> Callable[[], Edge]:
    """Tell the edge all there is, twice; how it then stands."""

    def told(times: int = 10) -> Edge:
        for _ in range(times):
            edge, _ = Edge.objects.get_or_create(url=settings.EDGES[0])
            again_at = purging.tell(edge)
            if edge.failures or edge.marked is None:
                break
            time.sleep(max(0.0, (again_at - timezone.now()).total_seconds()))
        return edge

    return told


def kept_by_edges(address: str = LIST, **headers: str) -> str | None:
    answer = Client().get(address, headers=headers)
    return answer.headers.get("CDN-Cache-Control")


def unpublish(article: Article) -> None:
    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()


# --- What it is told --------------------------------------------------------------


def test_a_withdrawal_is_told_by_the_document_and_the_lists_of_its_type(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    article, other = make.ArticleFactory(), make.ArticleFactory()
    tell()
    listener.told.clear()

    unpublish(article)
    tell()

    once, twice = listener.told
    assert once == twice
    assert once >= {
        key_of(f"article:{article.pk}"),
        key_of_channel("public:article"),
    }
    assert key_of(f"article:{other.pk}") not in once
    assert key_of_channel("public") not in once
    assert listener.tokens == {f"Bearer {TOKEN}"}


def test_what_it_is_told_by_is_on_every_answer_that_shows_it(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    article = make.ArticleFactory(slug="hip-pain")
    tell()
    listener.told.clear()
    addresses = [
        *(LIST, f"{LIST}?fields=title", "/api/v1/search/?q=hip", f"{LIST}hip-pain/"),
        *(f"{LIST}hip-pain/?format=md", f"{LIST}hip-pain/?as_of=2026-01-01"),
    ]
    keys = {
        address: set(Client().get(address).headers["Surrogate-Key"].split())
        for address in addresses
    }

    unpublish(article)
    tell()

    assert [one for one in addresses if not keys[one] & listener.told[0]] == []


def test_other_channels_than_those_that_showed_it_keep_their_lists(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    article = make.ArticleFactory()
    ChannelFactory(slug="shore", never=[article])
    tell()
    listener.told.clear()

    unpublish(article)
    tell()

    assert key_of_channel("shore:article") not in listener.told[0]


def test_a_changed_channel_is_forgotten_wholly(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory()
    shore = ChannelFactory(slug="shore")
    tell()
    listener.told.clear()

    with publishing.publishing():
        shore.extent = Extent.SUMMARY
        shore.save()
    tell()

    assert listener.told[0] == {key_of_channel("shore")}


def test_an_end_that_nobody_sees_yet_is_told(
    listener: Listener, tell: Callable[[], Edge], in_days: Any
) -> None:
    article = make.ArticleFactory()
    tell()
    listener.told.clear()

    with publishing.publishing():
        article = Article.objects.get(pk=article.pk)
        article.expire_at = in_days(1)
        article.save_revision().publish()
    tell()

    assert key_of_channel("public") in listener.told[0]


def test_very_many_changes_are_told_by_their_channels(
    listener: Listener, tell: Callable[[], Edge], monkeypatch: Any
) -> None:
    tell()
    listener.told.clear()
    monkeypatch.setattr("api.documents.outdated.MOST_CHANGES", 2)

    make.ArticleFactory.create_batch(3)
    tell()

    assert listener.told[0] == {key_of_channel("public")}


def test_an_edge_that_is_new_forgets_everything_first(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory()
    ChannelFactory(slug="shore")

    tell()

    assert listener.told[0] == {key_of_channel("public"), key_of_channel("shore")}


def test_after_a_restored_backup_everything_is_forgotten(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory()
    tell()
    listener.told.clear()

    Counter.objects.update(value=1)
    tell()

    assert key_of_channel("public") in listener.told[0]


def test_an_edge_that_was_told_everything_is_left_alone(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory()
    edge = tell()
    listener.told.clear()

    again_at = purging.tell(edge)

    assert listener.told == []
    assert again_at > timezone.now() + timedelta(seconds=20)


# --- For how long it may keep -----------------------------------------------------


def test_without_an_edge_that_is_told_nobody_keeps_anything_for_long() -> None:
    make.ArticleFactory()

    assert kept_by_edges() == "max-age=1"


def test_an_edge_may_keep_for_long_once_it_was_told(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory(slug="hip-pain")
    before = kept_by_edges()
    tell()

    assert before == "max-age=1"
    assert kept_by_edges() == KEPT_FOR_LONG
    assert kept_by_edges(f"{LIST}hip-pain/") == KEPT_FOR_LONG


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/resolve/?path=/articles/hip-pain/",
        f"{LIST}hip-pain/?fallback=true&locale=es",
        f"{LIST}hip-pain/?as_of=1999-01-01",
        f"{LIST}hip-pain/versions/",
        "/api/v1/",
    ],
)
def test_what_rests_on_more_than_its_keys_say_is_kept_for_a_second(
    address: str, listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory(slug="hip-pain")
    tell()

    assert kept_by_edges(address) == "max-age=1"


def test_what_it_was_before_is_kept_for_a_second(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory(slug="hip-pain")
    since = timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    tell()

    answer = Client().get(f"{LIST}hip-pain/", {"as_of": since})

    assert "Memento-Datetime" in answer.headers
    assert answer.headers["CDN-Cache-Control"] == "max-age=1"


def test_what_ends_by_the_clock_is_kept_until_then_and_never_stale(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory(
        slug="ends", expire_at=timezone.now() + timedelta(minutes=5, seconds=1)
    )
    tell()

    for address in (LIST, f"{LIST}ends/"):
        kept = kept_by_edges(address)
        assert kept is not None
        assert 290 <= int(kept.removeprefix("max-age=")) <= 301


def test_a_promise_that_no_worker_renews_ends(
    listener: Listener, tell: Callable[[], Edge], frozen: Any
) -> None:
    make.ArticleFactory()
    tell()

    with frozen(timezone.now() + models.TRUSTED):
        assert kept_by_edges() == "max-age=1"


def test_it_costs_no_statement(
    listener: Listener, tell: Callable[[], Edge], django_assert_num_queries: Any
) -> None:
    make.ArticleFactory()
    tell()

    # 1. the channel, its head and the promise  2. the page
    with django_assert_num_queries(2):
        assert kept_by_edges() == KEPT_FOR_LONG


# --- When it cannot be told -------------------------------------------------------


def test_another_edge_that_promises_meanwhile_knows_that_one_has_failed(
    listener: Listener, tell: Callable[[], Edge], monkeypatch: pytest.MonkeyPatch
) -> None:
    make.ArticleFactory()
    tell()
    genuine = purging.promise

    def overtaken(until: Callable[[], Any]) -> None:
        """By the promise of another edge, which asks how all of them stand."""
        genuine(lambda: models.trusted_until(timezone.now()))
        assert kept_by_edges() == "max-age=1"
        genuine(until)

    listener.status = 500
    monkeypatch.setattr(purging, "promise", overtaken)
    make.ArticleFactory()
    purging.tell(Edge.objects.get())

    assert kept_by_edges() == "max-age=1"


@pytest.fixture(params=["answers 500", "hangs", "is down"])
def deaf(
    request: Any, listener: Listener, tell: Callable[[], Edge], monkeypatch: Any
) -> Iterator[Callable[[], None]]:
    """An edge that was told all so far and is deaf now; a call makes it well again."""
    make.ArticleFactory(slug="hip-pain")
    tell()
    monkeypatch.setattr(varnish, "TIMEOUT_S", 0.3)
    listener.told.clear()
    url = listener.url
    if request.param == "answers 500":
        listener.status = 500
    elif request.param == "hangs":
        listener.takes_s = 0.6
    else:
        Edge.objects.update(url=f"http://127.0.0.1:{free_port()}")
        down = Edge.objects.get().url

    def heal() -> None:
        listener.status, listener.takes_s = 200, 0
        Edge.objects.update(url=url)
        settings.EDGES = [url]

    settings = request.getfixturevalue("settings")
    if request.param == "is down":
        settings.EDGES = [down]
    yield heal


def test_from_then_on_nobody_keeps_anything_for_long(
    deaf: Callable[[], None], tell: Callable[[], Edge]
) -> None:
    make.ArticleFactory()

    tell()

    assert kept_by_edges() == "max-age=1"


def test_it_is_told_again_until_it_hears(
    deaf: Callable[[], None], tell: Callable[[], Edge], listener: Listener
) -> None:
    unpublish(Article.objects.get(slug="hip-pain"))
    pauses = []
    for _ in range(8):
        edge = Edge.objects.get()
        again_at = purging.tell(edge)
        pauses.append(round((again_at - timezone.now()).total_seconds(), 1))
    listener.told.clear()

    deaf()
    time.sleep(0.7)
    listener.told.clear()
    tell()

    assert pauses == sorted(pauses)
    assert max(pauses) <= 5
    assert key_of_channel("public:article") in listener.told[0]
    assert kept_by_edges() == KEPT_FOR_LONG


def test_operators_are_told(
    deaf: Callable[[], None], tell: Callable[[], Edge], caplog: Any
) -> None:
    make.ArticleFactory()
    with caplog.at_level(logging.INFO):
        edge = tell()
        Edge.objects.update(failing_since=timezone.now() - timedelta(minutes=2))

    assert "is not told what is out of date" in caplog.text
    assert edge.error
    assert TOKEN not in caplog.text + edge.error
    assert 120 <= Client().get("/health").json()["edge_deaf_s"] < 130


def test_publishing_waits_for_no_edge(deaf: Callable[[], None]) -> None:
    started = time.monotonic()

    unpublish(Article.objects.get(slug="hip-pain"))

    assert time.monotonic() - started < 5
    assert Client().get(f"{LIST}hip-pain/").status_code == 410


def test_a_list_that_counts_categories_is_forgotten_when_one_of_them_changes(
    listener: Listener, tell: Callable[[], Edge]
) -> None:
    knee = make.CategoryFactory(slug="knee")
    make.ArticleFactory(categories=[knee])
    tell()
    listener.told.clear()
    counting = Client().get(LIST, {"facets": "category"}).headers["Surrogate-Key"]

    with publishing.publishing():
        knee.description = "Of the largest joint."
        knee.save_revision().publish()
    tell()

    assert set(counting.split()) & listener.told[0]
