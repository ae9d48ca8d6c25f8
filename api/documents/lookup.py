"""What is at one address of a channel: a document, a move, what is left, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q

from api.channels.models import Channel

from .identity import tidy_path
from .models import Document, Placement, PlacementQuerySet, Withdrawal
from .reading import joined


@dataclass(frozen=True)
class Found:
    """A document that the channel shows; as a stand-in where it is not translated."""

    placement: Placement
    document: Document
    is_stand_in: bool = False

    @property
    def text(self) -> str:
        """The full document as JSON."""
        return joined(self.document.full_json, self.placement.suffix)

    @property
    def summary(self) -> str:
        """The same as lists show it."""
        return joined(self.document.summary_json, self.placement.suffix)

    def is_at(self, path: str) -> bool:
        """Whether readers find it at this public path today."""
        return self.document.path == tidy_path(path)


@dataclass(frozen=True)
class Moved:
    """The document that was asked for by a slug that it does not have."""

    slug: str


@dataclass(frozen=True)
class Tombstone:
    """What is left of a document that this channel showed."""

    kind: str
    reason: str
    withdrawn_at: datetime
    replacement: str

    @property
    def leads_on(self) -> bool:
        """Whether its readers are sent to another address."""
        return self.kind == Withdrawal.REDIRECTED and bool(self.replacement)


@dataclass(frozen=True)
class NotServable:
    """A document whose render lapsed a moment ago and is about to be renewed."""


AtAddress = Found | Moved | Tombstone | NotServable | None


def look_up(
    channel: Channel,
    type: str,
    locale: str | None,
    slug_or_id: str,
    now: datetime,
    stand_in: str | None = None,
) -> AtAddress:
    """What is at an address of `channel`: one statement where something is visible.

    `slug_or_id` is a slug of `locale`, or an id. Without `locale` an id is found in any
    language, a slug in the default one. A live slug beats a former one, and a tombstone
    comes last. `stand_in` is the language that is shown where there is no translation.
    None is what never was here, and what left the channel's scope: the two must not be
    told apart.
    """
    found = _in_language(channel, type, locale, slug_or_id, now)
    is_here = isinstance(found, Found | Moved | NotServable)
    if is_here or locale is None or stand_in in (None, locale):
        return found
    other = _in_language(channel, type, stand_in, slug_or_id, now)
    if isinstance(other, Found):
        stands_in = replace(other, is_stand_in=True)
        return _translation(channel, other, locale, now) or stands_in
    return other if isinstance(other, Moved | NotServable) else found


def look_up_path(
    channel: Channel, path: str, locale: str, now: datetime
) -> Found | Tombstone | NotServable | None:
    """What readers find, or found, at a public path, however it is spelled.

    Paths of today come before those of the past, documents before what is left of one;
    `locale` is preferred where several languages share a path.
    """
    path = tidy_path(path)
    here = _at_moment(_newest(channel, Q(document__path=path), locale, now), now)
    if isinstance(here, Found | NotServable):
        return here
    before = Q(document__former_paths__path=path)
    return _at_moment(_newest(channel, before, locale, now), now) or here


def _in_language(
    channel: Channel, type: str, locale: str | None, slug_or_id: str, now: datetime
) -> AtAddress:
    by_id = _as_id(slug_or_id)
    if by_id:
        address = Q(document_id=by_id) & (Q(locale=locale) if locale else Q())
    else:
        locale = locale or settings.LANGUAGE_CODE
        address = Q(document__slug=slug_or_id, document__type=type, locale=locale)
    here = _at_moment(_newest(channel, address & Q(type=type), None, now), now)
    if isinstance(here, Found | NotServable) or by_id:
        return here
    former = _by_former_slug(channel, type, locale, slug_or_id, now)
    return former if isinstance(former, Moved) else here or former


def _newest(
    channel: Channel, address: Q, locale: str | None, now: datetime
) -> Placement | None:
    """The placement that counts of those at `address`."""
    order = ["-is_visible", "-changed_at"]
    if locale is not None:
        order.insert(1, "-is_preferred")
    preferred = ExpressionWrapper(Q(locale=locale), output_field=BooleanField())
    return (
        _begun(channel, now)
        .filter(address)
        .alias(is_preferred=preferred)
        .order_by(*order)
        .first()
    )


def _begun(channel: Channel, now: datetime) -> PlacementQuerySet:
    # What is still to come must not hide what is left of an earlier one.
    to_come = Q(is_visible=True, visible_from__gt=now)
    placements = Placement.objects.filter(channel=channel).exclude(to_come)
    return placements.select_related("document")


def _translation(
    channel: Channel, found: Found, locale: str | None, now: datetime
) -> Moved | None:
    """Where the translation of `found` into `locale` is, if the channel shows one."""
    slug = (
        Placement.objects.visible_at(now)
        .filter(
            channel=channel,
            locale=locale,
            document__translation_group=found.document.translation_group,
        )
        .values_list("document__slug", flat=True)
        .first()
    )
    return Moved(slug) if slug else None


def _as_id(text: str) -> UUID | None:
    # Only the canonical form is an id: everything else is a slug.
    if len(text) != 36:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _at_moment(
    placement: Placement | None, now: datetime
) -> Found | Tombstone | NotServable | None:
    if placement is None:
        return None
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
        _begun(channel, now)
        .filter(had)
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
