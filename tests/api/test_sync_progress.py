"""How far the consumers of the change feed are, and what is forgotten behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from api.channels import keys
from api.documents import retention
from api.documents.models import ConsumerPosition, Placement, Progress
from api.sync import views
from tests import factories as make
from tests.api.factories import ChannelFactory, article, settle
from tests.api.feed import ask, expired, page, republish, unpublish

pytestmark = pytest.mark.django_db


# --- How far consumers are --------------------------------------------------------


def test_the_checkpoint_that_a_consumer_sends_says_how_far_it_is():
    channel = ChannelFactory(slug="gazette", is_open=False)
    placement = article("theirs", channel=channel)
    made, key = keys.issue(channel, "Web server")

    since = page(key=key)["checkpoint"]
    before = ConsumerPosition.objects.count()
    page(f"since={since}", key=key)

    position = ConsumerPosition.objects.get()
    assert before == 0
    assert (position.channel, position.key, position.kind, position.sequence) == (
        channel,
        made,
        "sync",
        placement.sequence,
    )


def test_it_is_written_once_a_second_at_most():
    since = page()["checkpoint"]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page(f"since={since}")
        seen_at = ConsumerPosition.objects.get().seen_at
        clock.shift(timedelta(milliseconds=900))
        page(f"since={since}")
        assert ConsumerPosition.objects.get().seen_at == seen_at

        clock.shift(timedelta(milliseconds=200))
        page(f"since={since}")
        assert ConsumerPosition.objects.get().seen_at > seen_at


def test_whoever_has_come_to_the_end_is_written_down_at_once():
    channel = ChannelFactory(slug="gazette", is_open=False)
    _, key = keys.issue(channel, "Web server")
    with time_machine.travel(timezone.now(), tick=False):
        since = page(key=key)["checkpoint"]
        page(f"since={since}", key=key)
        placement = article("theirs", channel=channel)

        since = page(f"since={since}", key=key)["checkpoint"]
        before = ConsumerPosition.objects.get().sequence
        page(f"since={since}", key=key)

    assert before < placement.sequence
    assert ConsumerPosition.objects.get().sequence == placement.sequence


def test_where_a_mirror_stands_is_known_while_it_waits(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    settings.SYNC_WAITS = 1
    known = []

    def no_news(*args: Any) -> bool:
        known.append(ConsumerPosition.objects.count())
        return False

    monkeypatch.setattr(views.waiting, "until_news", no_news)
    since = page()["checkpoint"]

    page(f"since={since}&wait=5")

    assert known == [1]


def test_what_a_consumer_follows_is_kept_with_its_place():
    channel = ChannelFactory(slug="gazette", is_open=False)
    article("theirs", channel=channel)
    _, key = keys.issue(channel, "Web server")

    for query in ("", "types=tag,article", "locale=es"):
        since = page(query, key=key)["checkpoint"]
        page(f"since={since}", key=key)

    follows = ConsumerPosition.objects.values_list("types", "locale").order_by("pk")
    assert list(follows) == [("", ""), ("article,tag", ""), ("", "es")]


def test_without_a_key_there_is_one_place_however_many_follow_whatever():
    for query in ("", "types=tag", "locale=es"):
        since = page(query)["checkpoint"]
        page(f"since={since}")

    assert ConsumerPosition.objects.count() == 1
    assert not Progress.objects.exists()


def test_when_a_consumer_had_first_come_so_far_stays():
    channel = ChannelFactory(slug="gazette", is_open=False)
    placement = article("theirs", channel=channel)
    _, key = keys.issue(channel, "Web server")
    since = page(key=key)["checkpoint"]
    page(f"since={since}", key=key)
    first = Progress.objects.get(sequence=placement.sequence).at

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        page(f"since={since}", key=key)

    assert Progress.objects.get(sequence=placement.sequence).at == first


# --- What is forgotten ------------------------------------------------------------


def test_what_left_a_channel_is_forgotten_when_nobody_may_ask_for_it(
    settings: Any, assert_healed: Callable[[], None]
):
    knee = make.CategoryFactory()
    wander, withdrawn = (
        make.ArticleFactory(categories=[knee]),
        make.ArticleFactory(slug="withdrawn", categories=[knee]),
    )
    channel = ChannelFactory(slug="shore", categories=[knee])
    republish(wander, filings=[])
    unpublish(withdrawn)
    gone = Placement.objects.filter(channel=channel, is_visible=False)
    kinds = set(gone.values_list("withdrawn_kind", flat=True))

    with time_machine.travel(timezone.now()) as clock:
        clock.shift(timedelta(days=settings.TOMBSTONE_DAYS))
        retention.clear_tombstones()
        kept = set(gone.values_list("withdrawn_kind", flat=True))
        clock.shift(timedelta(days=365))
        # A paused webhook is still before all of it.
        retention.clear_tombstones({channel.pk: 0})
        kept &= set(gone.values_list("withdrawn_kind", flat=True))
        clock.shift(timedelta(days=2))
        retention.clear_tombstones()

    assert kinds == kept == {"gone", "out_of_scope"}
    old = gone.filter(withdrawn_kind="out_of_scope")
    assert not old.exclude(sequence=channel.head.sequence).exists()
    assert gone.filter(document__slug="withdrawn").exists()
    assert_healed()


def test_who_has_not_heard_of_what_was_forgotten_starts_again():
    """A clock was a year ahead when the worker looked, and is right again."""
    knee = make.CategoryFactory()
    wander, stays = make.ArticleFactory.create_batch(2, categories=[knee])
    channel = ChannelFactory(slug="shore", categories=[knee])
    settle()
    before = page("channel=shore")["checkpoint"]
    republish(wander, filings=[])
    republish(stays, title="Another")
    after = page("channel=shore")["checkpoint"]

    with time_machine.travel(timezone.now() + timedelta(days=365)):
        retention.clear_tombstones()

    source = f"article:{wander.pk}"
    assert not channel.placements.filter(document__source=source).exists()
    assert expired(before, "channel=shore")
    assert ask(f"channel=shore&since={after}").status_code == 200


def test_who_begins_goes_on_whatever_was_forgotten_before():
    knee = make.CategoryFactory()
    articles = make.ArticleFactory.create_batch(4, categories=[knee])
    ChannelFactory(slug="shore", categories=[knee])
    settle()
    republish(articles[0], filings=[])
    republish(articles[1], title="Another")
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        retention.clear_tombstones()

    first = page("channel=shore&limit=1")

    assert first["more"]
    assert page(f"channel=shore&since={first['checkpoint']}")["changes"] != []
