"""One answer for all threads that ask the same at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from django.db import Error

Answer = TypeVar("Answer")


class Shared(Generic[Answer]):
    """`read`, called once for all who ask for the same key while it is under way.

    Those who ask meanwhile share the next call, which begins when this one ends: after
    they have asked, so that none is told what was so before. `read` may raise
    django.db.Error, which all who share the call are told.
    """

    def __init__(self, read: Callable[[str], Answer]) -> None:
        self._read = read
        self._turns: defaultdict[str, _Turns[Answer]] = defaultdict(_Turns)

    def __call__(self, key: str) -> Answer:
        """What `read` says of `key` now. Of what keys are asked for, there are few."""
        turns = self._turns[key]
        with turns.lock:
            coming = turns.coming
            is_first = coming is None
            if coming is None:
                coming = turns.coming = Future()
        if is_first:
            with turns.running:
                with turns.lock:
                    # Whoever asks from now on asks too late for this call.
                    turns.coming = None
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


@dataclass
class _Turns(Generic[Answer]):
    """The calls for one key: one runs, and one is coming if somebody waits for it."""

    running: Lock = field(default_factory=Lock)
    coming: Future[Answer] | None = None
    # Of `coming`.
    lock: Lock = field(default_factory=Lock)
