"""Two caching HTTP clients that know nothing of us, out of the box, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from cachecontrol import CacheControl
from cachecontrol.caches.file_cache import FileCache
from django.http import HttpRequest
from hishel import SqliteStorage
from hishel.httpx import CacheClient

from api.documents import publishing
from api.middleware import ApiMiddleware
from content_models.models import Article
from tests import factories as make

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.slow,
]


@dataclass
class Answer:
    status: int
    body: Any
    was_kept: bool
    url: str


@dataclass
class Reader:
    """One client, and the codings that it says it can read."""

    ask: Callable[..., Answer]
    codings: list[str]


def with_httpx(folder: Path) -> Iterator[Reader]:
    """hishel beside httpx, which has to be told that it is to follow the standard."""
    storage = SqliteStorage(database_path=folder / "hishel.db")
    with CacheClient(storage=storage, rfc=True, follow_redirects=True) as client:

        def ask(url: str, coding: str = "") -> Answer:
            got = client.get(url, headers=accepting(coding))
            was_kept = bool(got.extensions["caching"]["from_cache"])
            return Answer(got.status_code, got.json(), was_kept, str(got.url))

        yield Reader(ask, client.headers["Accept-Encoding"].split(", "))


def with_requests(folder: Path) -> Iterator[Reader]:
    """CacheControl beside requests."""
    with CacheControl(requests.Session(), FileCache(str(folder))) as session:

        def ask(url: str, coding: str = "") -> Answer:
            got = session.get(url, headers=accepting(coding), timeout=10)
            was_kept: bool = getattr(got, "from_cache", False)
            return Answer(got.status_code, got.json(), was_kept, got.url)

        yield Reader(ask, str(session.headers["Accept-Encoding"]).split(", "))


def accepting(coding: str) -> dict[str, str]:
    return {"Accept-Encoding": coding} if coding else {}


@pytest.fixture(params=[with_httpx, with_requests])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reader]:
    yield from request.param(tmp_path)


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the server has answered, whatever the client made of it."""
    seen: list[int] = []
    original = ApiMiddleware.__call__

    def noting(self: ApiMiddleware, request: HttpRequest) -> Any:
        response = original(self, request)
        seen.append(response.status_code)
        return response

    monkeypatch.setattr(ApiMiddleware, "__call__", noting)
    return seen


@pytest.fixture
def articles(live_server: Any, settings: Any) -> str:
    settings.PUBLIC_BASE_URL = live_server.url
    return f"{live_server.url}/api/v1/articles/"


@pytest.fixture
def hip_pain(articles: str) -> Article:
    return make.ArticleFactory(slug="hip-pain", title="Hip pain", summary="word " * 200)


def publish(article: Article, **changed: str) -> None:
    with publishing.publishing():
        for field, text in changed.items():
            setattr(article, field, text)
        article.save_revision().publish()


def test_what_a_client_keeps_is_asked_for_again_and_not_sent_again(
    reader: Reader, articles: str, hip_pain: Article, statuses: list[int]
) -> None:
    for address in ("", "hip-pain/", "?fields=title"):
        first = reader.ask(articles + address)
        second = reader.ask(articles + address)

        assert (first.status, first.was_kept) == (200, False)
        assert (second.status, second.was_kept) == (200, True)
        assert second.body == first.body
        assert "Hip pain" in str(second.body)
    assert statuses == [200, 304] * 3


def test_a_client_that_keeps_an_article_sees_its_next_version_at_once(
    reader: Reader, articles: str, hip_pain: Article, statuses: list[int]
) -> None:
    reader.ask(f"{articles}hip-pain/")
    publish(hip_pain, title="Hip pain at work")

    answers = [reader.ask(f"{articles}hip-pain/") for _ in range(2)]

    assert [answer.body["title"] for answer in answers] == ["Hip pain at work"] * 2
    # Which of two versions of one second a client asks about next, is up to it.
    assert statuses[:2] == [200, 200]


def test_a_client_that_keeps_an_article_never_shows_it_after_its_withdrawal(
    reader: Reader, articles: str, hip_pain: Article
) -> None:
    for address in (articles, f"{articles}hip-pain/"):
        for coding in [*reader.codings, "identity"]:
            assert "word word" in str(reader.ask(address, coding).body)

    with publishing.publishing():
        hip_pain.unpublish()

    for _ in range(2):
        for coding in [*reader.codings, "identity"]:
            gone = reader.ask(f"{articles}hip-pain/", coding)
            assert (gone.status, gone.body["kind"]) == (410, "gone")
            assert "word word" not in str(gone.body)
            assert reader.ask(articles, coding).body["results"] == []


def test_a_client_takes_no_form_of_an_answer_for_another(
    reader: Reader, articles: str, hip_pain: Article
) -> None:
    codings = [*reader.codings, "identity", "zstd;q=0, gzip", "gzip"]

    bodies = [reader.ask(articles, coding).body for coding in codings * 2]

    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["results"][0]["title"] == "Hip pain"


def test_a_former_address_leads_to_the_article(
    reader: Reader, articles: str, hip_pain: Article
) -> None:
    reader.ask(f"{articles}hip-pain/")
    publish(hip_pain, slug="hip-pain-at-work")

    for _ in range(2):
        found = reader.ask(f"{articles}hip-pain/")
        assert (found.status, found.body["slug"]) == (200, "hip-pain-at-work")
        assert found.url == f"{articles}hip-pain-at-work/"
