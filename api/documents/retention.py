"""What is forgotten, and when: by the worker, under the lock of the one order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from . import ledger
from .models import Head, Placement, Withdrawal

# So that nobody who was let in yesterday misses what is cleared today.
GRACE = timedelta(days=1)


def clear_tombstones(places: Mapping[int, int] | None = None) -> bool:
    """Forget what left a channel's scope so long ago that no consumer may ask for it.

    `places` says how far the slowest of those that we tell ourselves has come, by
    channel: what lies behind that, it has still to hear of. What was withdrawn stays:
    its addresses go on saying so. What was forgotten is written down, so that whoever
    is behind it, since a clock was ahead or the setting was smaller for a while, starts
    again. False, as nothing is left.
    """
    untold = Q(pk__in=[])
    for channel_id, sequence in (places or {}).items():
        untold |= Q(channel_id=channel_id, sequence__gt=sequence)
    since = timezone.now() - timedelta(days=settings.TOMBSTONE_DAYS) - GRACE
    # The head of its channel stands on it.
    newest = Head.objects.filter(
        channel=OuterRef("channel"), sequence=OuterRef("sequence")
    )
    with transaction.atomic():
        ledger.take_counter()
        old = Placement.objects.filter(
            ~Exists(newest),
            ~untold,
            is_visible=False,
            withdrawn_kind=Withdrawal.OUT_OF_SCOPE,
            changed_at__lt=since,
        )
        by_channel = old.order_by().values_list("channel").annotate(Max("sequence"))
        for channel_id, sequence in by_channel:
            forgotten = Greatest("forgotten", Value(sequence))
            Head.objects.filter(pk=channel_id).update(forgotten=forgotten)
        old.delete()
    return False


def begin_timeline() -> uuid.UUID:
    """Have every consumer of the change feed start again; the new timeline."""
    with transaction.atomic():
        counter = ledger.take_counter()
        counter.timeline = uuid.uuid4()
        counter.save(update_fields=["timeline"])
    return counter.timeline
