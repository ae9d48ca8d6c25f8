"""Threads that work for one endpoint each, so that none waits for a slow one."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from . import sending
from .models import SLOW_MS, Endpoint

log = logging.getLogger(__name__)

# Of one worker; each has a connection to the database while it works.
MOST = 16
# So many at most work for those that do not answer, or late.
MOST_IN_TROUBLE = MOST // 2


class Senders:
    """As many threads as there is work for; each ends when it finds none."""

    def __init__(self, most: int = MOST, in_trouble: int = MOST_IN_TROUBLE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        # Whether there was more to do than threads while all of them were busy.
        self._is_more = False
        self._for_trouble = threading.Semaphore(in_trouble)

    def wake(self) -> bool:
        """Have all that is due worked on, by as many threads as there may be.

        False: whoever calls need not call again before there is news.
        """
        now = timezone.now()
        sending.set_right(now)
        due = Endpoint.objects.due_at(now)[: self._most].count()
        with self._lock:
            room = self._most - len(self._threads)
            self._is_more |= due > room
            for _ in range(min(due, room)):
                thread = threading.Thread(target=self._run, daemon=True, name="sender")
                self._threads.add(thread)
                thread.start()
        return False

    def finish(self) -> None:
        """Wait until all threads have ended."""
        while threads := list(self._threads):
            for thread in threads:
                thread.join()

    def _run(self) -> None:
        try:
            while self._work() or self._is_wanted():
                pass
        except (OperationalError, InterfaceError) as error:
            log.warning("The database is away: %s", str(error).strip())
        finally:
            connections.close_all()
            with self._lock:
                self._threads.discard(threading.current_thread())

    def _is_wanted(self) -> bool:
        """Whether somebody has called for more threads than there were."""
        with self._lock:
            is_more, self._is_more = self._is_more, False
            if not is_more:
                # From here on it counts as ended: the next call starts another one.
                self._threads.discard(threading.current_thread())
            return is_more

    def _work(self) -> bool:
        """Work for one endpoint; False if none was due."""
        with_trouble = self._for_trouble.acquire(blocking=False)
        try:
            endpoint = sending.claim(timezone.now(), with_trouble=with_trouble)
            if endpoint is None:
                return False
            if with_trouble and not _is_in_trouble(endpoint):
                self._for_trouble.release()
                with_trouble = False
            sending.serve(endpoint)
            return True
        finally:
            if with_trouble:
                self._for_trouble.release()


def _is_in_trouble(endpoint: Endpoint) -> bool:
    return endpoint.failures > 0 or (endpoint.last_ms or 0) > SLOW_MS


def next_at() -> datetime | None:
    """When there is something to do next; may be overdue."""
    return Endpoint.objects.next_at()


# Those of this process.
_senders = Senders()
wake = _senders.wake
finish = _senders.finish
