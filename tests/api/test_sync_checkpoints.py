"""Checkpoints: what they are good for, and when whoever has one starts again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from api.documents import publishing, retention
from api.documents.models import Counter, PlacementHistory
from api.sync import checkpoints
from api.sync.models import SigningKey
from tests import factories as make
from tests.api.factories import ChannelFactory
from tests.api.feed import ask, expired, page, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text[1:],
        lambda text: f"{text}x",
        lambda text: "none",
        lambda text: "",
        lambda text: "%C3%A9",
        lambda text: text.swapcase(),
    ],
)
def test_a_checkpoint_that_we_did_not_give_is_refused(spoil: Callable[[str], str]):
    since = page()["checkpoint"]

    answer = ask(f"since={spoil(since)}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "since"


def test_a_checkpoint_can_stand_in_an_address_as_it_is():
    assert set(page()["checkpoint"]) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    )


def test_a_checkpoint_is_good_for_its_channel_and_filters_only():
    ChannelFactory(slug="shore")
    since = page("types=tag")["checkpoint"]

    other_channel = ask(f"since={since}&channel=shore")
    other_types = ask(f"since={since}&types=article")

    assert other_channel.status_code == other_types.status_code == 400
    assert "another channel" in other_channel.json()["detail"]
    assert "other types" in other_types.json()["detail"]
    assert ask(f"since={since}&types=tag").status_code == 200
    assert ask(f"since={since}").status_code == 200


def test_the_filters_of_a_checkpoint_go_on_without_being_said():
    since = page("types=tag")["checkpoint"]

    make.ArticleFactory(), make.TagFactory(slug="knee")

    assert told(page(f"since={since}")) == [("put", "knee")]


def test_keys_are_changed_without_any_consumer_noticing():
    before = page()["checkpoint"]

    checkpoints.rotate()
    after = page(f"since={before}")["checkpoint"]

    assert SigningKey.objects.count() == 2
    assert before.rpartition(".")[2] != after.rpartition(".")[2]
    assert ask(f"since={after}").status_code == 200


def test_a_key_goes_when_nothing_that_it_signed_would_be_accepted(settings: Any):
    with time_machine.travel(timezone.now()) as clock:
        page()
        checkpoints.rotate()
        clock.shift(timedelta(days=settings.TOMBSTONE_DAYS + 2))

        assert checkpoints.rotate() == 2


def test_after_its_time_a_checkpoint_has_expired(settings: Any):
    since = page()["checkpoint"]

    with time_machine.travel(timezone.now()) as clock:
        clock.shift(timedelta(days=settings.TOMBSTONE_DAYS - 1))
        kept = page(f"since={since}")["checkpoint"]
        clock.shift(timedelta(days=2))

        assert expired(since)
        assert not expired(kept)


def test_a_new_timeline_has_everybody_start_again():
    since = page()["checkpoint"]

    retention.begin_timeline()

    assert expired(since)
    assert not expired(page()["checkpoint"])


def test_a_backup_that_was_restored_is_noticed_by_itself():
    tag = make.TagFactory(name="before")
    with publishing.publishing():
        tag.name = "lost with the backup"
        tag.save()
    since = page()["checkpoint"]
    newest = Counter.objects.get().value

    # What the backup knows nothing of, and what was done instead after it.
    PlacementHistory.objects.filter(sequence=newest).delete()
    Counter.objects.update(value=newest - 1)
    lost = expired(since)
    with publishing.publishing():
        tag.name = "done instead"
        tag.save()

    assert lost
    assert Counter.objects.get().value == newest
    assert expired(since)


def test_a_database_that_moved_to_another_machine_goes_on(settings: Any):
    since = page()["checkpoint"]

    settings.SECRET_KEY = "that of another machine, which signs sessions " * 2
    checkpoints.forget_keys()

    assert ask(f"since={since}").status_code == 200
