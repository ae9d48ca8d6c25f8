"""How content becomes public: inside `publishing()`, wholly or not at all.

Whoever changes content there calls `note()`. As the last act of the transaction,
`flush()` takes the counter row, and only then reads, renders, places and writes
(`flushing.py`). So the order of sequences is the order in which changes become visible,
and of two editors the later one sees what the earlier one published.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Min, Q
from django.utils import timezone
from wagtail.models import Collection, Page

from content_models.models import Article, Image, Section

from . import rendering
from .flushing import Flush, Refused
from .identity import source_of
from .ledger import NOTIFY_CHANNEL, counted
from .models import Counter, Document, Head, Stale
from .scene import Scene

__all__ = ["NOTIFY_CHANNEL", "OutsidePublishing", "Refused", "publishing"]


class OutsidePublishing(RuntimeError):
    """Content was published where nobody would have rendered it."""


_open = threading.local()


@contextmanager
def publishing() -> Iterator[None]:
    """One transaction in which content may be published, wholly or not at all.

    Inside another one it is part of that: the outermost flushes.
    """
    if getattr(_open, "noted", None) is not None:
        with transaction.atomic():
            yield
        return
    _open.noted = {}
    try:
        with transaction.atomic():
            yield
            flush()
    finally:
        _open.noted = None


def note(model: type[models.Model], pk: Any) -> None:
    """Remember that the row `pk` of `model` may be public, or public no longer.

    Raises OutsidePublishing where no flush will follow: the change would be lost.
    """
    noted = getattr(_open, "noted", None)
    if noted is None:
        raise OutsidePublishing(
            f"{model.__name__} {pk} was published outside of a publication. Put the "
            "code into `with api.documents.publishing.publishing():`."
        )
    noted[(model, pk)] = None


def flush() -> None:
    """Write what was noted to documents and placements; the last act before commit."""
    while noted := list(_open.noted):
        _open.noted.clear()
        with Flush() as flushing:
            flushing.publish(_sources(noted))


def work_off(limit: int | None = None) -> bool:
    """Render one batch of what earlier publications left; False if none is left.

    Killed half-way it has done nothing: the batch is one transaction. A document that
    cannot be rendered is logged and tried again later, and holds up no other.
    """
    with transaction.atomic(), Flush() as flushing:
        waiting = Stale.objects.filter(due_at__lte=flushing.now)
        batch = list(waiting.values_list("source", flat=True)[: _batch(limit)])
        for source in batch:
            flushing.attempt(source)
    return bool(batch)


def on_the_clock(limit: int | None = None) -> bool:
    """Write one batch of what time alone has changed; False if there was nothing.

    That is: credentials that lapsed or began to count, and content that expired.
    """
    now = timezone.now()
    due = Q(valid_until__lte=now) | Q(
        placements__is_visible=True, placements__visible_until__lte=now
    )
    overdue = (
        Document.objects.filter(due, withdrawn_at=None)
        # Those that could not be rendered wait for their next attempt.
        .exclude(source__in=Stale.objects.values("source"))
        .values_list("source", flat=True)
        .distinct()
    )
    batch = list(overdue[: _batch(limit)])
    if not batch:
        return False
    with transaction.atomic(), Flush() as flushing:
        for source in batch:
            flushing.attempt(source)
    return True


def next_boundary() -> datetime | None:
    """When `on_the_clock` has something to do next; may be overdue."""
    return Head.objects.aggregate(at=Min("next_boundary_at"))["at"]


def renew(sources: Iterable[str]) -> None:
    """Bring the documents of `sources` up to date now, whatever was noted."""
    with transaction.atomic(), Flush() as flushing:
        for source in sources:
            flushing.attempt(source)


def rewrite(sources: list[str]) -> None:
    """Write the documents of `sources` anew, rendered before the lock is taken.

    Should anything be published meanwhile, they are read and rendered again under it.
    """
    # Before any content is read: whatever is published from here on is noticed.
    seen = Counter.objects.values_list("value", flat=True).get()
    scene = Scene.at(timezone.now())
    early = {source: rendering.attempt(source, scene) for source in sources}
    with transaction.atomic(), Flush(writes_all=True) as flushing:
        is_fresh = flushing.ledger.sequence == seen
        for source, rendered in early.items():
            flushing.attempt(source, rendered if is_fresh else None)


def recount() -> None:
    """Make what is kept of every channel right again."""
    with transaction.atomic(), Flush() as flushing:
        for head in Head.objects.all():
            flushing.ledger.revise(head.channel_id)
            Head.objects.filter(pk=head.pk).update(counts=counted(head.channel_id))


def _batch(limit: int | None) -> int:
    return limit or settings.DOCUMENTS_INLINE_LIMIT


def _sources(noted: list[tuple[type[models.Model], Any]]) -> list[str]:
    """The rows behind what was noted; sections and collections stand for their own."""
    sources: dict[str, None] = {}
    for model, pk in noted:
        for source in _expanded(model, pk):
            sources[source] = None
    return list(sources)


def _expanded(model: type[models.Model], pk: Any) -> list[str]:
    if model in (Page, Section):
        return _within(Article, "path", Page._default_manager.filter(pk=pk))
    if model is Collection:
        collections = Collection._default_manager.filter(pk=pk)
        return _within(Image, "collection__path", collections)
    return [source_of(model, pk)]


def _within(
    model: type[models.Model], path: str, root: models.QuerySet[Any]
) -> list[str]:
    """The rows of `model` in the branch of a tree; none if its root is gone."""
    branch = root.values_list("path", flat=True).first()
    if branch is None:
        return []
    rows = model._default_manager.filter(**{f"{path}__startswith": branch})
    return [source_of(model, pk) for pk in rows.values_list("pk", flat=True)]
