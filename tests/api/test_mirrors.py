"""Whoever follows the change feed ends with what its channel may carry, byte for byte.

Editors, the worker and mirrors that crash, all at once and at random, on a real
PostgreSQL. Each promise is also broken on purpose, to show that the test would see it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from api.channels.models import Channel, Rule
from api.documents import healing, ledger, publishing, retention
from api.documents.models import Placement
from api.sync import checkpoints, feed
from content_models.models import Article, Author, Category, Tag
from tests import factories as make
from tests.api.factories import ChannelFactory, public, settle
from tests.api.mirrors import Consumer, carried
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.slow,
]

EDITORS = 3
ROUNDS = 14
ARTICLES = 8


@pytest.fixture(autouse=True)
def restored() -> None:
    """Mend what restoring the database before each test has rounded: its times."""
    healing.repair()


@pytest.fixture
def channels() -> list[Channel]:
    """All of it, in summary, and of one subject; and what they can carry."""
    subjects = [make.CategoryFactory() for _ in range(3)]
    author = make.AuthorFactory()
    for number in range(ARTICLES):
        make.ArticleFactory(
            authors=[author],
            categories=[subjects[number % 3]],
            live=number % 4 > 0,
        )
    return [
        public(),
        ChannelFactory(slug="in-summary", extent="summary"),
        ChannelFactory(slug="of-a-subject", is_open=False, categories=subjects[:1]),
    ]


@pytest.fixture
def consumers(channels: list[Channel], tmp_path: Path) -> list[Consumer]:
    made = [
        Consumer(channel, tmp_path / f"{channel.slug}.sqlite3", random.Random(number))
        for number, channel in enumerate(channels)
    ]
    for consumer in made:
        if not consumer.channel.is_open:
            consumer.rotate_key()
    return made


class Editor:
    """Does what editors do, at random: each deed is one publication."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def work(self) -> None:
        for _ in range(ROUNDS):
            deed = self.chance.choice(self.deeds())
            try:
                with publishing.publishing():
                    deed()
            except OperationalError as error:
                # Of two who need each other's rows one is told to try again.
                assert "deadlock" in str(error)

    def deeds(self) -> list[Callable[[], object]]:
        often = [self.retitle, self.take_down, self.put_up, self.expire_soon]
        return [*often, *often, self.file_elsewhere, self.rename_author, self.entitle,
                self.rule, checkpoints.rotate, self.tag]  # fmt: skip

    def article(self) -> Article:
        pks = list(Article.objects.values_list("pk", flat=True))
        return Article.objects.select_for_update().get(pk=self.chance.choice(pks))

    def retitle(self) -> None:
        article = self.article()
        article.title = f"Title {self.chance.random()}"
        article.save_revision().publish()

    def take_down(self) -> None:
        self.article().unpublish()

    def put_up(self) -> None:
        article = self.article()
        article.expire_at = None
        article.save_revision().publish()

    def expire_soon(self) -> None:
        article = self.article()
        soon = timedelta(seconds=self.chance.uniform(0.1, 1))
        article.expire_at = timezone.now() + soon
        article.save_revision().publish()

    def file_elsewhere(self) -> None:
        article = self.article()
        category = self.chance.choice(list(Category.objects.all()))
        for filing in article.filings.all():
            filing.category = category
        article.save_revision().publish()

    def rename_author(self) -> None:
        author = Author.objects.select_for_update().get()
        author.family_name = f"Name{self.chance.random()}"
        author.save_revision().publish()

    def tag(self) -> None:
        name = f"tag-{self.chance.random()}"
        Tag.objects.create(name=name, slug=name.replace(".", "-"))

    def channel(self) -> Channel:
        every = Channel.objects.exclude(slug="public").order_by("pk")
        # As saving it would; publishing must never wait for that.
        return self.chance.choice(list(every.select_for_update(no_key=True)))

    def entitle(self) -> None:
        channel = self.channel()
        number = self.chance.randrange(3)
        channel.categories.set(Category.objects.order_by("?")[:number])
        channel.extent = self.chance.choice(["full", "summary"])
        channel.save()

    def rule(self) -> None:
        channel, article = self.channel(), self.article()
        decision = self.chance.choice(["always", "never"])
        Rule.objects.update_or_create(
            channel=channel, article=article, defaults={"decision": decision}
        )


