"""A channel's changes in their one order.

Compacted: a placement keeps its latest state only, so that of a document's changes the
last one is read, in its place.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Exists, OuterRef

from api.channels.models import Channel

from .carrying import is_settling, shown_on
from .models import Placement, PlacementHistory, Withdrawal
from .reading import joined, suffix_at, text_column

_READ = (
    *("sequence", "document_id", "type", "locale", "changed_at", "etag"),
    *("is_visible", "is_showable", "text", "suffix", "translations_until"),
    *("withdrawn_kind", "document__slug", "document__canonical_url"),
    *("document__withdrawn_at", "document__withdrawn_reason", "document__replacement"),
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
class Change:
    """The latest state of one document on one channel.

    `text` is the document as JSON, `left` what is left of it. Neither is there while it
    may not be shown at this moment, although it is not withdrawn. `is_provisional` is
    whether the worker has still to write what it comes to.
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
    channel: Channel, sequence: int, now: datetime, limit: int
) -> list[Change]:
    """The next `limit` changes of `channel` behind `sequence`, in one statement."""
    shown = shown_on(channel, now).filter(pk=OuterRef("pk"))
    found = (
        Placement.objects.filter(channel=channel, sequence__gt=sequence)
        .order_by("sequence")
        .annotate(is_showable=Exists(shown), text=text_column(channel))
        .values(*_READ)[:limit]
    )
    return [_change(channel, now, row) for row in found]


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
    url = json.loads(row["suffix"])["url"]
    slug = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    withdrawn_at = row["document__withdrawn_at"]
    # It may be back elsewhere, or have been withdrawn again.
    is_same = (
        row["withdrawn_kind"] != Withdrawal.OUT_OF_SCOPE
        and withdrawn_at is not None
        and withdrawn_at <= row["changed_at"]
    )
    is_where_it_was = row["document__slug"] == slug
    return Left(
        slug=slug,
        url=url,
        canonical_url=row["document__canonical_url"] if is_where_it_was else None,
        withdrawn_at=withdrawn_at if is_same else row["changed_at"],
        kind=row["withdrawn_kind"],
        reason=(row["document__withdrawn_reason"] if is_same else "") or None,
        replacement=(row["document__replacement"] if is_same else "") or None,
    )
