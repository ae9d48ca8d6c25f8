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
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg2.extras import Json

from .models import (
    Counter,
    Document,
    Head,
    Placement,
    PlacementHistory,
    Withdrawal,
)
from .placing import Desired
from .rows import Rows
from .waking import wake_worker

_PLACEMENTS = Rows(Placement, key=["channel", "document"])
_HISTORY = Rows(PlacementHistory)

# Each of the two moments is the first entry of an index of its own.
_BOUNDARIES = f"""
    SELECT channel.id, least(
        (SELECT visible_until FROM {Placement._meta.db_table}
        WHERE channel_id = channel.id AND is_visible AND visible_until IS NOT NULL
        ORDER BY visible_until LIMIT 1),
        (SELECT valid_until FROM {Document._meta.db_table} document
        JOIN {Placement._meta.db_table} placement
            ON placement.document_id = document.id
        WHERE channel_id = channel.id AND is_visible AND valid_until IS NOT NULL
        ORDER BY valid_until LIMIT 1))
    FROM unnest(%s::bigint[]) AS channel (id)
"""  # noqa: S608 - only names of tables are put in

# What moves with each change; the places of values are those of `_advance`.
_ADVANCE = f"""
    UPDATE {Head._meta.db_table} head SET
        counts = tally.counts, sequence = tally.sequence,
        next_boundary_at = tally.next_boundary_at, revision = tally.revision,
        changed_at = tally.changed_at, outdated = tally.outdated
    FROM (VALUES {{}}) AS tally (channel_id, counts, sequence, next_boundary_at,
        revision, changed_at, outdated)
    WHERE head.channel_id = tally.channel_id
"""  # noqa: S608 - only names of tables are put in
_TALLY = (
    "(%s, %s::jsonb, %s::bigint, %s::timestamptz, %s::bigint, %s::timestamptz, "
    "%s::bigint)"
)


@dataclass
class Tally:
    """What is kept of one channel, and changed: counts, and its newest sequence."""

    counts: Counts[str] = field(default_factory=Counts)
    newest: int = 0


# The newest sequence, and the tallies by channel.
Entries = tuple[int, dict[int, Tally]]


def take_counter() -> Counter:
    """The counter row, locked until the transaction ends.

    What was written before is checked first: a foreign key that is checked on
    committing waits for whoever changes the row that it points to, and that editor
    may be the next to wait for the counter.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
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
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDARIES, [list(channel_ids)])
        return dict(cursor.fetchall())


def _times_of(placement: Placement) -> tuple[object, ...]:
    """What decides where and until when it is shown, which no reader sees."""
    return placement.sort_key, placement.visible_until, placement.translations_until


class Ledger:
    """Writes placements in their order, and tells the channels when it is closed."""

    def __init__(self, *, writes_all: bool = False) -> None:
        self._counter = take_counter()
        self._begun = self._counter.value
        self._is_published = False
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

    @property
    def publications(self) -> int:
        return self._counter.publications

    def revise(self, channel_id: int) -> None:
        """The same, and have caches ask for the channel's lists anew."""
        self._revised.add(channel_id)
        self._outdated.add(channel_id)
        self.touch(channel_id)

    def note_published(self) -> None:
        """Count a publication, also one that finds nothing to write.

        Whoever has rendered before must notice it: what it took away may have had no
        document yet. No reader is told this number.
        """
        self._counter.publications += 1
        self._is_published = True

    def note_left(self) -> None:
        """Count that something was left to the worker.

        Whoever has read before must notice it, and read again.
        """
        self._counter.value += 1
        self.wakes_worker = True

    def note_unseen(self, channel_ids: Iterable[int]) -> None:
        """Count a change that no reader sees, to what is or was on these channels.

        Whoever has read before must notice it, and the next boundary of the channels
        may be another.
        """
        self._counter.value += 1
        for channel_id in channel_ids:
            self.touch(channel_id)
            # It may have to go sooner than what is kept of it knows.
            self._outdated.add(channel_id)

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
        said = (placement.type, placement.locale, placement.suffix)
        placement.type, placement.locale = document.type, document.locale
        placement.sort_key = document.sort_key
        placement.visible_until = wanted.visible_until
        placement.translations_until = wanted.translations_until
        if was_visible and etag == wanted.etag and not is_renewed:
            has_other_times = before != _times_of(placement)
            is_damaged = said != (document.type, document.locale, wanted.suffix)
            if has_other_times or (self._writes_all and is_damaged):
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
        _PLACEMENTS.write(placements)
        _HISTORY.write(history)

    def close(self) -> None:
        """Write the counter and what is kept of each channel; wake the worker."""
        self.write()
        if self._tallies:
            self._advance()
        is_moved = self.wakes_worker or self.sequence != self._begun or self._tallies
        if is_moved or self._is_published:
            self._counter.save(update_fields=["value", "publications"])
        if is_moved:
            wake_worker()

    def _advance(self) -> None:
        heads = Head.objects.in_bulk(list(self._tallies))
        boundaries = next_boundaries(self._tallies)
        # Behind all that were told of before.
        self._counter.value += bool(self._outdated)
        rows: list[Any] = []
        for channel_id, tally in self._tallies.items():
            head = heads[channel_id]
            counts = Counts(head.counts)
            counts.update(tally.counts)
            if channel_id in self._outdated:
                head.outdated = self._counter.value
            if channel_id in self._revised:
                head.revision += 1
                # A clock that was set back does not set back what caches compare.
                head.changed_at = max(self.now, head.changed_at or self.now)
            rows += [
                channel_id,
                Json({name: number for name, number in counts.items() if number}),
                max(head.sequence, tally.newest),
                boundaries[channel_id],
                head.revision,
                head.changed_at,
                head.outdated,
            ]
        with connection.cursor() as cursor:
            tallies = ", ".join([_TALLY] * len(self._tallies))
            cursor.execute(_ADVANCE.format(tallies), rows)
