"""The one order of all changes: the only taker of sequences, and writer of placements.

The counter is taken first of all. From there to the commit nobody else publishes, and
every row that is read was committed before.
"""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Least
from django.utils import timezone

from api.channels.models import Channel

from .models import (
    Counter,
    Document,
    Head,
    Placement,
    PlacementHistory,
    Withdrawal,
)
from .placing import Desired
from .waking import wake_worker

# All columns of a placement but those that say which one it is.
_WRITTEN = [
    field.name
    for field in Placement._meta.concrete_fields
    if field.name not in ("id", "channel", "document")
]


@dataclass
class Tally:
    """What is kept of one channel, and changed: counts, and its newest sequence."""

    counts: Counts[str] = field(default_factory=Counts)
    newest: int = 0


# The newest sequence, and the tallies by channel.
Entries = tuple[int, dict[int, Tally]]


def take_counter() -> Counter:
    """The counter row, locked until the transaction ends."""
    return Counter.objects.select_for_update().get_or_create(pk=1)[0]


def counted(channel_id: int) -> dict[str, int]:
    """Visible placements of a channel by type and locale, counted one by one."""
    rows = (
        Placement.objects.filter(channel_id=channel_id, is_visible=True)
        .values_list("type", "locale")
        .annotate(number=models.Count("pk"))
    )
    return {f"{type}:{locale}": number for type, locale, number in rows}


def next_boundaries(channel_ids: Iterable[int]) -> dict[int, datetime | None]:
    """When the clock alone changes what each channel shows; may be overdue."""
    visible = Placement.objects.filter(channel_id=OuterRef("pk"), is_visible=True)
    # Each is the first entry of an index of its own.
    ends = visible.filter(visible_until__isnull=False).order_by("visible_until")
    lapses = (
        Document.objects.filter(
            valid_until__isnull=False,
            placements__channel_id=OuterRef("pk"),
            placements__is_visible=True,
        )
        .order_by("valid_until")
        .values("valid_until")
    )
    found = Channel.objects.filter(pk__in=list(channel_ids)).values_list(
        "pk",
        Least(
            Subquery(ends.values("visible_until")[:1]),
            Subquery(lapses[:1]),
        ),
    )
    return dict(found)


def _times_of(placement: Placement) -> tuple[object, ...]:
    """What decides where and until when it is shown, which no reader sees."""
    return placement.sort_key, placement.visible_until, placement.translations_until


