"""Many endpoints and several workers at once: none waits for another, none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from api.webhooks import posting, sending
from api.webhooks.models import Attempt, Delivery, Endpoint
from api.webhooks.senders import Senders
from cms.readers import BASE_DIR
from tests.api.factories import ChannelFactory, EndpointFactory, PlacementFactory
from tests.api.receivers import Receiver, receiving
from tests.machine import free_port, until, url_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


# Before one that says nothing is: who is served by then has not waited for it.
GIVEN_UP_S = posting.DEADLINE_S - 3


def publish(endpoint: Endpoint) -> int:
    """A change of its channel, as publishing leaves it; its sequence."""
    placement = PlacementFactory(channel=endpoint.channel)
    return int(placement.sequence)


def test_the_dead_and_the_slow_hold_up_nobody():
    """20 endpoints, 3 of them dead and 5 slow: 12 have heard before the 5 answer."""
    with ExitStack() as running:
        channel = ChannelFactory()

        def add(**behaviour: Any) -> Receiver:
            receiver = running.enter_context(receiving(**behaviour))
            EndpointFactory(channel=channel, url=receiver.url)
            return receiver

        for _ in range(3):
            EndpointFactory(channel=channel, url=f"http://localhost:{free_port()}/")
        slow = [add(wait_s=60) for _ in range(5)]
        good = [add() for _ in range(12)]
        PlacementFactory(channel=channel)
        senders = Senders()
        started = time.monotonic()

        senders.wake()
        assert until(lambda: all(one.got for one in good))
        took_s = time.monotonic() - started
        for one in slow:
            one.released.set()
        senders.finish()

    assert took_s < GIVEN_UP_S
    assert [len(one.got) for one in good] == [1] * 12
    assert Endpoint.objects.filter(failures__gt=0).count() == 3


def test_the_dead_and_the_slow_hear_everything_in_order_when_they_are_back():
    """20 endpoints, of which 5 are dead and 3 are slow while something is published."""
    with ExitStack() as running:
        channel = ChannelFactory()

        def add(**behaviour: Any) -> Receiver:
            receiver = running.enter_context(receiving(**behaviour))
            EndpointFactory(channel=channel, url=receiver.url)
            return receiver

        ports = [free_port() for _ in range(3)]
        for port in ports:
            EndpointFactory(channel=channel, url=Receiver(port=port).url)
        mute = [add(hangs_up=True) for _ in range(2)]
        slow = [add(wait_s=2.5) for _ in range(3)]
        good = [add() for _ in range(12)]
        senders, places = Senders(), []
        for _ in range(3):
            places.append(int(PlacementFactory(channel=channel).sequence))
            senders.wake()
        assert until(lambda: all(one.places == places for one in good))
        assert Endpoint.objects.filter(failures__gt=0).count() == 5

        for one in (*mute, *slow):
            one.hangs_up, one.wait_s = False, 0
        for one in mute:
            one.got.clear()
        back = [running.enter_context(receiving(port=port)) for port in ports]
        Endpoint.objects.update(next_attempt_at=timezone.now())
        senders.wake()
        assert until(lambda: not Endpoint.objects.with_work().exists(), within_s=30)
        senders.finish()

    assert [one.places for one in (*back, *mute, *slow)] == [places] * 8


def test_those_in_trouble_leave_room_for_the_others():
    """More slow ones than there are threads, and all of them known to be."""
    with ExitStack() as running:
        channel = ChannelFactory()
        slow = [running.enter_context(receiving(wait_s=60)) for _ in range(6)]
        for one in slow:
            EndpointFactory(channel=channel, url=one.url, last_ms=5_000)
        good = running.enter_context(receiving())
        EndpointFactory(channel=channel, url=good.url)
        PlacementFactory(channel=channel)
        senders = Senders(most=4, in_trouble=2)
        started = time.monotonic()

        senders.wake()
        assert until(lambda: good.got)
        took_s = time.monotonic() - started
        for one in slow:
            one.released.set()
        senders.finish()

    assert took_s < GIVEN_UP_S
    assert not Endpoint.objects.with_work().exists()


def test_two_workers_at_once_send_each_message_once():
    with ExitStack() as running:
        receivers = []
        for _ in range(4):
            receiver = running.enter_context(receiving(wait_s=0.01))
            endpoint = EndpointFactory(url=receiver.url)
            places = [publish(endpoint) for _ in range(5)]
            receivers.append((receiver, places))
        workers = Senders(most=4), Senders(most=4)

        at_once(*(worker.wake for worker in workers))
        for worker in workers:
            worker.finish()

    for receiver, places in receivers:
        assert receiver.places == places
    assert Attempt.objects.count() == 20


def test_no_transaction_is_open_while_a_receiver_has_the_word(
    monkeypatch: pytest.MonkeyPatch,
):
    seen: list[bool] = []
    genuine = posting.post

    def post(*args: Any) -> posting.Answer:
        seen.append(connection.in_atomic_block)
        return genuine(*args)

    monkeypatch.setattr(sending, "post", post)
    with receiving() as receiver:
        endpoint = EndpointFactory(url=receiver.url)
        publish(endpoint)
        due = sending.claim(timezone.now())
        assert due is not None
        sending.serve(due)

    assert seen == [False]


def test_what_somebody_works_on_is_left_alone_until_the_lease_has_run_out():
    endpoint = EndpointFactory()
    publish(endpoint)
    now = timezone.now()
    assert sending.claim(now) == endpoint

    assert sending.claim(now) is None
    assert sending.claim(now + sending.LEASE) == endpoint


def test_who_took_too_long_moves_nothing():
    """A worker that was suspended finds another at it when it wakes."""
    with receiving() as receiver:
        endpoint = EndpointFactory(url=receiver.url)
        publish(endpoint)
        late = sending.claim(timezone.now())
        prompt = sending.claim(timezone.now() + sending.LEASE)
        assert late is not None
        assert prompt is not None

        sending.serve(late)

        assert receiver.got == []
        sending.serve(prompt)

    assert len(receiver.got) == 1


# --- Workers as they run ----------------------------------------------------------


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers of this test; what is left of them is killed."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for worker in started:
        worker.kill()
        worker.wait()


def start(workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url_of(connection)},
        stderr=subprocess.DEVNULL,
    )
    workers.append(worker)
    return worker


def test_a_worker_hears_of_a_change_and_tells_it_within_seconds(
    workers: list[subprocess.Popen[bytes]],
):
    with receiving() as receiver:
        endpoint = EndpointFactory(url=receiver.url)
        start(workers)
        publish(endpoint)
        endpoint.ask_for_test()
        assert until(lambda: len(receiver.got) == 2, within_s=30)
        assert until(lambda: Endpoint.objects.get().leased_until is None)

        endpoint.ask_for_test()

        assert until(lambda: len(receiver.got) == 3)


def test_what_a_killed_worker_had_sent_and_not_recorded_comes_again_as_the_same(
    workers: list[subprocess.Popen[bytes]],
):
    with receiving(wait_s=60) as receiver:
        endpoint = EndpointFactory(url=receiver.url)
        place = publish(endpoint)
        worker = start(workers)
        assert until(lambda: receiver.got, within_s=30)

        worker.send_signal(signal.SIGKILL)
        worker.wait()
        receiver.wait_s = 0
        # Waiting for the lease to run out is not what this is about.
        Endpoint.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        start(workers)

        assert until(lambda: len(receiver.got) == 2, within_s=30)
        assert until(lambda: Endpoint.objects.get().sequence == place)

    first, again = receiver.got
    assert first.id == again.id
    assert first.body == again.body
    assert Delivery.objects.get().state == "delivered"
