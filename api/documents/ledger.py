"""The one order of all changes: the only taker of sequences, and writer of placements.

The counter is taken first of all. From there to the commit nobody else publishes, and
every row that is read was committed before.
"""

from __future__ import annotations

from collections import Counter as Tally
from datetime import datetime

from django.db import connection, models
from django.db.models import Min
from django.utils import timezone

from .models import Counter, Document, Head, Placement, PlacementHistory, Withdrawal
from .placing import Desired

# What the worker listens to; sent with the commit of each change.
NOTIFY_CHANNEL = "clinicast"

# The newest sequence, and the changes in counts by channel.
Entries = tuple[int, dict[int, Tally[str]]]


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


def next_boundary(channel_id: int) -> datetime | None:
    """When the clock alone changes what the channel shows; may be overdue."""
    visible = Placement.objects.filter(channel_id=channel_id, is_visible=True)
    lapsing = Document.objects.filter(
        valid_until__isnull=False,
        placements__channel_id=channel_id,
        placements__is_visible=True,
    )
    # Each is the first entry of an index of its own.
    ends = visible.filter(visible_until__isnull=False)
    until = ends.aggregate(at=Min("visible_until"))["at"]
    lapses = lapsing.order_by("valid_until").values_list("valid_until", flat=True)
    return min((at for at in (until, lapses.first()) if at), default=None)


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
        self._tallies: dict[int, Tally[str]] = {}
        # Channels whose lists may say or find something else. Not those of which only
        # an end in the future was written: a new tag would tell that there is one.
        self._revised: set[int] = set()
        # Whether the worker has something to do that it could not know of.
        self.wakes_worker = False

    @property
    def sequence(self) -> int:
        return self._counter.value

    def entries(self) -> Entries:
        """What was entered so far, to go back to with `strike`."""
        tallies = {channel: tally.copy() for channel, tally in self._tallies.items()}
        return self._counter.value, tallies

    def strike(self, to: Entries) -> None:
        """Forget what was entered since: its rows have been rolled back."""
        self._counter.value, self._tallies = to

    def touch(self, channel_id: int) -> Tally[str]:
        """Have what is kept of a channel written at the end; its changes in counts."""
        return self._tallies.setdefault(channel_id, Tally())

    def revise(self, channel_id: int) -> None:
        """The same, and have caches ask for the channel's lists anew."""
        self._revised.add(channel_id)
        self.touch(channel_id)

    def touch_channels_of(self, document: Document) -> None:
        """The same for every channel on which `document` is or was."""
        for channel_id in document.placements.values_list("channel_id", flat=True):
            self.touch(channel_id)

    def note_unseen(self, document: Document) -> None:
        """Count a change that no reader sees.

        A rebuild that read before must notice it, and the next boundary of the channels
        may be another.
        """
        self._counter.value += 1
        self.touch_channels_of(document)

    def show(self, document: Document, wanted: Desired, sort_key: str) -> None:
        """Write one placement, if it is not as it should be."""
        placement = Placement.objects.filter(
            channel=wanted.channel, document=document
        ).first()
        if placement is None:
            placement = Placement(
                channel=wanted.channel, document=document, is_visible=False, etag=""
            )
        was_visible, etag = placement.is_visible, placement.etag
        before, sort_key_before = _times_of(placement), placement.sort_key
        placement.type, placement.locale = document.type, document.locale
        placement.sort_key = sort_key
        placement.visible_until = wanted.visible_until
        placement.translations_until = wanted.translations_until
        if was_visible and etag == wanted.etag:
            has_other_times = before != _times_of(placement)
            if has_other_times or self._writes_all:
                placement.suffix = wanted.suffix
                placement.save()
                self.touch(placement.channel_id)
            if self._writes_all or sort_key_before != sort_key:
                self.revise(placement.channel_id)
            self._counter.value += has_other_times
            return
        if not was_visible:
            placement.visible_from = self.now
            self.touch(placement.channel_id)[
                f"{placement.type}:{placement.locale}"
            ] += 1
        placement.is_visible, placement.withdrawn_kind = True, ""
        placement.suffix, placement.etag = wanted.suffix, wanted.etag
        self._record(placement, document)

    def hide(
        self, placement: Placement, document: Document, kind: Withdrawal | str
    ) -> None:
        """Take a placement off its channel, for the reason that consumers are told."""
        placement.is_visible, placement.withdrawn_kind = False, kind
        self.touch(placement.channel_id)[f"{placement.type}:{placement.locale}"] -= 1
        self._record(placement, document)

    def _record(self, placement: Placement, document: Document) -> None:
        """Give the change its place in the one order, and keep it for ever."""
        self._counter.value += 1
        placement.sequence = self._counter.value
        placement.changed_at = self.now
        placement.save()
        self.revise(placement.channel_id)
        PlacementHistory.objects.create(
            channel=placement.channel,
            document=document,
            sequence=placement.sequence,
            at=self.now,
            is_visible=placement.is_visible,
            version=document.version,
            suffix=placement.suffix,
            withdrawn_kind=placement.withdrawn_kind,
        )

    def close(self) -> None:
        """Write the counter and what is kept of each channel; wake the worker."""
        for channel_id, tally in self._tallies.items():
            self._advance(channel_id, tally)
        if self._tallies or self.wakes_worker:
            self._counter.save(update_fields=["value"])
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, '')", [NOTIFY_CHANNEL])

    def _advance(self, channel_id: int, tally: Tally[str]) -> None:
        head, _ = Head.objects.get_or_create(channel_id=channel_id)
        counts = Tally(head.counts)
        counts.update(tally)
        head.counts = {name: number for name, number in counts.items() if number}
        newest = Placement.objects.filter(channel_id=channel_id).aggregate(
            newest=models.Max("sequence")
        )["newest"]
        head.sequence = newest or head.sequence
        if channel_id in self._revised:
            head.revision += 1
            # A clock that was set back does not set back what caches compare.
            head.changed_at = max(self.now, head.changed_at or self.now)
        head.next_boundary_at = next_boundary(channel_id)
        head.save()