class Ledger:
    """Writes placements in their order, and tells the channels when it is closed."""

    def __init__(self, *, writes_all: bool = False) -> None:
        self._counter = take_counter()
        # Read under the lock: of two publications the later one is never earlier.
        self.now = timezone.now()
        # Whether placements are written even where they are as they should be.
        self._writes_all = writes_all
        self._tallies: dict[int, Tally] = {}
        # What was entered and is not in the database yet.
        self._placements: list[Placement] = []
        self._history: list[PlacementHistory] = []
        # Channels whose lists may say or find something else. Not those of which only
        # an end in the future was written: a new tag would tell that there is one.
        self._revised: set[int] = set()
        # Channels of which edges have to forget everything.
        self._outdated: set[int] = set()
        # Whether the worker has something to do that it could not know of.
        self.wakes_worker = False

    @property
    def sequence(self) -> int:
        return self._counter.value

    def entries(self) -> Entries:
        """What was entered so far, to go back to with `strike`."""
        return self._counter.value, deepcopy(self._tallies)

    def strike(self, to: Entries) -> None:
        """Forget what was entered since: its rows have been rolled back."""
        self._counter.value, self._tallies = to
        self._placements, self._history = [], []

    def touch(self, channel_id: int) -> Tally:
        """Have what is kept of a channel written at the end; its changes in counts."""
        return self._tallies.setdefault(channel_id, Tally())

    def revise(self, channel_id: int) -> None:
        """The same, and have caches ask for the channel's lists anew."""
        self._revised.add(channel_id)
        self._outdated.add(channel_id)
        self.touch(channel_id)

    def touch_channels_of(self, document: Document) -> None:
        """The same for every channel on which `document` is or was."""
        for channel_id in document.placements.values_list("channel_id", flat=True):
            self.touch(channel_id)
            # It may have to go sooner than what is kept of it knows.
            self._outdated.add(channel_id)

    def note_unseen(self, document: Document) -> None:
        """Count a change that no reader sees.

        A rebuild that read before must notice it, and the next boundary of the channels
        may be another.
        """
        self._counter.value += 1
        self.touch_channels_of(document)

    def show(
        self,
        document: Document,
        wanted: Desired,
        placement: Placement | None,
        *,
        is_renewed: bool = False,
    ) -> bool:
        """Have `placement`, or a new one, be as it should; whether it appears by that.

        `is_renewed` is whether it was withheld because its render had lapsed: whoever
        passed it over has to hear of it, even if it says the same again; so where its
        end had passed. Nothing is in the database before `write`.
        """
        if placement is None:
            placement = Placement(
                channel=wanted.channel, document=document, is_visible=False, etag=""
            )
        was_visible, etag = placement.is_visible, placement.etag
        ended_at = placement.visible_until
        is_renewed |= ended_at is not None and ended_at <= self.now
        before, sort_key = _times_of(placement), placement.sort_key
        placement.type, placement.locale = document.type, document.locale
        placement.sort_key = document.sort_key
        placement.visible_until = wanted.visible_until
        placement.translations_until = wanted.translations_until
        if was_visible and etag == wanted.etag and not is_renewed:
            has_other_times = before != _times_of(placement)
            if has_other_times or self._writes_all:
                placement.suffix = wanted.suffix
                self._placements.append(placement)
                self.touch(placement.channel_id)
            if has_other_times:
                self._outdated.add(placement.channel_id)
            if self._writes_all or sort_key != placement.sort_key:
                self.revise(placement.channel_id)
            self._counter.value += has_other_times
            return False
        if not was_visible:
            placement.visible_from = self.now
            self._count(placement, 1)
        placement.is_visible, placement.withdrawn_kind = True, ""
        placement.suffix, placement.etag = wanted.suffix, wanted.etag
        self._record(placement, document, is_summary=wanted.channel.is_summary)
        return not was_visible

    def hide(
        self, placement: Placement, document: Document, kind: Withdrawal | str
    ) -> None:
        """Take a placement off its channel, for the reason that consumers are told."""
        placement.is_visible, placement.withdrawn_kind = False, kind
        self._count(placement, -1)
        self._record(placement, document)

    def _count(self, placement: Placement, number: int) -> None:
        name = f"{placement.type}:{placement.locale}"
        self.touch(placement.channel_id).counts[name] += number

    def _record(
        self,
        placement: Placement,
        document: Document,
        *,
        is_summary: bool | None = None,
    ) -> None:
        """Give the change its place in the one order, and keep it for ever."""
        self._counter.value += 1
        placement.sequence = self._counter.value
        placement.changed_at = self.now
        self._placements.append(placement)
        # Of this change edges are told by the document and its type alone.
        self._revised.add(placement.channel_id)
        self.touch(placement.channel_id).newest = placement.sequence
        self._history.append(
            PlacementHistory(
                channel_id=placement.channel_id,
                document=document,
                sequence=placement.sequence,
                at=self.now,
                is_visible=placement.is_visible,
                version=document.version,
                suffix=placement.suffix,
                is_summary=is_summary,
                withdrawn_kind=placement.withdrawn_kind,
            )
        )

    def write(self) -> None:
        """Put what was entered into the database: two statements, however much."""
        placements, self._placements = self._placements, []
        history, self._history = self._history, []
        Placement.objects.bulk_create(
            placements,
            update_conflicts=True,
            unique_fields=["channel", "document"],
            update_fields=_WRITTEN,
        )
        PlacementHistory.objects.bulk_create(history)

    def close(self) -> None:
        """Write the counter and what is kept of each channel; wake the worker."""
        self.write()
        if self._tallies:
            self._advance()
        if self._tallies or self.wakes_worker:
            self._counter.save(update_fields=["value"])
            wake_worker()

    def _advance(self) -> None:
        heads = Head.objects.in_bulk(list(self._tallies))
        boundaries = next_boundaries(self._tallies)
        # Behind all that were told of before.
        self._counter.value += bool(self._outdated)
        for channel_id, tally in self._tallies.items():
            head = heads[channel_id]
            counts = Counts(head.counts)
            counts.update(tally.counts)
            head.counts = {name: number for name, number in counts.items() if number}
            head.sequence = max(head.sequence, tally.newest)
            head.next_boundary_at = boundaries[channel_id]
            if channel_id in self._outdated:
                head.outdated = self._counter.value
            if channel_id in self._revised:
                head.revision += 1
                # A clock that was set back does not set back what caches compare.
                head.changed_at = max(self.now, head.changed_at or self.now)
        Head.objects.bulk_update(
            heads.values(),
            [
                *("counts", "sequence", "next_boundary_at", "revision", "changed_at"),
                "outdated",
            ],
        )
