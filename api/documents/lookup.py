"""What is at one address of a channel: a document, a move, what is left, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from api.channels.models import Channel, Extent

from .carrying import is_carried, is_settling, shown_on
from .identity import key_of, tidy_path
from .models import (
    Document,
    FormerPath,
    FormerSlug,
    Placement,
    PlacementHistory,
    PlacementQuerySet,
    Withdrawal,
)
from .reading import joined, suffix_at
from .standing import BESIDE, Beside
from .statements import MARKS, Compiled, Part, Prepared, Question, marked_channel

# What only searching and publishing read; with a long text it is most of the row.
UNREAD = tuple(
    f"document__{name}"
    for name in (
        *("search", "body_search", "plain_text", "keys", "uses", "topics"),
        *("fingerprint", "title_sort", "sort_key"),
    )
)
# What is read of a document that is looked up by its slug or id, and of its placement:
# what few ask for, such as its translation group, is read when they do.
PLACEMENT = Part(
    Placement,
    *("id", "is_visible", "visible_until", "sequence", "changed_at"),
    *("suffix", "translations_until", "etag", "withdrawn_kind"),
)
DOCUMENT = (
    *("id", "locale", "slug", "source", "canonical_url"),
    *("full_json", "facets", "valid_until"),
    *("withdrawn_at", "withdrawn_reason", "replacement"),
)
DOCUMENTS = {
    Extent.FULL: Part(Document, *DOCUMENT),
    Extent.SUMMARY: Part(Document, *DOCUMENT, "teaser_json"),
}
SHOWN_FIRST = ("-is_shown", "-is_preferred")


@dataclass(frozen=True)
class Found:
    """A document that the channel shows; as a stand-in where it is not translated."""

    channel: Channel
    placement: Placement
    document: Document
    now: datetime
    is_stand_in: bool = False

    @property
    def text(self) -> str:
        """The full document as JSON."""
        return joined(self.document.text_on(self.channel), self._suffix)

    @property
    def summary(self) -> str:
        """The same as lists show it."""
        return joined(self.document.summary_json, self._suffix)

    @property
    def key(self) -> str:
        """What caches may be told to forget it by.

        `Document.keys` stays here: it names also what the document may not show.
        """
        return key_of(self.document.source)

    @property
    def ends_at(self) -> datetime | None:
        """When the clock alone makes another answer of it."""
        ends = (
            self.placement.visible_until,
            self.placement.translations_until,
            self.document.valid_until,
        )
        return min((end for end in ends if end is not None), default=None)

    @property
    def _suffix(self) -> str:
        return suffix_at(
            self.channel,
            self.now,
            self.placement.suffix,
            self.placement.translations_until,
        )

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
    # Where readers found it.
    canonical_url: str | None = None
    # Which document it was, and its last change here; None where the clock alone ended
    # it and the worker has still to write that.
    change: tuple[UUID, int] | None = None

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
    beside: Beside | None = None,
) -> AtAddress:
    """What is at an address of `channel`: one statement where something is visible.

    No statement where that was read `beside` the channel, as `question` says.

    `slug_or_id` is a slug of `locale`, or an id. Without `locale` an id is found in any
    language, a slug in the default one. A live slug beats a former one, and a tombstone
    comes last. `stand_in` is the language that is shown where there is no translation.
    None is what never was here, and what left the channel's scope: the two must not be
    told apart.
    """
    found = _in_language(channel, type, locale, slug_or_id, now, beside)
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
    newest = _newest(channel, Q(document__path=path), locale, now)
    here = _at_moment(channel, newest.first(), now)
    if isinstance(here, Found | NotServable):
        return here
    before = FormerPath.objects.filter(path=path)
    return _at_moment(channel, _former(channel, before, locale, now), now) or here


def question(
    channel: Channel, type: str, locale: str | None, slug_or_id: str, now: datetime
) -> Question:
    """What reads that beside the channel, which must not be settling."""
    return _question(channel, type, *_address_of(locale, slug_or_id), now, _beside)


def _address_of(locale: str | None, slug_or_id: str) -> tuple[str | None, UUID | str]:
    by_id = _as_id(slug_or_id)
    return (locale, by_id) if by_id else (locale or settings.LANGUAGE_CODE, slug_or_id)


def _in_language(
    channel: Channel,
    type: str,
    locale: str | None,
    slug_or_id: str,
    now: datetime,
    beside: Beside | None = None,
) -> AtAddress:
    locale, at = _address_of(locale, slug_or_id)
    if beside is None:
        placement = _newest_at(channel, type, locale, at, now)
    else:
        placement = _placement_in(channel, beside.rows[0])
    here = _at_moment(channel, placement, now)
    if isinstance(here, Found | NotServable) or isinstance(at, UUID):
        return here
    former = _by_former_slug(channel, type, locale, slug_or_id, now)
    return former if isinstance(former, Moved) else here or former


def _newest(
    channel: Channel, address: Q, locale: str | None, now: datetime
) -> PlacementQuerySet:
    """The placements at `address`, the one that counts first."""
    found = _begun(channel, locale, now).filter(address)
    return found.order_by(*SHOWN_FIRST, "-changed_at")


def _newest_at(
    channel: Channel, type: str, locale: str | None, at: UUID | str, now: datetime
) -> Placement | None:
    """The placement that counts of those with this id or slug."""
    if is_settling(channel):
        return _newest(channel, _address(type, locale, at), None, now).first()
    rows = _question(channel, type, locale, at, now, _alone).rows()
    return _placement_in(channel, rows[0]) if rows else None


def _question(
    channel: Channel,
    type: str,
    locale: str | None,
    at: UUID | str,
    now: datetime,
    statement: Callable[[bool, bool, Extent], Prepared],
) -> Question:
    is_by_id = isinstance(at, UUID)
    values = {
        "channel": channel.pk,
        "type": type,
        "locale": locale,
        "now": now,
        "id" if is_by_id else "value": at,
    }
    known = statement(is_by_id, locale is not None, Extent(channel.extent))
    return Question(known, values)


def _placement_in(channel: Channel, row: Sequence[Any]) -> Placement | None:
    # One with nothing but the channel is no placement.
    if row[0] is None:
        return None
    placement: Placement = PLACEMENT.instance(row)
    placement._state.fields_cache["document"] = DOCUMENTS[
        Extent(channel.extent)
    ].instance(row[len(PLACEMENT.names) :])
    return placement


def _address(type: str, locale: str | None, at: UUID | str) -> Q:
    if isinstance(at, str):
        return Q(document__slug=at, document__type=type, locale=locale, type=type)
    address = Q(document_id=at, type=type)
    return address & Q(locale=locale) if locale else address


@cache
def _alone(is_by_id: bool, has_locale: bool, extent: Extent) -> Prepared:
    """What `_newest_at` asks of a channel that is not settling."""
    return _compiled(is_by_id, has_locale, extent).prepared()


@cache
def _beside(is_by_id: bool, has_locale: bool, extent: Extent) -> Prepared:
    """The same beside the channel."""
    return _compiled(is_by_id, has_locale, extent).prepared(BESIDE)


def _compiled(is_by_id: bool, has_locale: bool, extent: Extent) -> Compiled:
    at = MARKS["id"] if is_by_id else MARKS["value"]
    locale = MARKS["locale"] if has_locale else None
    newest = _newest(
        marked_channel(extent), _address(MARKS["type"], locale, at), None, MARKS["now"]
    )
    names = [f"document__{name}" for name in DOCUMENTS[extent].names]
    return Compiled(newest.values_list(*PLACEMENT.names, *names)[:1])


def _former(
    channel: Channel,
    addresses: QuerySet[FormerSlug] | QuerySet[FormerPath],
    locale: str | None,
    now: datetime,
) -> Placement | None:
    """The placement that counts of those that were at one of `addresses`.

    An address that was given up before the channel showed the document was never one
    of this channel: it would tell of what is elsewhere.
    """
    shown_there = PlacementHistory.objects.filter(
        channel=channel,
        document=OuterRef("document"),
        is_visible=True,
        at__lt=OuterRef("until"),
    )
    known = addresses.filter(Exists(shown_there), document=OuterRef("document"))
    placements = _begun(channel, locale, now).alias(
        until=Subquery(known.order_by("-until").values("until")[:1])
    )
    found = placements.filter(
        until__isnull=False,
        document_id__in=addresses.values_list("document_id", flat=True),
    )
    return found.order_by(*SHOWN_FIRST, "-until").first()


def _begun(channel: Channel, locale: str | None, now: datetime) -> PlacementQuerySet:
    """What the channel shows or has shown, and whether that is so at `now`."""
    # What is still to come must not hide what is left of an earlier one.
    to_come = Q(is_visible=True, visible_from__gt=now)
    placements = Placement.objects.filter(channel=channel).exclude(to_come)
    if is_settling(channel):
        placements = placements.filter(is_carried(channel, now) | Q(is_visible=False))
    has_ended = Q(visible_until__isnull=False, visible_until__lte=now)
    return (
        placements.select_related("document")
        .defer(*UNREAD)
        .alias(
            is_shown=ExpressionWrapper(
                Q(is_visible=True) & ~has_ended, output_field=BooleanField()
            ),
            is_preferred=ExpressionWrapper(
                Q(locale=locale or settings.LANGUAGE_CODE), output_field=BooleanField()
            ),
        )
    )


def _translation(
    channel: Channel, found: Found, locale: str | None, now: datetime
) -> Moved | None:
    """Where the translation of `found` into `locale` is, if the channel shows one."""
    slug = (
        shown_on(channel, now)
        .filter(
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
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _at_moment(
    channel: Channel, placement: Placement | None, now: datetime
) -> Found | Tombstone | NotServable | None:
    if placement is None:
        return None
    if not placement.is_visible:
        return _tombstone(placement)
    until = placement.visible_until
    if until is not None and until <= now:
        address = placement.document.canonical_url
        return Tombstone(Withdrawal.EXPIRED, "", until, "", address)
    valid_until = placement.document.valid_until
    if valid_until is not None and valid_until <= now:
        return NotServable()
    return Found(channel, placement, placement.document, now)


def _tombstone(placement: Placement) -> Tombstone | None:
    if placement.withdrawn_kind == Withdrawal.OUT_OF_SCOPE:
        return None
    document = placement.document
    if document.withdrawn_at is None or document.withdrawn_at > placement.changed_at:
        # It has been back since, but not here: of that this channel learns nothing.
        return None
    return Tombstone(
        placement.withdrawn_kind,
        document.withdrawn_reason,
        document.withdrawn_at,
        document.replacement,
        document.canonical_url,
        (document.pk, placement.sequence),
    )


def _by_former_slug(
    channel: Channel, type: str, locale: str | None, slug: str, now: datetime
) -> Moved | Tombstone | None:
    """Where the document is that had `slug`, or what is left of it."""
    had = FormerSlug.objects.filter(type=type, locale=locale, slug=slug)
    placement = _former(channel, had, locale, now)
    if placement is None:
        return None
    match _at_moment(channel, placement, now):
        case Found() | NotServable():
            return Moved(placement.document.slug)
        case left:
            return left
