"""Who keeps what each channel carries, and how far each of them has come.

Three kinds tell us something. A mirror follows the change feed with a key: the
checkpoint that it sends says what it has. A webhook confirms each message. Whoever
reads the API with a key, and neither, says only that it has asked: what it keeps of the
answers we do not know. Who reads an open channel without a key is nobody we know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery

from api.channels.models import Channel, Key
from api.documents.models import ConsumerPosition, Placement
from api.webhooks.models import Endpoint


class How(Enum):
    """How we know."""

    MIRROR = auto()
    WEBHOOK = auto()
    API = auto()


@dataclass(frozen=True)
class Consumer:
    """One that may keep a copy. `trouble` is why it can hear of nothing at the moment.

    `sequence` is how far it has come in the changes of its channel; None of one that
    only reads. `begun_at` is since when it is told: what was before, it is not told.
    """

    how: How
    name: str
    channel_id: int
    begun_at: datetime
    seen_at: datetime | None
    sequence: int | None = None
    trouble: str = ""
    position: ConsumerPosition | None = None
    endpoint: Endpoint | None = None
    # Of one that only reads.
    key_id: int | None = None
    # Changes that it has still to hear of, and since when; counted if asked for.
    behind: int = 0
    behind_since: datetime | None = None


def consumers_of(
    channels: Iterable[Channel], now: datetime, *, is_counted: bool = False
) -> dict[int, list[Consumer]]:
    """All of each channel, by its id: in three statements, however many there are.

    `is_counted` is whether how far each is behind is counted as well.
    """
    by_id = {channel.pk: channel for channel in channels}
    keys: dict[int, list[Key]] = defaultdict(list)
    for key in Key.objects.filter(channel__in=by_id):
        keys[key.channel_id].append(key)
    positions: dict[int, list[ConsumerPosition]] = defaultdict(list)
    followed = ConsumerPosition.objects.filter(channel__in=by_id, key__isnull=False)
    for position in _counted(followed.select_related("key"), is_counted):
        positions[position.channel_id].append(position)
    endpoints: dict[int, list[Endpoint]] = defaultdict(list)
    for endpoint in _counted(Endpoint.objects.filter(channel__in=by_id), is_counted):
        endpoints[endpoint.channel_id].append(endpoint)
    return {
        pk: _of_channel(channel, keys[pk], positions[pk], endpoints[pk], now)
        for pk, channel in by_id.items()
    }


def _of_channel(
    channel: Channel,
    keys: list[Key],
    positions: list[ConsumerPosition],
    endpoints: list[Endpoint],
    now: datetime,
) -> list[Consumer]:
    suspended = "The site is suspended: it cannot ask." if channel.is_suspended else ""
    mirrors = [_mirror(one, now, suspended) for one in positions]
    hooks = [_webhook(one, suspended) for one in endpoints]
    # A key that was replaced by another one is no site of its own; where there is none
    # besides, whoever had it still has what it read.
    kept = [one for one in mirrors if not _has_ended(one, now)] or mirrors
    kept += [one for one in hooks if one.endpoint and not one.endpoint.has_ended]
    kept = kept or hooks
    followed = {one.key_id for one in positions}
    readers = [key for key in keys if key.last_used_at and key.pk not in followed]
    valid = [key for key in readers if key.is_valid_at(now)]
    for key in valid or ([] if kept else readers):
        trouble = suspended or ("" if valid else "Its key has ended: it cannot ask.")
        kept.append(_reader(key, trouble))
    return kept


def _has_ended(mirror: Consumer, now: datetime) -> bool:
    key = mirror.position.key if mirror.position else None
    return key is None or not key.is_valid_at(now)


def _mirror(position: ConsumerPosition, now: datetime, suspended: str) -> Consumer:
    key = position.key
    assert key is not None  # noqa: S101 - asked for with a key only
    ended = "" if key.is_valid_at(now) else "Its key has ended: it cannot ask any more."
    return Consumer(
        How.MIRROR,
        key.name,
        position.channel_id,
        key.created_at,
        position.seen_at,
        position.sequence,
        suspended or ended,
        position=position,
        **_behind(position),
    )


def _webhook(endpoint: Endpoint, suspended: str) -> Consumer:
    trouble = suspended
    if endpoint.has_ended:
        trouble = "Its webhook has ended: it is told nothing."
    elif endpoint.is_paused:
        trouble = "Its webhook is paused: it is told nothing until it is resumed."
    elif endpoint.failures:
        trouble = "Its server does not answer as it should; we try again."
    return Consumer(
        How.WEBHOOK,
        str(endpoint),
        endpoint.channel_id,
        endpoint.created_at,
        endpoint.confirmed_at,
        endpoint.sequence,
        trouble,
        endpoint=endpoint,
        **_behind(endpoint),
    )


def _reader(key: Key, trouble: str) -> Consumer:
    return Consumer(
        How.API,
        key.name,
        key.channel_id,
        key.created_at,
        key.last_used_at,
        trouble=trouble,
        key_id=key.pk,
    )


def newest(readers: Iterable[Consumer]) -> Consumer:
    """Who of several that only read asked last."""
    return max(readers, key=lambda one: one.seen_at or one.begun_at)


def _behind(row: Any) -> dict[str, Any]:
    number = getattr(row, "behind", None) or 0
    return {"behind": number, "behind_since": getattr(row, "behind_since", None)}


def _counted(rows: Any, is_counted: bool) -> Any:
    """`rows` with how many changes each has still to hear of, if that is wanted."""
    if not is_counted:
        return rows
    after = (
        Placement.objects.filter(
            channel=OuterRef("channel"), sequence__gt=OuterRef("sequence")
        )
        .order_by()
        .values("channel")
    )
    return rows.annotate(
        behind=Subquery(after.annotate(number=Count("pk")).values("number")),
        behind_since=Subquery(after.annotate(first=Min("changed_at")).values("first")),
    )
