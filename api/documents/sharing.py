"""One answer for all threads that ask the same at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar
from zlib import crc32

from django.db import Error

Answer = TypeVar("Answer")
LOCKS = 64


class Shared(Generic[Answer]):
    """`read`, called once for all who ask for the same key while it is under way.

    Those who ask meanwhile share the next call, which begins when this one ends: after
    they have asked, so that none is told what was so before. `read` may raise
    django.db.Error, which all who share the call are told.
    """

    def __init__(self, read: Callable[[str], Answer]) -> None:
        self._read = read
        # The calls that somebody waits for and that have not begun.
        self._coming: dict[str, Future[Answer]] = {}
        self._lock = Lock()
        # One call for a key runs at a time. Keys may be whatever clients send, so there
        # is not a lock for each.
        self._running = [Lock() for _ in range(LOCKS)]

    def __call__(self, key: str) -> Answer:
        """What `read` says of `key` now."""
        with self._lock:
            coming = self._coming.get(key)
            is_first = coming is None
            if coming is None:
                coming = self._coming[key] = Future()
        if is_first:
            with self._running[crc32(key.encode()) % LOCKS]:
                with self._lock:
                    # Whoever asks from now on asks too late for this call.
                    del self._coming[key]
                self._call(key, coming)
        return coming.result()

    def _call(self, key: str, coming: Future[Answer]) -> None:
        try:
            coming.set_result(self._read(key))
        except Error as error:
            coming.set_exception(error)
        finally:
            # Whatever else has happened, nobody waits for ever.
            coming.cancel()
