"""Everything that happens by itself, and how often.

The worker is woken by the database when something was published, and looks around
every half minute in case it slept through a call. Each job takes its work from the
database in transactions of its own, so a killed worker loses nothing, and any number
may run: what one of them is doing, the others leave alone.
"""

from __future__ import annotations

import logging
import select
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone

from api.documents import past, publishing, retention
from api.edge import purgers
from api.webhooks import senders, sending
from cms import schedule
from cms.desk.webhooks import mail
from content_models import renditions

log = logging.getLogger(__name__)

SWEEP_S = 30
DAY_S = 24 * 3600
RECONNECT_S = 1


@dataclass(frozen=True)
class Job:
    """One thing that happens by itself.

    `function` does one batch and returns whether there may be another at once.
    """

    name: str
    function: Callable[[], bool]
    every_s: float
    # Whether a publication gives it work, so that it is not left for the next sweep.
    on_news: bool = False
    # Whether several workers may be at it at once: it shares its work out itself.
    is_shared: bool = False
    # When it has something to do next, if that is known.
    next_at: Callable[[], datetime | None] = lambda: None

    def wait_s(self) -> float:
        """How long to leave it alone, at the most until the next sweep."""
        next_at = self.next_at()
        left_s = (next_at - timezone.now()).total_seconds() if next_at else 0
        # What is overdue after it ran could not be done, and is tried at the sweep.
        return min(left_s, self.every_s) if left_s > 0 else self.every_s


def forget_sessions() -> bool:
    call_command("clearsessions")
    return False


def forget_tombstones() -> bool:
    return retention.clear_tombstones(sending.places())


JOBS = (
    Job("edges", purgers.wake, SWEEP_S, is_shared=True),
    Job("schedule", schedule.work_off, SWEEP_S, next_at=schedule.next_at),
    Job(
        "clock",
        publishing.on_the_clock,
        SWEEP_S,
        on_news=True,
        next_at=publishing.next_boundary,
    ),
    Job("channels", publishing.settle, SWEEP_S, on_news=True),
    Job("fan-out", publishing.work_off, SWEEP_S, on_news=True),
    Job(
        "webhooks",
        senders.wake,
        SWEEP_S,
        on_news=True,
        is_shared=True,
        next_at=senders.next_at,
    ),
    Job("webhook mail", mail.send, SWEEP_S, on_news=True),
    Job("renditions", renditions.make_missing, SWEEP_S, on_news=True),
    Job("former renditions", renditions.clear_former, DAY_S),
    Job("former messages", sending.clear, DAY_S),
    Job("tombstones", forget_tombstones, DAY_S),
    Job("former versions", past.forget, DAY_S),
    Job("sessions", forget_sessions, DAY_S),
)


@dataclass
class Worker:
    """Runs jobs when they fall due, for ever."""

    jobs: Sequence[Job] = JOBS
    due: dict[str, float] = field(default_factory=dict)
    ear: Any = None

    def run(self) -> None:
        while True:
            try:
                self.listen()
                self.run_due_jobs()
                self.sleep()
            except (OperationalError, InterfaceError) as error:
                log.warning("The database is away: %s", str(error).strip())
                self.ear = None
                connections.close_all()
                time.sleep(RECONNECT_S)

    def listen(self) -> None:
        """Have calls kept for us, on a connection that nothing else uses."""
        if self.ear is None:
            ear = connection.copy()
            with ear.cursor() as cursor:
                cursor.execute(f"LISTEN {publishing.NOTIFY_CHANNEL}")
            self.ear = ear
            # Whatever was published before that, nobody will call for again.
            self.due = {job.name: 0 for job in self.jobs}
            log.info("Listening")

    def run_due_jobs(self) -> None:
        for job in self.jobs:
            if self.due[job.name] <= time.monotonic():
                # Until then at the latest, also if it fails.
                self.due[job.name] = time.monotonic() + job.every_s
                run(job)
                self.due[job.name] = time.monotonic() + job.wait_s()

    def sleep(self) -> None:
        """Until a job falls due or somebody calls."""
        wait_s = max(0.0, min(self.due.values()) - time.monotonic())
        with self.ear.wrap_database_errors:
            raw = self.ear.connection
            if select.select([raw], [], [], wait_s)[0]:
                raw.poll()
            else:
                # A connection that died in silence would never call again.
                raw.cursor().execute("SELECT 1")
        if raw.notifies:
            raw.notifies.clear()
            for job in self.jobs:
                if job.on_news:
                    self.due[job.name] = 0


def run(job: Job) -> None:
    """Do all there is to do for `job`, unless another worker is at it."""
    started = time.monotonic()
    batches = 0
    with nullcontext(True) if job.is_shared else alone(job.name) as is_ours:
        try:
            while is_ours and job.function():
                batches += 1
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # It is tried again at the next sweep, and may not keep the others waiting.
            log.exception("%s failed", job.name)
    if batches:
        took_s = time.monotonic() - started
        log.info("%s: %d batches, %.1f s", job.name, batches, took_s)


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this worker is the only one at `name`; until the end, or its death."""
    key = lock_of(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = cursor.fetchone()[0]
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def lock_of(name: str) -> int:
    """The number of PostgreSQL's advisory lock for the job of that name."""
    return zlib.crc32(f"clinicast worker {name}".encode())