def everything_happens(editors: list[Callable[[], None]], consumers: list[Consumer]):
    """Let all of them work at once, mirrors that crash and a worker that is late.

    Meanwhile keys are replaced by new ones.
    """
    is_over = threading.Event()

    def edit() -> None:
        try:
            assert at_once(*editors) == []
        finally:
            is_over.set()

    def mirror(consumer: Consumer) -> None:
        consumer.crashes = True
        while not is_over.is_set():
            consumer.follow()
            time.sleep(0.01)
        consumer.crashes = False

    def worker() -> None:
        while not is_over.wait(0.5):
            publishing.settle(limit=3)
            publishing.on_the_clock()
            publishing.work_off()

    def partner() -> None:
        while not is_over.wait(1):
            for consumer in consumers:
                if consumer.key:
                    consumer.rotate_key()

    mirrors = [partial(mirror, consumer) for consumer in consumers]
    assert at_once(edit, worker, partner, *mirrors) == []


def the_worker_is_done() -> None:
    settle()
    while publishing.on_the_clock() or publishing.work_off():
        pass


def wrong(consumers: list[Consumer]) -> Iterator[str]:
    """In what each mirror, having caught up, differs from its channel."""
    for consumer in consumers:
        consumer.catch_up()
        has, should = consumer.documents(), carried(consumer.channel)
        for id in sorted({*has, *should}):
            if has.get(id) != should.get(id):
                yield f"{consumer.channel}: {id} {has.get(id)} not {should.get(id)}"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_mirror_ends_with_what_its_channel_may_carry(
    seed: int, consumers: list[Consumer], slow_commits: None
):
    editors = [Editor(seed * 100 + number) for number in range(EDITORS)]

    everything_happens([editor.work for editor in editors], consumers)
    time.sleep(1)
    the_worker_is_done()

    assert list(wrong(consumers)) == []
    assert healing.check() == []


def test_it_ends_so_also_when_it_has_to_start_again(consumers: list[Consumer]):
    for consumer in consumers:
        consumer.catch_up()
    withdrawn = Article.objects.filter(live=True).first()
    assert withdrawn is not None
    with publishing.publishing():
        withdrawn.unpublish()

    retention.begin_timeline()

    assert list(wrong(consumers)) == []


# --- Broken on purpose ------------------------------------------------------------


def test_with_a_plain_database_sequence_mirrors_would_lack_something(
    consumers: list[Consumer], plain_sequence: None, monkeypatch: pytest.MonkeyPatch
):
    # The first has its sequence and takes its time; the second overtakes it.
    close = ledger.Ledger.close
    first_has_sequence, mirror_has_second = threading.Event(), threading.Event()

    def first() -> None:
        with publishing.publishing():
            Tag.objects.create(name="first", slug="first")

    def second() -> None:
        assert first_has_sequence.wait(10)
        with publishing.publishing():
            Tag.objects.create(name="second", slug="second")
        consumers[0].catch_up()
        mirror_has_second.set()

    def slowly(written: Any) -> None:
        if not first_has_sequence.is_set():
            first_has_sequence.set()
            assert mirror_has_second.wait(10)
        close(written)

    consumers[0].catch_up()
    monkeypatch.setattr(ledger.Ledger, "close", slowly)
    assert at_once(first, second) == []

    lacking = list(wrong(consumers[:1]))
    assert len(lacking) == 1
    assert '"slug":"first"' in lacking[0]


def test_if_placements_forgot_withdrawals_mirrors_would_keep_something(
    consumers: list[Consumer], monkeypatch: pytest.MonkeyPatch
):
    def forget(ledger: Any, placement: Placement, *given: Any) -> None:
        ledger._count(placement, -1)
        placement.delete()

    monkeypatch.setattr(ledger.Ledger, "hide", forget)
    for consumer in consumers:
        consumer.catch_up()

    article = Article.objects.filter(live=True).first()
    assert article is not None
    with publishing.publishing():
        article.unpublish()

    assert list(wrong(consumers)) != []


def test_if_nothing_was_read_again_mirrors_would_lack_what_was_passed_over(
    consumers: list[Consumer], monkeypatch: pytest.MonkeyPatch
):
    def forget(self: Any, page: Any) -> None:
        go_behind(self, page)
        self.behind = None

    go_behind = feed.Feed._go_behind
    monkeypatch.setattr(feed.Feed, "_go_behind", forget)
    channel = consumers[2].channel
    subject = channel.categories.get()

    def choose(*categories: Category) -> None:
        with publishing.publishing():
            channel.categories.set(categories)
            publishing.note(Channel, channel.pk)

    choose()
    consumers[2].catch_up()
    choose(subject)
    settle()

    assert list(wrong(consumers[2:])) != []
