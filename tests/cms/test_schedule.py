"""Scheduled publication beside people who edit at the same moment."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from api.documents import publishing
from cms import schedule
from content_models.models import Article
from tests.factories import ArticleFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_an_article_that_falls_due_while_it_is_edited_locks_nobody_out(monkeypatch):
    article = ArticleFactory(live=False)
    with publishing.publishing():
        article.go_live_at = timezone.now() + timedelta(days=1)
        article.save_revision().publish()
    later = timezone.now() + timedelta(days=2)
    due = Revision.objects.get(approved_go_live_at__isnull=False)
    has_begun, has_saved = threading.Event(), threading.Event()
    publish = Revision.publish

    def slowly(revision: Revision, **kwargs: object) -> None:
        if kwargs.get("log_action") == "wagtail.publish.scheduled":
            has_begun.set()
            # The editor waits for the article meanwhile; if not, there is time enough.
            has_saved.wait(timeout=1)
        publish(revision, **kwargs)

    monkeypatch.setattr(Revision, "publish", slowly)

    def worker() -> None:
        with publishing.publishing():
            schedule.publish(due.pk, later)

    def editor() -> None:
        has_begun.wait(timeout=10)
        with publishing.publishing():
            draft = Article.objects.get().get_latest_revision_as_object()
            draft.title, draft.go_live_at = "Edited", None
            revision = draft.save_revision()
            has_saved.set()
            time.sleep(0.3)
            revision.publish()

    errors = at_once(worker, editor)

    assert errors == []
    assert Article.objects.get().title == "Edited"
