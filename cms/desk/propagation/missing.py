"""What has not arrived, as a question to the database: for lists and the first page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery

from api.channels.entitlements import UNTRANSLATED
from api.channels.models import Channel
from api.documents.models import Placement, PlacementHistory, Told, Withdrawal
from api.webhooks.models import PUBLISHED, UPDATED, WITHDRAWN, every_event

from .consumers import Consumer, How, consumers_of, newest

NOTHING = Q(pk__in=[])


def missing_at(now: datetime) -> QuerySet[Placement]:
    """Placements whose newest change somebody who keeps a copy may not have.

    It says the same as `Records`, but for what a webhook did not want at the time.
    """
    channels = Channel.objects.all()
    found = consumers_of(channels, now)
    wanted = reduce(or_, map(_of_channel, found.values()), NOTHING)
    noted = Told.objects.filter(
        channel=OuterRef("channel"),
        document=OuterRef("document"),
        sequence__gte=OuterRef("sequence"),
        key=None,
    )
    is_noted = Q(Exists(noted), is_visible=False)
    return Placement.objects.filter(wanted).exclude(is_noted)


def _of_channel(consumers: Iterable[Consumer]) -> Q:
    found, kept = NOTHING, list(consumers)
    follow = [q for one in kept if (q := _followed_by(one)) is not None]
    for one in kept:
        if one.how == How.MIRROR:
            found |= _of_mirror(one)
        elif one.how == How.WEBHOOK:
            found |= _of_webhook(one)
    readers = [one for one in kept if one.how == How.API]
    if readers:
        read = _unread_by(newest(readers)) | reduce(or_, map(_kept_by, readers))
        found |= read & ~reduce(or_, follow, NOTHING)
    return found


def _followed_by(consumer: Consumer) -> Q | None:
    """Of what it is told at all; None of one that only reads."""
    here = Q(channel_id=consumer.channel_id)
    if consumer.position is not None:
        position = consumer.position
        if position.types:
            here &= Q(type__in=position.types.split(","))
        if position.locale:
            here &= Q(locale=position.locale) | Q(type__in=UNTRANSLATED)
        return here
    if consumer.endpoint is None:
        return None
    here &= Q(changed_at__gte=consumer.begun_at)
    wants = consumer.endpoint.wants
    kinds = {
        name.partition(".")[0] for _, events in every_event() for name, _ in events
    }
    told = [k for k in kinds if wants(f"{k}.{PUBLISHED}") or wants(f"{k}.{UPDATED}")]
    withdrawn = [kind for kind in kinds if wants(f"{kind}.{WITHDRAWN}")]
    return here & (
        Q(is_visible=True, type__in=told) | Q(is_visible=False, type__in=withdrawn)
    )


def _of_mirror(mirror: Consumer) -> Q:
    known = PlacementHistory.objects.filter(
        channel=mirror.channel_id,
        document=OuterRef("document"),
        sequence__lte=mirror.sequence,
    ).order_by("-sequence")
    has_it = Subquery(known.values("is_visible")[:1], output_field=BooleanField())
    may_have_it = Q(is_visible=True) | Q(has_it)
    follows = _followed_by(mirror) or NOTHING
    return follows & Q(sequence__gt=mirror.sequence) & may_have_it


def _of_webhook(hook: Consumer) -> Q:
    return (_followed_by(hook) or NOTHING) & Q(sequence__gt=hook.sequence)


def _unread_by(reader: Consumer) -> Q:
    """What is there, and it has not read since it changed."""
    seen_at = reader.seen_at or reader.begun_at
    here = Q(channel_id=reader.channel_id)
    return here & Q(is_visible=True, changed_at__gt=seen_at)


def _kept_by(reader: Consumer) -> Q:
    """What is gone, and it may keep: it could read it, and was not told."""
    told = Told.objects.filter(
        channel=OuterRef("channel"),
        document=OuterRef("document"),
        sequence__gte=OuterRef("sequence"),
        key=reader.key_id,
    )
    was_there = PlacementHistory.objects.filter(
        channel=reader.channel_id,
        document=OuterRef("document"),
        at__lte=reader.seen_at or reader.begun_at,
        is_visible=True,
    )
    is_gone = Q(is_visible=False) & ~Q(withdrawn_kind=Withdrawal.OUT_OF_SCOPE)
    here = Q(channel_id=reader.channel_id)
    return here & is_gone & ~Q(Exists(told)) & Q(Exists(was_there))
