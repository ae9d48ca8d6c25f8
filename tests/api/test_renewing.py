"""After a change, what many ask for is made anew once, and nobody is told the old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from api.documents import healing
from api.documents.publishing import publishing
from api.front import Front
from api.renewing import Renewals
from cms.wsgi import Application
from content_models.models import Article
from tests.api.gateway import asked
from tests.factories import ArticleFactory, published
from tests.machine import until
from tests.threads import at_once

READERS = 6
PATH = "articles/first/"


class Slow:
    """The layer, and behind it an application that begins when it may."""

    def __init__(self) -> None:
        self._behind = Application()
        self.may_begin = Event()
        self.may_begin.set()
        self.front = Front(self._wait, 8 * 1024 * 1024)
        self.begun = 0

    def _wait(self, environ: dict[str, Any], start: Any) -> Any:
        self.begun += 1
        assert self.may_begin.wait(30)
        return self._behind(environ, start)

    def told(self, then: Callable[[], object]) -> list[bytes]:
        """What each of many readers is told, who ask before `then` and wait for it."""
        told: list[bytes] = []
        self.begun = 0
        self.may_begin.clear()

        def let_begin() -> None:
            assert until(lambda: self.begun)
            then()
            self.may_begin.set()

        def ask() -> None:
            told.append(asked(self.front, PATH)[2])

        assert at_once(let_begin, *[ask] * READERS) == []
        return told


@pytest.fixture
def slow(request: pytest.FixtureRequest) -> Iterator[Slow]:
    healing.repair()
    ArticleFactory(slug="first", title="As it was")
    slow = Slow()
    asked(slow.front, PATH)
    yield slow


def change(title: str) -> None:
    article = Article.objects.get(slug="first")
    article.title = title
    published(article)


for_real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@for_real
def test_one_of_those_who_ask_after_a_change_has_it_made_and_all_are_told(slow: Slow):
    change("As it is now")

    told = slow.told(lambda: until(lambda: slow.begun > 1, within_s=0.5))

    assert slow.begun == 1
    assert len(told) == READERS
    assert all(b"As it is now" in body for body in told)


@for_real
def test_what_changes_again_meanwhile_is_told_as_it_is_then(slow: Slow):
    change("As it is now")

    told = slow.told(lambda: change("As it is at last"))

    assert all(b"As it is at last" in body for body in told)


@for_real
def test_for_what_is_gone_nobody_waits_again(slow: Slow):
    with publishing():
        Article.objects.get(slug="first").unpublish()
    assert all(b'"status":410' in body for body in slow.told(lambda: None))

    told = slow.told(lambda: until(lambda: slow.begun == READERS))

    assert slow.begun == READERS
    assert all(b'"status":410' in body for body in told)


def test_one_thread_at_a_time_renews_a_key_and_others_wait_for_it():
    renewals = Renewals()
    order: list[str] = []

    def ask() -> None:
        with renewals.of("one") as is_ours:
            order.append("ours" if is_ours else "waited")

    with ThreadPoolExecutor(1) as pool:
        with renewals.of("one") as is_ours, renewals.of("two") as is_other:
            assert is_ours
            assert is_other
            waiting = pool.submit(ask)
            assert not until(lambda: order, within_s=0.3)
            order.append("ended")
        waiting.result(timeout=10)

    assert order[0] == "ended"


def test_a_thread_that_fails_leaves_the_key_to_others():
    renewals = Renewals()
    with pytest.raises(LookupError), renewals.of("one"):
        raise LookupError

    with renewals.of("one") as is_ours:
        assert is_ours


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.renewing.PATIENCE_S", 0.01)
    renewals = Renewals()

    with renewals.of("one"), ThreadPoolExecutor(1) as pool:

        def ask() -> bool:
            with renewals.of("one") as is_ours:
                return is_ours

        assert pool.submit(ask).result(timeout=10) is False
