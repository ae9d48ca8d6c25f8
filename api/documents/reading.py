"""The one way in for every door: what a channel shows now, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from api.channels.models import PUBLIC, Channel

from .models import (
    Document,
    Head,
    Kind,
    Placement,
    PlacementQuerySet,
    Withdrawal,
    search_configuration,
)

__all__ = [
    "PUBLIC",
    "Found",
    "Kind",
    "Moved",
    "NotServable",
    "PlacementQuerySet",
    "Standing",
    "Tombstone",
    "look_up",
    "on_channel",
    "search_configuration",
    "standing",
    "text_of",
    "texts",
]

# Kinds whose lists start with the newest; the others are sorted by name.
NEWEST_FIRST = {Kind.ARTICLE, Kind.AWARD, Kind.REFERENCE}


@dataclass(frozen=True)
class Standing:
    """A channel with how far it has come: one row, read once per request."""

    channel: Channel
    sequence: int
    changed_at: datetime | None
    counts: dict[str, int]
    next_boundary_at: datetime | None

    def is_settled_at(self, now: datetime) -> bool:
        """Whether the kept counts still hold and an answer may be kept by caches.

        False once a moment has passed at which something appears, changes or
        vanishes by the clock alone, until the worker has written it.
        """
        return self.next_boundary_at is None or now < self.next_boundary_at

    def count(self, type: str, locale: str) -> int:
        """How many documents are visible; right only while settled."""
        return self.counts.get(f"{type}:{locale}", 0)


@dataclass(frozen=True)
class Found:
    """A document that the channel shows."""

    placement: Placement
    document: Document


@dataclass(frozen=True)
class Moved:
    """The document that was asked for by a slug that it no longer has."""

    slug: str


@dataclass(frozen=True)
class Tombstone:
    """What is left of a document that this channel showed."""

    kind: str
    reason: str
    withdrawn_at: datetime
    replacement: str


@dataclass(frozen=True)
class NotServable:
    """A document whose render lapsed a moment ago and is about to be renewed."""


def standing(slug: str = PUBLIC) -> Standing | None:
    """The open channel `slug` and its head, in one statement; None if there is none."""
    head = (
        Head.objects.select_related("channel")
        .filter(channel__slug=slug, channel__is_open=True)
        .first()
    )
    if head is None:
        return None
    return Standing(
        head.channel,
        head.sequence,
        head.changed_at,
        head.counts,
        head.next_boundary_at,
    )


def on_channel(
    channel: Channel, type: str, locale: str, now: datetime
) -> PlacementQuerySet:
    """What `channel` shows at `now`, in the default order of the type.

    Each placement comes with its document. Every door reads through here.
    """
    placements = (
        Placement.objects.visible_at(now)
        .filter(channel=channel, type=type, locale=locale)
        .select_related("document")
    )
    if type in NEWEST_FIRST:
        return placements.newest_first()
    return placements.by_name()


def texts(placements: PlacementQuerySet, *, is_full: bool) -> list[str]:
    """The documents of `placements` as JSON: their summaries, or all of them.

    One statement, which reads no column that is not needed.
    """
    column = "document__full_json" if is_full else "document__summary_json"
    return [
        _joined(document, suffix)
        for document, suffix in placements.values_list(column, "suffix")
    ]


def text_of(found: Found) -> str:
    """The full document as JSON."""
    return _joined(found.document.full_json, found.placement.suffix)


def look_up(
    channel: Channel, type: str, locale: str | None, slug_or_id: str, now: datetime
) -> Found | Moved | Tombstone | NotServable | None:
    """What is at an address of `channel`: one statement where something is visible.

    `slug_or_id` is a slug of `locale`, or an id. Without `locale` an id is found in any
    language, a slug in the default one. A live slug beats a former one, and a tombstone
    comes last. None is what never was here, and what left the channel's scope: the two
    must not be told apart.
    """
    by_id = _as_id(slug_or_id)
    if by_id:
        address = Q(document_id=by_id) & (Q(locale=locale) if locale else Q())
    else:
        locale = locale or settings.LANGUAGE_CODE
        address = Q(document__slug=slug_or_id, document__type=type, locale=locale)
    newest = (
        Placement.objects.filter(address, channel=channel, type=type)
        # What is still to come must not hide what is left of an earlier one.
        .exclude(is_visible=True, visible_from__gt=now)
        .select_related("document")
        .order_by("-is_visible", F("changed_at").desc())
        .first()
    )
    at_moment = _at_moment(newest, now) if newest is not None else None
    if isinstance(at_moment, Found | NotServable) or by_id:
        return at_moment
    former = _by_former_slug(channel, type, locale, slug_or_id, now)
    return former if isinstance(former, Moved) else at_moment or former


def _joined(document: str, suffix: str) -> str:
    # Two JSON objects made one without parsing either: neither is ever empty.
    return f"{document[:-1]},{suffix[1:]}"


def _as_id(text: str) -> UUID | None:
    # Only the canonical form is an id: everything else is a slug.
    if len(text) != 36:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _at_moment(
    placement: Placement, now: datetime
) -> Found | Tombstone | NotServable | None:
    if not placement.is_visible:
        return _tombstone(placement)
    until = placement.visible_until
    if until is not None and until <= now:
        return Tombstone(Withdrawal.EXPIRED, "", until, "")
    valid_until = placement.document.valid_until
    if valid_until is not None and valid_until <= now:
        return NotServable()
    return Found(placement, placement.document)


def _tombstone(placement: Placement) -> Tombstone | None:
    if placement.withdrawn_kind == Withdrawal.OUT_OF_SCOPE:
        return None
    document = placement.document
    return Tombstone(
        placement.withdrawn_kind,
        document.withdrawn_reason,
        document.withdrawn_at or placement.changed_at,
        document.replacement,
    )


def _by_former_slug(
    channel: Channel, type: str, locale: str | None, slug: str, now: datetime
) -> Moved | Tombstone | None:
    """Where the document is that had `slug`, or what is left of it."""
    had = Q(
        document__former_slugs__type=type,
        document__former_slugs__locale=locale,
        document__former_slugs__slug=slug,
    )
    placement = (
        Placement.objects.filter(had, channel=channel)
        .exclude(is_visible=True, visible_from__gt=now)
        .select_related("document")
        .order_by("-is_visible", "-document__former_slugs__until")
        .first()
    )
    if placement is None:
        return None
    match _at_moment(placement, now):
        case Found() | NotServable():
            return Moved(placement.document.slug)
        case left:
            return left
