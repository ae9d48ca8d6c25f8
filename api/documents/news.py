"""Whoever waits for a channel's next change, on one connection for all of a process."""

from __future__ import annotations

import logging
import select
import threading
import time
from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import NOTIFY_CHANNEL, Head

log = logging.getLogger(__name__)

# A connection that died in silence would never call again.
PROVE_S = 30
RECONNECT_S = 1


class Ear:
    """Hears of every change while somebody waits, and of which channels they are."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._waiting = 0
        self._revisions: dict[int, int] = {}
        self._thread: threading.Thread | None = None

    def wait(self, channel_id: int, revision: int, timeout_s: float) -> bool:
        """Whether the channel went beyond `revision` within `timeout_s` seconds."""
        with self._news:
            self._waiting += 1
            self._listen()
            try:
                return self._news.wait_for(
                    lambda: self._revisions.get(channel_id, 0) > revision, timeout_s
                )
            finally:
                self._waiting -= 1

    def _listen(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, daemon=True, name="ear")
            self._thread.start()

    def _run(self) -> None:
        while True:
            own = connection.copy()
            try:
                self._hear(own)
                return
            except (DatabaseError, InterfaceError, OSError) as error:
                log.warning("Nobody hears of changes: %s", str(error).strip())
                time.sleep(RECONNECT_S)
            finally:
                own.close()

    def _hear(self, own: BaseDatabaseWrapper) -> None:
        """Until there was no news for a while, and nobody waits for any."""
        with own.cursor() as cursor, own.wrap_database_errors:
            cursor.execute(f"LISTEN {NOTIFY_CHANNEL}")
            raw = own.connection
            # After listening began: what is committed later, is called for.
            self._tell(self._read(cursor))
            while True:
                if select.select([raw], [], [], PROVE_S)[0]:
                    raw.poll()
                elif self._is_over():
                    return
                else:
                    cursor.execute("SELECT 1")
                if raw.notifies:
                    raw.notifies.clear()
                    self._tell(self._read(cursor))

    def _is_over(self) -> bool:
        with self._news:
            if self._waiting == 0:
                self._thread = None
        return self._thread is None

    def _read(self, cursor: Any) -> dict[int, int]:
        sql, values = Head.objects.values_list(
            "channel", "revision"
        ).query.sql_with_params()
        cursor.execute(sql, values)
        return dict(cursor.fetchall())

    def _tell(self, revisions: dict[int, int]) -> None:
        with self._news:
            self._revisions = revisions
            self._news.notify_all()


@cache
def ear() -> Ear:
    """The one of this process."""
    return Ear()
