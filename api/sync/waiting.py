"""`wait=SECONDS`: holding a request until something changes, where there is room."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from api.documents import news
from api.documents.reading import Standing

# When to ask again where nobody is held.
RETRY_S = 5

_lock = threading.Lock()
_waiting = 0


@contextmanager
def room() -> Iterator[bool]:
    """Whether this process holds one more request; it does until the end."""
    global _waiting
    with _lock:
        is_free = _waiting < settings.SYNC_WAITS
        _waiting += is_free
    try:
        yield is_free
    finally:
        with _lock:
            _waiting -= is_free


def keep_no_connection() -> None:
    """Close this thread's connection, which has read what it had to.

    Where requests are held there are more threads than may be connected, and all of
    them hear of a change at once.
    """
    if settings.SYNC_WAITS and not connection.in_atomic_block:
        connection.close()


def until_news(standing: Standing, deadline: float) -> bool:
    """Wait for the channel's next change; False if there was none until `deadline`.

    Meanwhile this thread has no connection: those who wait share one. `deadline` is of
    `time.monotonic`.
    """
    keep_no_connection()
    left_s = max(0.0, deadline - time.monotonic())
    return news.ear().wait(standing.channel.pk, standing.revision, left_s)
