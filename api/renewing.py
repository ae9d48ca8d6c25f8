"""One thread that does what many want done, while the others wait for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

# How long somebody waits for another thread, which may hang.
PATIENCE_S = 1.0


class Renewals:
    """Who renews what: of each key one thread at a time."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Event] = {}
        self._lock = Lock()

    @contextmanager
    def of(self, key: Hashable) -> Iterator[bool]:
        """Whether it is for this thread to renew `key`, until it leaves.

        False if another one was at it: that has ended, or goes on for long.
        """
        ended = Event()
        with self._lock:
            others = self._under_way.setdefault(key, ended)
        if others is not ended:
            others.wait(PATIENCE_S)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                del self._under_way[key]
            ended.set()
