"""How content becomes public: inside `publishing()`, wholly or not at all.

Whoever changes content there calls `note()`. As the last act of the transaction,
`flush()` takes the counter row, and only then reads, renders, places and writes
(`flushing.py`). So the order of sequences is the order in which changes become visible,
and of two editors the later one sees what the earlier one published.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone
from wagtail.models import Collection, Page

from api.channels import entitlements
from api.channels.models import Channel
from content_models.models import Article, Image, Section

from . import carrying, rendering
from .flushing import Flush
from .identity import source_of
from .ledger import counted
from .models import (
    NOTIFY_CHANNEL,
    Counter,
    Document,
    Head,
    Kind,
    Placement,
    Settling,
    Stale,
    Upcoming,
)
from .scene import Scene
from .storing import Refused

__all__ = ["NOTIFY_CHANNEL", "OutsidePublishing", "Refused", "publishing"]


# Of what was left to the worker. What many documents show is read and rendered once for
# as many as are rendered together; then some at a time are written, while nobody else
# can publish: on ten channels that takes a third of a second.
RENDERED_AT_ONCE, WRITTEN_AT_ONCE = 120, 40
# Documents, placed on one channel while everybody else waits: some 40 ms.
SETTLED_AT_ONCE = 25
# Less than any other in their order.
NO_DOCUMENT = UUID(int=0)


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
        channels = [pk for model, pk in noted if model is Channel]
        contents = [(model, pk) for model, pk in noted if model is not Channel]
        with Flush() as flushing:
            # First of all: a new channel has no head yet.
            flushing.unsettle(channels)
            flushing.publish(_sources(contents))


def work_off() -> bool:
    """Render some of what earlier publications left; False if none is left.

    They are written batch by batch, each in one transaction: killed half-way, a batch
    has done nothing. A document that cannot be rendered is logged and tried again
    later, and holds up no other.
    """
    waiting = Stale.objects.filter(due_at__lte=timezone.now())
    sources = list(waiting.values_list("source", flat=True)[:RENDERED_AT_ONCE])
    if not sources:
        return False
    early = rendered_early(sources)
    rewriting = Rewriting(writes_all=False)
    for start in range(0, len(sources), WRITTEN_AT_ONCE):
        batch = sources[start : start + WRITTEN_AT_ONCE]
        if not rewriting.write(early.part(batch)):
            # The rest need not be rendered while others wait: it is, before, next time.
            break
    return True


def on_the_clock(limit: int | None = None) -> bool:
    """Write one batch of what time alone has changed; False if there was nothing.

    That is: credentials that lapsed or began to count, content that expired, and what
    a channel carries after a delay.
    """
    now = timezone.now()
    due = (
        Q(valid_until__lte=now)
        | Q(placements__is_visible=True, placements__visible_until__lte=now)
        | Q(pk__in=Upcoming.objects.filter(at__lte=now).values("document"))
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
        flushing.attempt(batch)
    return True


def settle(limit: int = SETTLED_AT_ONCE) -> bool:
    """Place one batch anew on a channel whose entitlement was changed.

    False if there is none. What is read is read before the lock is taken, and a change
    meanwhile has the channel begin again.
    """
    waiting = Settling.objects.select_related("channel").order_by("since").first()
    if waiting is None:
        return False
    channel, now = waiting.channel, timezone.now()
    batch, reached = _misplaced(channel, now, waiting.done, limit)
    with transaction.atomic(), Flush() as flushing:
        same = Settling.objects.filter(pk=channel.pk, since=waiting.since)
        if not same.filter(done=waiting.done).exists():
            return True
        flushing.settle(channel, batch)
        if reached is None:
            same.delete()
        else:
            same.update(done=reached)
    return True


def _misplaced(
    channel: Channel, now: datetime, done: UUID | None, limit: int
) -> tuple[list[UUID], UUID | None]:
    """The next `limit` of what stands on `channel` and what else should, or will.

    And how far that is; None at the end. Articles come first: what they use is known
    when all of them are placed.
    """
    is_article = Q(type=Kind.ARTICLE)
    if done is None or Document.objects.filter(is_article, pk=done).exists():
        concerned = _concerned(channel, now) & is_article
        end = NO_DOCUMENT
    else:
        using = Placement.objects.filter(
            channel=channel,
            type=Kind.ARTICLE,
            is_visible=True,
            document__uses__contains=[OuterRef("pk")],
        )
        follows = Q(Exists(using), type__in=entitlements.FOLLOWING)
        concerned = (_concerned(channel, now) | follows) & ~is_article
        end = None
    left = Document.objects.filter(
        concerned, pk__gt=done or NO_DOCUMENT, withdrawn_at=None
    )
    batch = list(left.order_by("pk").values_list("pk", flat=True)[:limit])
    return batch, batch[-1] if len(batch) == limit else end


def _concerned(channel: Channel, now: datetime) -> Q:
    """What stands on `channel`, and what else should, or will after its delay."""
    shown = Placement.objects.filter(channel=channel, is_visible=True)
    entitlement = entitlements.of_channels([channel])[channel.pk]
    entitlement = replace(entitlement, delay=timedelta(0))
    return (
        Q(pk__in=shown.values("document"))
        | Q(pk__in=Upcoming.objects.filter(channel=channel).values("document"))
        | carrying.is_entitled(entitlement, now)
    )


def next_boundary() -> datetime | None:
    """When `on_the_clock` has something to do next; may be overdue."""
    ends = Head.objects.aggregate(at=Min("next_boundary_at"))["at"]
    begins = Upcoming.objects.aggregate(at=Min("at"))["at"]
    return min((at for at in (ends, begins) if at), default=None)


def renew(sources: Iterable[str]) -> None:
    """Bring the documents of `sources` up to date now, whatever was noted."""
    with transaction.atomic(), Flush() as flushing:
        flushing.attempt(list(sources))


@dataclass(frozen=True)
class Early:
    """What was rendered before the lock was taken, and where the changes stood then.

    None of what cannot be shown, or could not be rendered.
    """

    renders: Mapping[str, rendering.Rendered | None]
    seen: int
    publications: int

    def part(self, sources: Iterable[str]) -> Early:
        """Those of `sources` alone."""
        return replace(self, renders={one: self.renders[one] for one in sources})


def rendered_early(sources: Sequence[str]) -> Early:
    """The renders of `sources` as they are now, while others publish."""
    # Before any content is read: whatever is published from here on is noticed.
    seen = Counter.objects.values_list("value", "publications").first() or (0, 0)
    return Early(rendering.attempts(sources, Scene.at(timezone.now())), *seen)


class Rewriting:
    """Brings documents up to date by renders from before the lock.

    Should anything have been published since, they are read and rendered again under
    it. What this one wrote itself does not count: no render depends on documents.
    """

    def __init__(self, *, writes_all: bool) -> None:
        self._writes_all = writes_all
        # From where to where each of its own transactions has brought the counter.
        self._own: dict[int, int] = {}

    def write(self, early: Early) -> bool:
        """Whether it was those renders that were written."""
        with transaction.atomic(), Flush(writes_all=self._writes_all) as flushing:
            begun = flushing.ledger.sequence
            seen = early.seen
            while seen in self._own:
                seen = self._own[seen]
            is_current = seen == begun and (
                early.publications == flushing.ledger.publications
            )
            renders = early.renders if is_current else None
            flushing.attempt(list(early.renders), renders)
        if flushing.ledger.sequence > begun:
            self._own[begun] = flushing.ledger.sequence
        return is_current


def rewrite(sources: Sequence[str]) -> None:
    """Write the documents of `sources` anew, whatever they say."""
    Rewriting(writes_all=True).write(rendered_early(sources))


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
