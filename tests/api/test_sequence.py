"""Many editors at once: no change is skipped, none is lost, nobody waits for ever.

Real threads on a real PostgreSQL. Each promise is also broken on purpose, to show that
the test would see it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter as Counts
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from api.channels.models import Channel, Selection
from api.documents import healing, ledger, publishing, rendering
from api.documents.models import Counter, Document, PlacementHistory
from api.documents.scene import Scene
from content_models.models import Article, ArticleTag, Author, Tag
from tests import factories as make
from tests.api.factories import ChannelFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def restored() -> None:
    """Mend what restoring the database before each test has rounded: its times."""
    healing.repair()


EDITORS = 4
ROUNDS = 12


class Reader:
    """Asks again and again for what is newer than the newest that it saw."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.stop = threading.Event()

    def poll(self) -> None:
        newest = self.seen[-1] if self.seen else 0
        newer = PlacementHistory.objects.filter(sequence__gt=newest)
        self.seen += newer.order_by("sequence").values_list("sequence", flat=True)

    def run(self) -> None:
        while not self.stop.is_set():
            self.poll()
            time.sleep(0.002)
        self.poll()


def skipped_while_editors_publish(attempt: int = 0) -> set[int]:
    """The changes that a reader never saw while several editors published tags."""
    reader = Reader()

    def edit(editor: int) -> None:
        for number in range(ROUNDS):
            with publishing.publishing():
                name = f"{attempt}-{editor}-{number}"
                Tag.objects.create(name=name, slug=name)

    def all_edit() -> None:
        try:
            assert at_once(*(partial(edit, editor) for editor in range(EDITORS))) == []
        finally:
            reader.stop.set()

    assert at_once(reader.run, all_edit) == []
    given = set(PlacementHistory.objects.values_list("sequence", flat=True))
    assert len(given) >= EDITORS * ROUNDS
    return given - set(reader.seen)


def test_a_reader_of_what_is_newer_than_the_newest_it_saw_skips_nothing(slow_commits):
    assert skipped_while_editors_publish() == set()


def test_with_a_plain_database_sequence_the_reader_would_skip_changes(
    slow_commits, plain_sequence
):
    # The editors have to come in each other's way, which they mostly do at once.
    assert any(skipped_while_editors_publish(attempt) for attempt in range(5))


def change(model: type[Any], pk: int, field: str, value: str) -> None:
    with publishing.publishing():
        content = model.objects.get(pk=pk)
        setattr(content, field, value)
        content.save_revision().publish()


def test_of_two_editors_at_once_neither_loses_a_change(slow_commits):
    author = make.AuthorFactory()
    article = make.ArticleFactory(authors=[author])

    def edit(model: type[Any], pk: int, field: str) -> None:
        for number in range(ROUNDS):
            change(model, pk, field, f"Number {number}")

    errors = at_once(
        partial(edit, Author, author.pk, "family_name"),
        partial(edit, Article, article.pk, "title"),
    )

    assert errors == []
    assert healing.check() == []


def test_rendered_before_the_counter_is_taken_a_change_would_be_lost(monkeypatch):
    author = make.AuthorFactory()
    article = make.ArticleFactory(authors=[author])
    take_counter = ledger.take_counter
    render = rendering.render
    article_is_rendered, author_is_published = threading.Event(), threading.Event()
    early: list[Any] = []

    def edit_author() -> None:
        article_is_rendered.wait(timeout=10)
        change(Author, author.pk, "family_name", "Changed")
        author_is_published.set()

    def edit_article() -> None:
        me = threading.get_ident()

        def late_counter() -> Any:
            if threading.get_ident() == me:
                content = Article.objects.get(pk=article.pk)
                early.append(render(content, Scene.at(timezone.now())))
                article_is_rendered.set()
                author_is_published.wait(timeout=10)
            return take_counter()

        def what_was_rendered(*given: Any) -> Any:
            return early[0] if threading.get_ident() == me else render(*given)

        monkeypatch.setattr(ledger, "take_counter", late_counter)
        monkeypatch.setattr(rendering, "render", what_was_rendered)
        change(Article, article.pk, "title", "Changed")

    errors = at_once(edit_author, edit_article)
    monkeypatch.undo()

    assert errors == []
    assert {fault.source for fault in healing.check()} == {f"article:{article.pk}"}


