"""What one edge is told next, and what it means that it was or could not be told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from api.documents.outdated import Outdated, everything, outdated_after, promise

from .models import Edge, trusted_until
from .varnish import NotPurged, purge

log = logging.getLogger(__name__)

# What an edge began to fetch before it was told, and took no longer than this for, is
# in its store by now. It keeps nothing for long that took longer (docs/edge.md).
SETTLES_AFTER = timedelta(milliseconds=350)
# How often an edge is asked whether it is there, when there is nothing to tell it.
PROVED_EACH = timedelta(seconds=30)
FIRST_PAUSE = timedelta(milliseconds=250)
LONGEST_PAUSE = timedelta(seconds=5)
# A failure that lasts is said again in the log.
SAID_EACH = 20


def tell(edge: Edge) -> datetime:
    """Tell `edge` what it has still to forget; when to look after it again.

    That may be past: there is more at once. Only one at a time may do so.
    """
    started = timezone.now()
    outdated = _outdated(edge)
    is_news = outdated.sequence != edge.sequence
    is_due = edge.marked_at is not None and started >= edge.marked_at + SETTLES_AFTER
    is_proved = edge.reached_at and started < edge.reached_at + PROVED_EACH
    if not is_news and not is_due and is_proved:
        return _next_look(edge)
    try:
        purge(edge.url, settings.EDGE_TOKEN, outdated.keys)
    except NotPurged as error:
        return _failed(edge, str(error))
    _told(edge, outdated, is_settled=is_due)
    promise(lambda: trusted_until(timezone.now()))
    return _next_look(edge)


def _outdated(edge: Edge) -> Outdated:
    """All that it was not told twice yet."""
    if edge.sequence is None:
        return everything()
    return outdated_after(edge.settled)


def _told(edge: Edge, outdated: Outdated, *, is_settled: bool) -> None:
    now = timezone.now()
    if edge.failures:
        log.warning("Edge %s: reached again", edge.url)
    if is_settled and edge.marked is not None:
        edge.settled = edge.marked
        edge.marked = edge.marked_at = None
    edge.sequence = outdated.sequence
    if edge.marked is None and edge.sequence != edge.settled:
        edge.marked, edge.marked_at = edge.sequence, now
    edge.reached_at, edge.failures = now, 0
    edge.failing_since, edge.error = None, ""
    edge.save()


def _failed(edge: Edge, why: str) -> datetime:
    """From now on answers are given to edges for a second only."""
    now = timezone.now()
    if edge.failures % SAID_EACH == 0:
        log.error("Edge %s is not told what is out of date: %s", edge.url, why)
    edge.failures += 1
    edge.failing_since = edge.failing_since or now
    edge.error = why
    edge.save(update_fields=["failures", "failing_since", "error"])
    # Whoever promises from here on sees that this one failed.
    promise(lambda: None)
    # Doubled each time, and no further than counts.
    pause: timedelta = FIRST_PAUSE * 2 ** min(edge.failures - 1, 10)
    return now + min(pause, LONGEST_PAUSE)


def _next_look(edge: Edge) -> datetime:
    if edge.marked_at is not None:
        return edge.marked_at + SETTLES_AFTER
    return (edge.reached_at or timezone.now()) + PROVED_EACH
