"""Whether a change has arrived: one placement, and each of those who may keep a copy.

A placement keeps the newest change of a document on a channel. A consumer has it when
it has come as far; what it had before that, the history of placements says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.utils.timesince import timesince

from api.channels.models import Channel
from api.documents.models import (
    Placement,
    PlacementHistory,
    Progress,
    Told,
    Withdrawal,
)
from api.webhooks.models import PUBLISHED, UPDATED, WITHDRAWN, Delivery
from api.webhooks.sending import REMEMBERED

from .consumers import Consumer, How, consumers_of, newest


class Stage(Enum):
    """How far a change has come with one consumer."""

    HAS = "has"
    # What was taken down never was there.
    NEVER = "never"
    MISSING = "missing"


@dataclass(frozen=True)
class Arrival:
    """One consumer, and whether it has the newest change of a placement.

    `version` is what it has of the document, None for nothing or if we cannot know;
    `at` since when, None where that is not on record any more; `said` how we know.
    """

    consumer: Consumer
    stage: Stage
    said: str
    version: int | None = None
    at: datetime | None = None

    @property
    def is_missing(self) -> bool:
        return self.stage == Stage.MISSING


@dataclass(frozen=True)
class Site:
    """One placement of a document, and what we know of whoever carries it."""

    placement: Placement
    channel: Channel
    arrivals: Sequence[Arrival]
    # Of the newest change of the placement.
    version: int | None
    # What staff have heard from the site itself.
    noted: Told | None = None
    # Nobody with a key was ever there, and everybody may read without one.
    is_live: bool = False

    @property
    def missing(self) -> list[Arrival]:
        return [] if self.noted else [a for a in self.arrivals if a.is_missing]

    @property
    def at(self) -> datetime | None:
        """When the last of them had it; None if one has not, or nobody needs it."""
        if self.noted is not None:
            return self.noted.at
        moments = [one.at for one in self.arrivals if one.stage == Stage.HAS]
        if self.missing or not all(moments):
            return None
        return max((at for at in moments if at is not None), default=None)


# Of one document on one channel: sequence, moment, whether it was visible, version.
History = list[tuple[int, datetime, bool, int]]


class Records:
    """What is on record about some placements, read at once.

    Nine statements at most, however many placements, channels and consumers.
    """

    def __init__(self, placements: Iterable[Placement], now: datetime) -> None:
        self.placements, self.now = list(placements), now
        ids = {one.channel_id for one in self.placements}
        self.channels = Channel.objects.in_bulk(ids)
        self.consumers = consumers_of(self.channels.values(), now)
        documents = {one.document_id for one in self.placements}
        self._histories = _histories(ids, documents)
        self._told = {
            (one.channel_id, one.document_id, one.key_id): one
            for one in Told.objects.filter(
                channel__in=ids, document__in=documents
            ).select_related("by")
        }
        self._reached = _reached(self.placements)
        self._delivered = _delivered(self.placements)

    def sites(self) -> Iterator[Site]:
        """Each placement in its order, without those that nobody can know of."""
        for placement in self.placements:
            if site := self._site(placement):
                yield site

    def _site(self, placement: Placement) -> Site | None:
        arrivals = list(self._arrivals(placement))
        channel = self.channels[placement.channel_id]
        is_beyond = placement.withdrawn_kind == Withdrawal.OUT_OF_SCOPE
        if is_beyond and not arrivals:
            # It left earlier, as an article that the site may carry no longer.
            return None
        return Site(
            placement,
            channel,
            arrivals,
            self._version_at(placement, placement.sequence),
            self._told_by(placement, None),
            is_live=not arrivals and channel.is_open,
        )

    def _arrivals(self, placement: Placement) -> Iterator[Arrival]:
        readers, is_followed = [], False
        for consumer in self.consumers[placement.channel_id]:
            found = None
            if consumer.how == How.MIRROR:
                found = self._of_mirror(placement, consumer)
            elif consumer.how == How.WEBHOOK:
                found = self._of_webhook(placement, consumer)
            else:
                readers.append(consumer)
            if found is not None:
                is_followed = True
                yield found
        if readers and not is_followed:
            # What is there, one of them reads for the site; which, nobody can tell. But
            # each may keep a copy of what is gone.
            if placement.is_visible:
                yield self._of_reader(placement, newest(readers))
            elif placement.withdrawn_kind != Withdrawal.OUT_OF_SCOPE:
                for reader in readers:
                    yield self._of_reader(placement, reader)

    def _of_mirror(self, placement: Placement, mirror: Consumer) -> Arrival | None:
        position = mirror.position
        if position is None or not position.follows(placement.type, placement.locale):
            return None
        if position.sequence >= placement.sequence:
            at = self._reached.get((placement.pk, position.pk))
            version = self._version_at(placement, placement.sequence)
            said = "It has asked for what comes after this version"
            if not placement.is_visible:
                said = "It has asked for what comes after it was taken off"
            return Arrival(mirror, Stage.HAS, said, version, at)
        version = self._version_at(placement, position.sequence)
        if version is None and not placement.is_visible:
            return Arrival(mirror, Stage.NEVER, "It had no copy when it was taken off")
        return Arrival(
            mirror, Stage.MISSING, self._last("It asked last", mirror), version
        )

    def _of_webhook(self, placement: Placement, hook: Consumer) -> Arrival | None:
        endpoint = hook.endpoint
        verbs = (PUBLISHED, UPDATED) if placement.is_visible else (WITHDRAWN,)
        events = [f"{placement.type}.{verb}" for verb in verbs]
        is_wanted = endpoint is not None and any(map(endpoint.wants, events))
        if endpoint is None or not is_wanted or placement.changed_at < hook.begun_at:
            # It is not told of such a change, or was there only later.
            return None
        version = self._version_at(placement, placement.sequence)
        if endpoint.sequence < placement.sequence:
            before = self._version_at(placement, endpoint.sequence)
            said = self._last("Its server confirmed something last", hook)
            return Arrival(hook, Stage.MISSING, said, before)
        at = self._delivered.get((endpoint.pk, placement.sequence))
        if at is None and placement.changed_at > self.now - REMEMBERED:
            # It was passed over: at that time it did not want to hear of it.
            return None
        return Arrival(hook, Stage.HAS, "Its server confirmed the message", version, at)

    def _of_reader(self, placement: Placement, reader: Consumer) -> Arrival:
        seen_at = reader.seen_at or reader.begun_at
        has_asked = seen_at >= placement.changed_at
        if placement.is_visible:
            if not has_asked:
                said = self._last("It has not asked since then; it asked last", reader)
                return Arrival(reader, Stage.MISSING, said)
            version = self._version_at(placement, placement.sequence)
            said = "It has read the API since then, where this is what there is"
            return Arrival(reader, Stage.HAS, said, version, None)
        if (told := self._told_by(placement, reader.key_id)) is not None:
            said = "It asked for this article and was told that it is gone"
            return Arrival(reader, Stage.HAS, said, at=told.at)
        begun = self._begun(placement)
        if begun is not None and seen_at < begun:
            return Arrival(reader, Stage.NEVER, "It never asked while it was there")
        said = (
            "It has read the API since then, but did not ask for this article: a copy "
            "of it may be there still"
            if has_asked
            else self._last("It has not asked since then; it asked last", reader)
        )
        return Arrival(reader, Stage.MISSING, said)

    def _last(self, words: str, consumer: Consumer) -> str:
        """`words` with when that was, and what stands in the way."""
        trouble = f" {consumer.trouble}" if consumer.trouble else ""
        if consumer.seen_at is None:
            return f"It has confirmed nothing yet.{trouble}".rstrip(".")
        ago = _ago(consumer.seen_at, self.now)
        return f"{words} {ago}.{trouble}".rstrip(".")

    def _told_by(self, placement: Placement, key: int | None) -> Told | None:
        """That it is known of this very change: by whoever has `key`, or by staff."""
        found = self._told.get((placement.channel_id, placement.document_id, key))
        is_this = found is not None and found.sequence >= placement.sequence
        return found if is_this and not placement.is_visible else None

    def _version_at(self, placement: Placement, sequence: int) -> int | None:
        """The version that the channel showed at a place of its changes, if any."""
        found = None
        for one, _, is_visible, version in self._history_of(placement):
            if one > sequence:
                break
            found = version if is_visible else None
        return found

    def _begun(self, placement: Placement) -> datetime | None:
        """Since when the channel has shown the document at all."""
        shown = (at for _, at, is_visible, _ in self._history_of(placement))
        return next(shown, None)

    def _history_of(self, placement: Placement) -> History:
        return self._histories[placement.channel_id, placement.document_id]


def arrivals_of(placements: Iterable[Placement], now: datetime) -> list[Site]:
    return list(Records(placements, now).sites())


def _histories(
    channels: Iterable[int], documents: Iterable[UUID]
) -> dict[tuple[int, UUID], History]:
    found: dict[tuple[int, UUID], History] = defaultdict(list)
    rows = PlacementHistory.objects.filter(channel__in=channels, document__in=documents)
    for channel, document, sequence, at, is_visible, version in rows.order_by(
        "sequence"
    ).values_list("channel", "document", "sequence", "at", "is_visible", "version"):
        found[channel, document].append((sequence, at, is_visible, version))
    return found


def _reached(placements: Iterable[Placement]) -> dict[tuple[int, int], datetime | None]:
    """When each mirror had first come as far as each placement."""
    first = Progress.objects.filter(
        position=OuterRef("position"), sequence__gte=OuterRef("sequence")
    )
    rows = (
        Placement.objects.filter(pk__in=[one.pk for one in placements])
        .annotate(position=F("channel__positions"))
        .annotate(at=Subquery(first.order_by("sequence").values("at")[:1]))
        .values_list("pk", "position", "at")
    )
    return {(placement, position): at for placement, position, at in rows}


def _delivered(placements: Iterable[Placement]) -> dict[tuple[int, int], datetime]:
    """When each webhook confirmed each placement's newest change, as long as kept."""
    rows = Delivery.objects.filter(
        sequence__in=[one.sequence for one in placements],
        state=Delivery.State.DELIVERED,
    ).values_list("endpoint", "sequence", "delivered_at")
    return {
        (endpoint, sequence): at
        for endpoint, sequence, at in rows
        if sequence is not None and at is not None
    }


def _ago(at: datetime, now: datetime) -> str:
    return (
        "less than a minute ago"
        if now - at < timedelta(minutes=1)
        else f"{timesince(at, now, depth=1)} ago"
    )
