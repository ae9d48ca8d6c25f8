"""Threads that tell one edge each what is out of date, from the commit on.

Each listens itself, so that it waits for nothing else that a worker does. Of several
workers one has the word; when it is killed, another takes over within a second.
"""

from __future__ import annotations

import logging
import select
import threading
import time
import zlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, connections
from django.utils import timezone

from api.documents.outdated import NOTIFY_CHANNEL
from api.documents.waking import wake_worker

from . import purging
from .models import Edge

log = logging.getLogger(__name__)

RECONNECT_S = 1
# How often another worker asks whether an edge is looked after.
ASKS_EACH_S = 1
# How long `finish` waits for those who have still something to tell.
PATIENCE_S = 10


class Purger(threading.Thread):
    """Looks after one edge for ever, or until it has nothing to tell and may end."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True, name=f"purger of {url}")
        self.url = url
        self.may_end = threading.Event()

    def run(self) -> None:
        while not self.may_end.is_set():
            try:
                self._look_after()
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database is away: %s", str(error).strip())
            except Exception:
                # Its thread goes on: nobody else would tell this edge.
                log.exception("Edge %s cannot be told", self.url)
            finally:
                connections.close_all()
            if not self.may_end.is_set():
                time.sleep(RECONNECT_S)

    def _look_after(self) -> None:
        # A statement that waits for the lock would keep VACUUM from its work.
        while not self._is_alone():
            if self.may_end.wait(ASKS_EACH_S):
                return
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {NOTIFY_CHANNEL}")
        while True:
            connection.connection.notifies.clear()
            edge, _ = Edge.objects.get_or_create(url=self.url)
            again_at = purging.tell(edge)
            is_idle = edge.marked is None or edge.failures > 0
            if self.may_end.is_set() and is_idle:
                return
            self._sleep(again_at)

    def _is_alone(self) -> bool:
        """Whether no other worker looks after the edge; as long as we are connected."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_of(self.url)])
            return bool(cursor.fetchone()[0])

    def _sleep(self, until: datetime) -> None:
        """Until then, or until something was published."""
        raw: Any = connection.connection
        left_s = (until - timezone.now()).total_seconds()
        if raw.notifies or left_s <= 0:
            return
        if select.select([raw], [], [], left_s)[0]:
            raw.poll()


class Purgers:
    """Those of this process: one for each edge that is configured."""

    def __init__(self) -> None:
        self._threads: dict[str, Purger] = {}

    def wake(self) -> bool:
        """Have every edge looked after. False: whoever calls need not call again."""
        if not self._threads:
            # An edge that is used again later has to forget everything.
            Edge.objects.exclude(url__in=settings.EDGES).delete()
        for url in settings.EDGES:
            thread = self._threads.get(url)
            if thread is None or not thread.is_alive():
                self._threads[url] = Purger(url)
                self._threads[url].start()
        return False

    def finish(self) -> None:
        """Wait until every edge was told all there is, but not for ever."""
        for thread in self._threads.values():
            thread.may_end.set()
        if self._threads:
            # They sleep until something happens.
            wake_worker()
        for thread in self._threads.values():
            thread.join(timeout=PATIENCE_S)
        self._threads = {}


def _lock_of(url: str) -> int:
    """The number of PostgreSQL's advisory lock for the edge at `url`."""
    return zlib.crc32(f"clinicast edge {url}".encode())


# Those of this process.
_purgers = Purgers()
wake = _purgers.wake
finish = _purgers.finish
