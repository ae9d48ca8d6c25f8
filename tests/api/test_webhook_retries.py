"""What a site did not confirm is sent again, ever less often, until it does."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from api.webhooks import schedule, sending
from api.webhooks.models import Delivery, Endpoint
from tests.api.factories import EndpointFactory
from tests.api.hooks import ARTICLES, place_of, tell
from tests.api.receivers import Receiver, receiving
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def attempts_at(endpoint: Endpoint, until: datetime) -> list[timedelta]:
    """When it was tried, by the clock's going on, from now until then."""
    start, at = timezone.now(), timezone.now()
    tried = []
    while at <= until:
        with time_machine.travel(at, tick=False):
            tell()
        tried.append(at - start)
        endpoint.refresh_from_db()
        if not endpoint.is_active or endpoint.next_attempt_at <= at:
            break
        at = endpoint.next_attempt_at
    return tried


def test_one_that_fails_for_three_days_is_tried_as_the_standard_says_and_paused(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(schedule, "JITTER", 0)
    receiver.status = 500
    ArticleFactory()

    tried = attempts_at(endpoint, timezone.now() + timedelta(days=9))

    pauses = [
        round((after - before).total_seconds() / 3600, 1)
        for before, after in pairwise(tried)
    ]
    assert pauses == [0, 0.1, 0.5, 2, 5, 10, 14, 20, 24]
    assert len(receiver.got) == 10
    assert endpoint.is_paused
    assert "answered 500 10 times" in endpoint.reason
    assert not endpoint.is_told


def test_500_for_a_day_loses_nothing(endpoint: Endpoint, receiver: Receiver):
    receiver.status = 500
    articles = [ArticleFactory() for _ in range(3)]
    day = timezone.now() + timedelta(days=1)
    attempts_at(endpoint, day)
    assert endpoint.is_active
    assert endpoint.failing_since is not None
    # However long it fails, it is one message that it fails with.
    assert len({one.id for one in receiver.got}) == 1

    receiver.status, receiver.got = 200, []
    with time_machine.travel(endpoint.next_attempt_at, tick=False):
        tell()

    assert receiver.places == [place_of(article, endpoint) for article in articles]
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_news_does_not_shorten_the_pause(endpoint: Endpoint, receiver: Receiver):
    receiver.status = 500
    ArticleFactory()
    tell()

    ArticleFactory()
    tell()

    assert len(receiver.got) == 1


def test_paused_and_resumed_it_hears_of_all_that_changed_meanwhile(
    endpoint: Endpoint, receiver: Receiver
):
    endpoint.pause("Moving house.")
    articles = [ArticleFactory() for _ in range(3)]
    tell()
    assert receiver.got == []

    endpoint.resume()
    tell()

    assert receiver.places == [place_of(article, endpoint) for article in articles]


def test_410_ends_it(endpoint: Endpoint, receiver: Receiver):
    receiver.status = 410
    ArticleFactory()

    tell()
    ArticleFactory()
    tell()

    endpoint.refresh_from_db()
    assert len(receiver.got) == 1
    assert endpoint.has_ended
    assert "410" in endpoint.reason
    assert not endpoint.is_told


@pytest.mark.parametrize("status", [301, 302, 304, 400, 401, 404, 429, 500, 503])
def test_anything_but_success_is_tried_again(
    endpoint: Endpoint, receiver: Receiver, status: int
):
    receiver.status = status
    ArticleFactory()

    tell()

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failures) == (True, 1)


def test_a_clock_that_was_ahead_holds_up_no_message(
    endpoint: Endpoint, receiver: Receiver
):
    """By a day: one was confirmed, and the worker was killed over the next one."""
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        first = ArticleFactory()
        tell()
        second = ArticleFactory()
        assert sending.claim(timezone.now())
    third = ArticleFactory()
    tell()
    assert receiver.places == [place_of(first, endpoint)]

    sending.set_right(timezone.now())
    tell()

    told = [place_of(article, endpoint) for article in (first, second, third)]
    assert receiver.places == told


def test_what_a_receiver_asked_for_is_not_taken_for_a_wrong_clock(
    endpoint: Endpoint, receiver: Receiver
):
    receiver.status, receiver.headers = 429, {"Retry-After": str(24 * 3600)}
    ArticleFactory()
    tell()

    sending.set_right(timezone.now())
    tell()

    assert len(receiver.got) == 1


def test_jitter_has_those_that_failed_together_come_back_apart():
    pauses = {schedule.pause_after(4, None) for _ in range(50)}

    assert len(pauses) > 40
    assert all(
        timedelta(hours=1.8) <= pause <= timedelta(hours=2.2) for pause in pauses
    )


@pytest.mark.parametrize(
    ("asked_s", "waits"),
    [
        (1, timedelta(minutes=4)),
        (3600, timedelta(hours=1)),
        (10**8, timedelta(hours=24)),
    ],
)
def test_a_receiver_may_ask_for_more_patience_but_not_for_ever(
    asked_s: float, waits: timedelta
):
    pause = schedule.pause_after(2, asked_s)

    assert pause is not None
    assert waits <= pause <= max(waits, timedelta(minutes=6))


def test_it_is_left_alone_as_long_as_it_asks(endpoint: Endpoint, receiver: Receiver):
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    ArticleFactory()

    tell()

    endpoint.refresh_from_db()
    wait = endpoint.next_attempt_at - timezone.now()
    assert timedelta(seconds=590) < wait <= timedelta(seconds=600)


@pytest.fixture
def told_without_the_key(endpoint: Endpoint, settings: Any) -> None:
    """The server's key was lost, and with it what secrets are made from."""
    settings.SECRET_KEY = "another one " * 5
    ArticleFactory()
    tell()
    endpoint.refresh_from_db()


@pytest.mark.usefixtures("told_without_the_key")
def test_one_of_whose_secret_nothing_is_left_is_paused_and_nothing_is_sent(
    endpoint: Endpoint, receiver: Receiver
):
    assert receiver.got == []
    assert endpoint.is_paused
    assert "Make a new secret" in endpoint.reason


@pytest.mark.usefixtures("told_without_the_key")
def test_a_new_secret_is_the_way_back_after_the_servers_key_was_lost(
    endpoint: Endpoint, receiver: Receiver
):
    text = endpoint.new_secret()
    endpoint.resume()
    tell()

    [got] = receiver.got
    Webhook(text).verify(got.body, got.headers)


def test_a_mistake_of_our_own_is_logged_and_holds_up_nobody_else(
    endpoint: Endpoint,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    with receiving() as other:
        EndpointFactory(channel=endpoint.channel, url=other.url, events=ARTICLES)
        genuine = sending._next

        def broken(about: Endpoint, *args: Any) -> Any:
            if about.pk == endpoint.pk:
                raise KeyError("slug")
            return genuine(about, *args)

        monkeypatch.setattr(sending, "_next", broken)
        ArticleFactory()
        tell()

        assert len(other.got) == 1
    assert "cannot be told" in caplog.text
    endpoint.refresh_from_db()
    assert endpoint.next_attempt_at > timezone.now() + timedelta(seconds=50)


def test_what_staff_asked_for_does_not_fail_without_end(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    def broken(*args: Any) -> Any:
        raise KeyError("slug")

    monkeypatch.setattr(sending, "_body_again", broken)
    endpoint.ask_for_test()

    tell()

    assert Delivery.objects.get().state == "failed"
