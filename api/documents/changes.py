"""A channel's changes in their one order: what the change feed is a reading of.

Compacted: a placement keeps its latest state only, so that of a document's changes the
last one is read, in its place.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q

from api.channels.entitlements import UNTRANSLATED
from api.channels.models import Channel, Extent

from .carrying import is_settling, is_shown
from .models import (
    Counter,
    Head,
    Placement,
    PlacementHistory,
    PlacementQuerySet,
    Withdrawal,
)
from .reading import joined, suffix_at, text_column
from .standing import EPOCH, Standing
from .statements import MARKS, Compiled, Prepared, marked_channel

_OF_WHAT_LEFT = (
    *("document_id", "locale", "changed_at", "suffix", "withdrawn_kind"),
    *("document__slug", "document__canonical_url", "document__withdrawn_at"),
    *("document__withdrawn_reason", "document__replacement"),
)
_READ = (
    *("sequence", "type", "etag", "is_visible", "is_showable", "text"),
    *("translations_until", *_OF_WHAT_LEFT),
)
# The plan is made for as many as anybody asks for at once, not for any number.
MOST = 1_001
_FIRST = f"SELECT * FROM (%s LIMIT {MOST}) AS page LIMIT %(limit)s"  # noqa: S608
_HISTORY = Prepared(
    f"""
    SELECT timeline,
        (SELECT forgotten FROM {Head._meta.db_table} WHERE channel_id = %(channel)s),
        ARRAY(
            SELECT (SELECT at FROM {PlacementHistory._meta.db_table}
                WHERE channel_id = %(channel)s AND sequence = asked.sequence)
            FROM unnest(%(sequences)s::bigint[]) WITH ORDINALITY
                AS asked (sequence, place)
            ORDER BY place
        )
    FROM {Counter._meta.db_table}
    """  # noqa: S608 - only names of tables are put in
)


@dataclass(frozen=True)
class Left:
    """What is left of a document that the channel showed: enough to take it down."""

    slug: str
    url: str
    canonical_url: str | None
    withdrawn_at: datetime
    kind: str
    reason: str | None
    replacement: str | None


@dataclass(frozen=True)
class Departure:
    """A document that was published on a channel and is no longer."""

    id: UUID
    locale: str
    left: Left


@dataclass(frozen=True)
class Change:
    """The latest state of one document on one channel.

    `text` is the document as JSON, `left` what is left of it. Neither is there while it
    may not be shown at this moment, although it is not withdrawn. `is_provisional` is
    whether the worker has still to write what it comes to: that need not be a change,
    so whoever follows the changes has to read this one again.
    """

    sequence: int
    id: UUID
    type: str
    locale: str
    at: datetime
    # Of what it says: another one when that changes.
    etag: str
    text: str | None
    left: Left | None
    is_provisional: bool


def changes_after(
    standing: Standing,
    sequence: int,
    now: datetime,
    limit: int,
    *,
    types: Sequence[str] = (),
    locale: str | None = None,
    begun_at: int = 0,
) -> list[Change]:
    """The next `limit` changes of a channel behind `sequence`, in one statement.

    They end where the channel stood when that was read, which is before `now`. Without
    what was withdrawn up to the sequence `begun_at`: whoever began there with nothing
    has nothing of it. Raises ValueError for a `limit` above `MOST`.
    """
    if limit > MOST:
        # A page that is cut short would look like the last one.
        raise ValueError(f"At most {MOST} changes are read at once, not {limit}.")
    channel = standing.channel
    values = {
        "channel": channel.pk,
        "sequence": sequence,
        "newest": standing.sequence,
        "begun_at": begun_at,
        "now": now,
        "limit": limit,
    }
    if types or locale or is_settling(channel):
        changes = _changes(channel, values)
        if types:
            changes = changes.filter(type__in=types)
        if locale:
            changes = changes.filter(Q(locale=locale) | Q(type__in=UNTRANSLATED))
        rows: Iterable[tuple[Any, ...]] = changes.values_list(*_READ)[:limit]
    else:
        rows = _statement(Extent(channel.extent)).rows(values)
    return [_change(channel, now, dict(zip(_READ, row, strict=True))) for row in rows]


def _changes(channel: Channel, values: Mapping[str, Any]) -> PlacementQuerySet:
    showable = is_shown(channel, values["now"])
    return (
        Placement.objects.filter(
            Q(is_visible=True) | Q(sequence__gt=values["begun_at"]),
            channel=channel,
            sequence__gt=values["sequence"],
            sequence__lte=values["newest"],
        )
        .order_by("sequence")
        .annotate(
            is_showable=ExpressionWrapper(showable, output_field=BooleanField()),
            text=text_column(channel),
        )
    )


@cache
def _statement(extent: Extent) -> Prepared:
    """The same for all types in all languages of a channel that is not settling."""
    changes = _changes(marked_channel(extent), MARKS).values_list(*_READ)
    return Compiled(changes).prepared(_FIRST)


def departures(
    standing: Standing, type: str, locales: Collection[str], limit: int
) -> list[Departure]:
    """What left the channel within `TOMBSTONE_DAYS` of its newest change, newest first.

    Counted from that change, and not from today, so that nothing but a change makes
    another answer of it. Without what left the channel's scope: of that, whoever reads
    without a key learns nothing. What is back elsewhere is still gone here.
    """
    since = (standing.changed_at or EPOCH) - timedelta(days=settings.TOMBSTONE_DAYS)
    left = Placement.objects.filter(
        channel=standing.channel,
        is_visible=False,
        type=type,
        locale__in=locales,
        sequence__lte=standing.sequence,
        changed_at__gte=since,
    ).exclude(withdrawn_kind=Withdrawal.OUT_OF_SCOPE)
    rows = left.order_by("-sequence").values(*_OF_WHAT_LEFT)[:limit]
    return [Departure(row["document_id"], row["locale"], _left(row)) for row in rows]


def shown_at(channel: Channel, sequence: int, ids: Collection[UUID]) -> set[UUID]:
    """Which of the documents `ids` the channel showed at that place of its changes."""
    newest = (
        PlacementHistory.objects.filter(
            channel=channel, document__in=ids, sequence__lte=sequence
        )
        .order_by("document", "-sequence")
        .distinct("document")
        .values_list("document_id", "is_visible")
    )
    return {pk for pk, is_visible in newest if is_visible}


@dataclass(frozen=True)
class History:
    """Of what a channel's changes are the latest part.

    `moments` are when each of the sequences that were asked for was given to a change
    of the channel; None where it was given to none. Up to `forgotten` not all that left
    the channel can be told any more.
    """

    timeline: UUID
    forgotten: int
    moments: Sequence[datetime | None]


def history(channel: Channel, sequences: Sequence[int]) -> History:
    """What became of `sequences`, in one statement."""
    row = _HISTORY.row(channel=channel.pk, sequences=list(sequences))
    if row is None:
        return History(UUID(int=0), 0, [None for _ in sequences])
    timeline, forgotten, moments = row
    return History(timeline, forgotten or 0, moments)


def _change(channel: Channel, now: datetime, row: dict[str, Any]) -> Change:
    is_gone, until = not row["is_visible"], row["translations_until"]
    text = None
    if row["is_showable"]:
        text = joined(row["text"], suffix_at(channel, now, row["suffix"], until))
    has_ended = until is not None and until <= now
    is_final = row["is_showable"] and not has_ended and not is_settling(channel)
    return Change(
        sequence=row["sequence"],
        id=row["document_id"],
        type=row["type"],
        locale=row["locale"],
        at=row["changed_at"],
        etag=row["etag"],
        text=text,
        left=_left(row) if is_gone else None,
        is_provisional=not is_gone and not is_final,
    )


def _left(row: dict[str, Any]) -> Left:
    """What the channel may know of it: nothing that happened since it left."""
    suffix = json.loads(row["suffix"])
    slug = urlsplit(suffix["url"]).path.rstrip("/").rpartition("/")[2]
    withdrawn_at = row["document__withdrawn_at"]
    # It may be back elsewhere, or have been withdrawn again.
    is_same = (
        row["withdrawn_kind"] != Withdrawal.OUT_OF_SCOPE
        and withdrawn_at is not None
        and withdrawn_at <= row["changed_at"]
    )
    return Left(
        slug=slug,
        url=suffix["url"],
        canonical_url=next(_canonical(row, suffix, slug), None),
        withdrawn_at=withdrawn_at if is_same else row["changed_at"],
        kind=row["withdrawn_kind"],
        reason=(row["document__withdrawn_reason"] if is_same else "") or None,
        replacement=(row["document__replacement"] if is_same else "") or None,
    )


def _canonical(row: dict[str, Any], suffix: dict[str, Any], slug: str) -> Iterator[str]:
    """Where readers found it, if that is the channel's to know."""
    if "indexing" in suffix:
        yield suffix["indexing"]["canonical"]
    elif row["document__slug"] == slug:
        yield row["document__canonical_url"]
