"""Many threads that ask the same share what one of them reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest
from django.db import Error, OperationalError

from api.documents.sharing import Shared

THREADS = 8


def at_once(ask: Callable[[], object]) -> list[object]:
    """What each of many threads is told that ask at the same moment."""
    together = Barrier(THREADS)

    def asking() -> object:
        together.wait()
        try:
            return ask()
        except Error as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return [one.result() for one in [pool.submit(asking) for _ in range(THREADS)]]


def test_who_asks_at_the_same_time_shares_two_readings():
    readings = []

    def read(key: str) -> int:
        time.sleep(0.5)
        readings.append(key)
        return len(readings)

    shared = Shared(read)
    told = at_once(lambda: shared("public"))

    # One begins at once; all others share the one behind it.
    assert len(readings) == 2
    assert set(told) == {1, 2}


def test_nobody_is_told_what_was_so_before_it_asked():
    state = 0
    is_over = Event()

    def read(key: str) -> int:
        seen = state
        time.sleep(0.0005)
        return seen

    def changing() -> None:
        nonlocal state
        while not is_over.is_set():
            state += 1
            time.sleep(0.0001)

    shared = Shared(read)

    def asking() -> None:
        for _ in range(300):
            before = state
            assert shared("public") >= before

    writer = Thread(target=changing)
    writer.start()
    try:
        assert at_once(asking) == [None] * THREADS
    finally:
        is_over.set()
        writer.join()


def test_what_fails_fails_for_all_who_share_it_and_is_tried_anew():
    fails = True

    def read(key: str) -> str:
        time.sleep(0.1)
        if fails:
            raise OperationalError("gone")
        return key

    shared = Shared(read)

    assert all(isinstance(one, Error) for one in at_once(lambda: shared("public")))
    fails = False
    assert at_once(lambda: shared("public")) == ["public"] * THREADS


def test_another_failure_leaves_nobody_waiting():
    def read(key: str) -> str:
        raise KeyError(key)

    shared = Shared(read)

    for _ in range(2):
        with pytest.raises(KeyError):
            shared("public")


def test_channels_do_not_wait_for_each_other():
    is_let_go = Event()

    def read(key: str) -> str:
        is_slow = key == "partner"
        return key if not is_slow or is_let_go.wait(10) else "too late"

    shared = Shared(read)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(shared, "partner")

        assert shared("public") == "public"

        is_let_go.set()
        assert slow.result() == "partner"


def test_whatever_is_asked_for_takes_no_memory():
    shared = Shared(str.upper)

    for number in range(100):
        assert shared(f"channel-{number}") == f"CHANNEL-{number}"

    assert not shared._coming
