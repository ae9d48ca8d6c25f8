from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from wagtail.models import Revision

from api.documents import publishing
from api.documents.models import Document, Stale
from cms import schedule
from cms.readers import BASE_DIR
from cms.worker import JOBS, Job, Worker, lock_of, run
from content_models.models import Article, Author
from tests.factories import ArticleFactory, AuthorFactory
from tests.machine import until, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def another() -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database, which commits."""
    other = connection.copy()
    yield other
    other.close()


def execute(other: BaseDatabaseWrapper, query: str) -> None:
    with other.cursor() as cursor:
        cursor.execute(query)


def test_a_publication_wakes_it_from_a_sleep_of_minutes(another: BaseDatabaseWrapper):
    done: list[str] = []
    news = Job("news", lambda: bool(done.append("news")), 600, on_news=True)
    other = Job("other", lambda: bool(done.append("other")), 600)
    worker = Worker([news, other])
    worker.listen()
    worker.run_due_jobs()
    started = time.monotonic()

    execute(another, f"NOTIFY {publishing.NOTIFY_CHANNEL}")
    worker.sleep()
    worker.run_due_jobs()

    assert time.monotonic() - started < 10
    assert done == ["news", "other", "news"]
    worker.ear.close()


def test_it_notices_when_the_database_hangs_up_and_listens_again(
    another: BaseDatabaseWrapper,
):
    done: list[str] = []
    worker = Worker([Job("any", lambda: bool(done.append("any")), 600)])
    worker.listen()
    worker.run_due_jobs()
    pid = worker.ear.connection.get_backend_pid()

    execute(another, f"SELECT pg_terminate_backend({pid})")
    with pytest.raises((OperationalError, InterfaceError)):
        # First comes the farewell, then the end of the line.
        for _ in range(3):
            worker.sleep()
    worker.ear = None
    worker.listen()
    worker.run_due_jobs()

    # What was published meanwhile called nobody, so everything is looked at.
    assert done == ["any", "any"]
    worker.ear.close()


def test_it_sleeps_until_a_job_falls_due():
    worker = Worker([Job("often", lambda: False, 1)])
    worker.listen()
    worker.run_due_jobs()
    worked_s = time.process_time()

    worker.sleep()

    assert -0.01 < time.monotonic() - worker.due["often"] < 10
    assert time.process_time() - worked_s < 0.4
    worker.ear.close()


def test_it_wakes_when_a_job_has_something_to_do():
    soon = timezone.now() + timedelta(seconds=60)
    worker = Worker([Job("lapse", lambda: False, 600, next_at=lambda: soon)])
    worker.listen()
    worker.run_due_jobs()

    assert 0 < worker.due["lapse"] - time.monotonic() <= 60
    worker.ear.close()


def test_what_is_overdue_and_could_not_be_done_waits_for_the_sweep():
    past = timezone.now() - timedelta(hours=1)

    assert Job("poison", lambda: False, 30, next_at=lambda: past).wait_s() == 30


def test_a_job_is_done_until_nothing_is_left():
    left = [3, 2, 1]

    run(Job("batches", lambda: bool(left.pop() and left), 30))

    assert left == []


def test_a_job_that_fails_is_logged_and_the_next_one_is_done(
    caplog: pytest.LogCaptureFixture,
):
    done: list[str] = []
    worker = Worker(
        [
            Job("bad", lambda: bool(1 / 0), 30),
            Job("good", lambda: bool(done.append("good")), 30),
        ]
    )
    worker.listen()

    worker.run_due_jobs()

    assert done == ["good"]
    assert "bad failed" in caplog.text
    worker.ear.close()


def test_what_another_worker_does_is_left_alone_until_that_one_is_gone(
    another: BaseDatabaseWrapper,
):
    done: list[str] = []
    job = Job("shared", lambda: bool(done.append("shared")), 30)
    execute(another, f"SELECT pg_advisory_lock({lock_of('shared')})")

    run(job)
    assert done == []

    # As for a worker that was killed: its connection ends, and nothing else is told.
    another.close()
    assert until(lambda: run(job) or done)


def schedule_article(at: datetime, author: Author, **fields: Any) -> Article:
    article = ArticleFactory(live=False, authors=[author], **fields)
    with publishing.publishing():
        article.go_live_at = at
        article.save_revision().publish()
    return article


def is_live(content: Any) -> bool:
    return bool(type(content).objects.get(pk=content.pk).live)


def test_scheduled_content_is_published_when_it_falls_due_and_not_before(
    frozen, in_days
):
    article = schedule_article(in_days(2), AuthorFactory())

    with frozen(in_days(1)):
        schedule.work_off()
    assert not is_live(article)

    with frozen(in_days(3)):
        schedule.work_off()
    assert is_live(article)
    assert Document.objects.filter(slug=article.slug, withdrawn_at=None).exists()


@pytest.mark.parametrize("make", [ArticleFactory, AuthorFactory])
def test_content_of_every_kind_expires_when_it_falls_due(make, frozen, in_days):
    content = make(expire_at=in_days(1))

    with frozen(in_days(2)):
        schedule.work_off()

    assert not is_live(content)
    assert not Document.objects.filter(slug=content.slug, withdrawn_at=None).exists()


def test_one_scheduled_article_that_is_refused_holds_up_no_other(
    frozen, in_days, caplog
):
    unready = schedule_article(in_days(1), leaver := AuthorFactory())
    ready = schedule_article(in_days(2), AuthorFactory())
    with publishing.publishing():
        leaver.unpublish()

    with frozen(in_days(3)):
        schedule.work_off()

    assert not is_live(unready)
    assert is_live(ready)
    assert "was refused: NotReady" in caplog.text
    assert unready.title not in caplog.text


def test_staff_who_cancel_a_schedule_at_the_last_moment_are_heeded(frozen, in_days):
    article = schedule_article(in_days(1), AuthorFactory())
    with frozen(in_days(2)):
        [(_, act)] = schedule.publications(in_days(2))
        Revision.objects.filter(object_id=str(article.pk)).update(
            approved_go_live_at=None
        )

        act()

    assert not is_live(article)


def test_a_running_worker_takes_up_what_was_left_and_may_be_killed(
    another: BaseDatabaseWrapper,
):
    def waiting() -> int:
        with another.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM documents_stale")
            return int(cursor.fetchone()[0])

    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url_of(another)},
        stderr=subprocess.PIPE,
    )
    try:
        assert worker.stderr is not None
        assert b"Listening" in worker.stderr.readline()
        leave(another)
        assert until(lambda: waiting() == 0, within_s=20)
    finally:
        worker.kill()
        worker.communicate()

    leave(another)
    for job in JOBS:
        run(job)
    assert not Stale.objects.exists()


def leave(other: BaseDatabaseWrapper) -> None:
    """Leave one thing to the worker, of content that has vanished, and call it."""
    execute(
        other,
        "INSERT INTO documents_stale (source, noted_at, due_at) "
        "VALUES ('article:0', now(), now())",
    )
    execute(other, f"NOTIFY {publishing.NOTIFY_CHANNEL}")
