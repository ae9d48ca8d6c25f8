"""After a change, what many ask for is made anew once, and nobody is told the old."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest

from api.documents import healing
from api.documents.publishing import publishing
from api.front import Front
from api.renewing import Renewals
from cms.wsgi import Application
from content_models.models import Article
from tests.api.gateway import Answer, asked
from tests.factories import ArticleFactory, published
from tests.machine import until
from tests.threads import at_once

READERS = 6
PATH = "articles/first/"
LIST = "articles/"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody's patience end because this machine is slow."""
    monkeypatch.setattr("api.renewing.PATIENCE_S", 30)


class Slow:
    """The layer, and behind it an application whose answers are held up."""

    def __init__(self) -> None:
        self._behind = Application()
        self.front = Front(self._held, 8 * 1024 * 1024)
        self._may_begin, self._may_end = Event(), Event()
        self._may_begin.set()
        self._may_end.set()
        self.begun = self.made = 0

    def _held(self, environ: dict[str, Any], start: Any) -> Any:
        self.begun += 1
        assert self._may_begin.wait(30)
        answer = self._behind(environ, start)
        self.made += 1
        assert self._may_end.wait(30)
        return answer

    def ask(self, path: str, **headers: str) -> Answer:
        return asked(self.front, path, headers=headers)

    def told(
        self, path: str, then: Callable[[], object], **headers: str
    ) -> list[Answer]:
        """What many readers are told who ask while an answer waits to be made.

        It is made after `then`.
        """
        told: list[Answer] = []
        self.begun = 0
        self._may_begin.clear()

        def let_begin() -> None:
            assert until(lambda: self.begun)
            then()
            self._may_begin.set()

        readers = [self._reader(told, path, **headers)] * READERS
        assert at_once(let_begin, *readers) == []
        return told

    def told_late(self, path: str, meanwhile: Callable[[], object]) -> list[Answer]:
        """The same of those who ask after `meanwhile`, as an older answer was made."""
        told: list[Answer] = []
        self.made = 0
        self._may_end.clear()

        def change() -> None:
            assert until(lambda: self.made)
            meanwhile()
            assert at_once(*[self._reader(told, path)] * READERS, let_end) == []

        def let_end() -> None:
            until(lambda: self.made > 1, within_s=0.5)
            self._may_end.set()

        assert at_once(partial(self.ask, path), change) == []
        return told

    def _reader(
        self, told: list[Answer], path: str, **headers: str
    ) -> Callable[[], None]:
        """Somebody who writes down what it is told."""
        return lambda: told.append(self.ask(path, **headers))


@pytest.fixture
def slow() -> Slow:
    healing.repair()
    ArticleFactory(slug="first", title="As it was")
    slow = Slow()
    slow.ask(PATH)
    slow.ask(LIST)
    return slow


def change(title: str) -> None:
    article = Article.objects.get(slug="first")
    article.title = title
    published(article)


def all_say(told: list[Answer], title: str) -> bool:
    return len(told) == READERS and all(title.encode() in one[2] for one in told)


for_real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@for_real
@pytest.mark.parametrize("path", [PATH, LIST])
def test_one_of_those_who_ask_after_a_change_has_it_made_and_all_are_told(
    slow: Slow, path: str
) -> None:
    change("As it is now")

    told = slow.told(path, lambda: until(lambda: slow.begun > 1, within_s=0.5))

    assert slow.begun == 1
    assert all_say(told, "As it is now")


@for_real
def test_so_it_is_for_those_who_have_what_was_there_before(slow: Slow):
    tag = slow.ask(LIST)[1]["ETag"]
    assert slow.ask(LIST, IF_NONE_MATCH=tag)[0].startswith("304")
    change("As it is now")

    def wait() -> None:
        until(lambda: slow.begun > 1, within_s=0.5)

    told = slow.told(LIST, wait, IF_NONE_MATCH=tag)

    assert slow.begun == 1
    assert all_say(told, "As it is now")


@for_real
def test_who_asks_after_a_change_is_not_told_what_was_made_before_it(slow: Slow):
    change("As it is now")

    told = slow.told_late(PATH, lambda: change("As it is at last"))

    assert all_say(told, "As it is at last")


@for_real
def test_for_what_is_gone_nobody_waits_again(slow: Slow):
    with publishing():
        Article.objects.get(slug="first").unpublish()
    assert all_say(slow.told(PATH, lambda: None), '"status":410')

    told = slow.told(PATH, lambda: until(lambda: slow.begun == READERS))

    assert slow.begun == READERS
    assert all_say(told, '"status":410')


@for_real
def test_for_what_the_clock_makes_anew_each_time_nobody_waits(slow: Slow):
    path = "locations/?open_at=now"
    slow.ask(path)

    told = slow.told(path, lambda: until(lambda: slow.begun == READERS))

    assert slow.begun == READERS
    assert all_say(told, '"results"')


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
        waiting.result(timeout=30)

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