def test_a_rebuild_that_renders_ahead_loses_no_change(monkeypatch):
    monkeypatch.setattr(healing, "REWRITTEN_AT_ONCE", 2)
    author = make.AuthorFactory()
    for _ in range(6):
        make.ArticleFactory(authors=[author])
    Document.objects.update(summary_json="{}")
    numbers = count()
    write = publishing.Rewriting.write

    def written_meanwhile(*given: Any) -> None:
        change(Author, author.pk, "family_name", f"Number {next(numbers)}")
        write(*given)

    monkeypatch.setattr(publishing.Rewriting, "write", written_meanwhile)
    monkeypatch.setattr(healing, "repair", list)
    with ThreadPoolExecutor(2) as renderers:
        healing.rebuild(renderers)

    assert next(numbers) > 3
    assert healing.check() == []


def test_what_is_taken_down_while_it_is_rendered_ahead_is_not_shown():
    with publishing.publishing():
        article = make.ArticleFactory()
    source = f"article:{article.pk}"
    # As after a publication of very many, which left it to the worker.
    Document.objects.filter(source=source).delete()
    early = publishing.rendered_early([source])

    with publishing.publishing():
        article.unpublish()
    publishing.Rewriting(writes_all=False).write(early)

    assert not Document.objects.filter(source=source, withdrawn_at=None).exists()


def test_publishing_goes_on_between_the_batches_of_a_changed_entitlement():
    tag, channel = make.TagFactory(), ChannelFactory()
    for _ in range(5):
        make.ArticleFactory()
    with publishing.publishing():
        channel.selection = Selection.NONE
        channel.save()

    numbers = count()

    def rename() -> None:
        with publishing.publishing():
            tag.name = f"Number {next(numbers)}"
            tag.save()

    while publishing.settle(limit=2):
        # On a connection of its own: it would wait for whoever held the counter.
        assert at_once(rename) == []

    changes = PlacementHistory.objects.order_by("sequence")
    taken_off = changes.filter(channel=channel, is_visible=False)
    # What the articles use goes with them.
    articles = taken_off.filter(document__type="article")
    batches = Counts(articles.values_list("at", flat=True))
    assert len(batches) > 1
    assert max(batches.values()) <= 2
    [first, *_, last] = taken_off.values_list("sequence", flat=True)
    between = changes.filter(sequence__gt=first, sequence__lt=last)
    assert between.filter(document__type="tag").exists()
    assert healing.check() == []


def test_an_editor_who_waits_for_a_row_does_not_hold_the_counter():
    # One has published and goes on to a row that the other has changed; the other
    # then publishes. Whoever took the counter on publishing would wait for ever.
    first, second = make.TagFactory(name="first"), make.TagFactory(name="second")
    row_is_locked, has_published = threading.Event(), threading.Event()

    def one() -> None:
        with publishing.publishing():
            first.name = "first, changed"
            first.save()
            has_published.set()
            row_is_locked.wait(timeout=10)
            Tag.objects.filter(pk=second.pk).update(slug="of-the-one")

    def other() -> None:
        with publishing.publishing():
            Tag.objects.filter(pk=second.pk).update(slug="of-the-other")
            row_is_locked.set()
            has_published.wait(timeout=10)
            time.sleep(0.1)
            publishing.note(Tag, second.pk)

    assert at_once(one, other) == []
    assert Counter.objects.get().value >= 2


def test_what_is_checked_at_the_end_is_checked_before_the_counter_is_taken():
    # One has changed what names a tag in the database, and the other points to it. A
    # foreign key is checked on committing, unless it is asked for, and waits for the
    # first of them.
    tag, article = make.TagFactory(), make.ArticleFactory()
    row_is_locked, is_published = threading.Event(), threading.Event()

    def one() -> None:
        with publishing.publishing():
            Tag.objects.filter(pk=tag.pk).update(slug="renamed")
            row_is_locked.set()
            is_published.wait(timeout=0.5)
            publishing.note(Tag, tag.pk)

    def other() -> None:
        row_is_locked.wait(timeout=10)
        with publishing.publishing():
            ArticleTag.objects.create(tag_id=tag.pk, content_object_id=article.pk)
            publishing.note(Article, article.pk)
        is_published.set()

    assert at_once(one, other) == []
    assert healing.check() == []


def test_publishing_never_waits_for_an_editor_who_changes_a_channel():
    channel_is_locked, tag_is_published = threading.Event(), threading.Event()

    def administrator() -> None:
        with publishing.publishing():
            Channel.objects.update(name="Everything")
            channel_is_locked.set()
            assert tag_is_published.wait(timeout=10)
            Tag.objects.create(name="later", slug="later")

    def editor() -> None:
        channel_is_locked.wait(timeout=10)
        with publishing.publishing():
            Tag.objects.create(name="now", slug="now")
        tag_is_published.set()

    assert at_once(administrator, editor) == []
