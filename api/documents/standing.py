"""How far a channel has come: one row, which every door reads first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Subquery
from django.utils import timezone

from api.channels.models import PUBLIC, Channel, Key

from .carrying import is_settling
from .keys import key_of_channel
from .models import Head, Purging, Settling
from .sharing import Shared
from .statements import Part, Prepared, Question

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Beside(NamedTuple):
    """What was read in one statement with a channel: the rows of a question."""

    now: datetime
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Standing:
    """A channel with how far it has come: one row, read once per request."""

    channel: Channel
    sequence: int
    # Moves with each change, and with what has lists find something else.
    revision: int
    changed_at: datetime | None
    counts: dict[str, int]
    # Long past while the channel settles: nothing that is kept can be relied on.
    next_boundary_at: datetime | None
    # By which key it is read; None for an open channel without one.
    key_id: int | None = None
    # Until when edges are known to be told of changes; None where they are not.
    purged_until: datetime | None = None
    # What was asked for along with it, if it could be foreseen.
    beside: Beside | None = None

    def along_with(self, beside: Beside) -> Standing:
        """The same with what was read beside it."""
        # As `dataclasses.replace` does, without asking each field.
        made = object.__new__(Standing)
        made.__dict__.update(self.__dict__, beside=beside)
        return made

    @property
    def form(self) -> tuple[object, ...]:
        """What makes other answers of the same placements: part of every ETag."""
        return self.channel.extent, self.is_settling

    @property
    def is_settling(self) -> bool:
        """Whether placements may not say yet what the channel's settings are."""
        return is_settling(self.channel)

    def moment(self, now: datetime) -> datetime:
        """`now`, and in no case before the newest change that is counted here.

        A machine whose clock is ahead may have made it.
        """
        return now if self.changed_at is None else max(now, self.changed_at)

    def keys(self, types: Iterable[str] = ()) -> list[str]:
        """What caches may be told to forget an answer by, coarsest first.

        That anything has changed on the channel, and that a document of one of `types`
        has. Those of single documents are in `Document.keys`.
        """
        names = [self.channel.slug, *(f"{self.channel.slug}:{type}" for type in types)]
        return [key_of_channel(name) for name in names]

    def is_purged_at(self, now: datetime) -> bool:
        """Whether an edge that keeps an answer will be told when it is out of date."""
        return self.purged_until is not None and now < self.purged_until

    def is_settled_at(self, now: datetime) -> bool:
        """Whether the kept counts still hold and an answer may be kept by caches.

        False once a moment has passed at which something appears, changes or
        vanishes by the clock alone, until the worker has written it.
        """
        return self.next_boundary_at is None or now < self.next_boundary_at

    def is_as_at(self, before: datetime) -> bool:
        """Whether the clock alone has made nothing else of it since then."""
        if self.next_boundary_at is None:
            return True
        return self.is_settled_at(before) == self.is_settled_at(timezone.now())

    def count(self, type: str, locale: str) -> int:
        """How many documents are visible; right only while settled."""
        return self.counts.get(f"{type}:{locale}", 0)


# What will be asked of a channel that is as it was, at that moment, if anything.
Foreseen = Callable[[Standing, datetime], Question | None]


def standing(slug: str = PUBLIC, foreseen: Foreseen | None = None) -> Standing | None:
    """The open channel `slug` and its head, in one statement; None if there is none.

    While nobody writes its row, what was made of it is given again, and must not be
    changed. So `foreseen` can say what will be asked of it before it is read, and that
    comes `beside` it, of the same snapshot, unless the row was written meanwhile.
    """
    if settings.EDGES:
        # What edges are told is of another row, which the clock outdates.
        return _standing_of(channel__slug=slug, channel__is_open=True)
    known = _made.get(slug)
    if known is not None and foreseen is not None:
        text, standing = known
        now = standing.moment(timezone.now())
        is_read = not standing.channel.is_suspended
        question = foreseen(standing, now) if is_read else None
        rows = question.rows() if question else []
        if rows and rows[0][-1] == text and standing.is_as_at(now):
            return standing.along_with(Beside(now, rows))
    row = _open_now(slug)
    if row is None:
        _made.pop(slug, None)
        return None
    if known is None or known[0] != row[0]:
        known = _made[slug] = row[0], _standing_from(row[1:])
    return known[1]


def forget_channels() -> None:
    """Foresee nothing before a channel has been read again."""
    _made.clear()


def standing_of_channel(pk: int) -> Standing:
    """The channel of that id, open or not, and its head, in one statement.

    Raises Head.DoesNotExist. Whether it may be read is for the caller to say.
    """
    head = Head.objects.select_related("channel__settling").get(channel=pk)
    return _standing(head)


def standing_of_key(digest: str) -> tuple[Standing, Key] | None:
    """The channel of the key with that `digest`, valid or not, and its head: as above.

    Whether the key counts is for the caller to say.
    """
    keys = Key.objects.select_related("channel__settling", "channel__head")
    key = keys.filter(digest=digest).first()
    return None if key is None else (_standing(key.channel.head, key), key)


def standing_anew(standing: Standing, now: datetime) -> Standing | None:
    """How far the same channel has come meanwhile, in one statement.

    None where it may be read no longer: it is suspended or closed, or the key ended.
    """
    if standing.key_id is None:
        found = _standing_of(channel=standing.channel.pk, channel__is_open=True)
    else:
        keys = Key.objects.select_related("channel__settling", "channel__head")
        key = keys.filter(pk=standing.key_id).first()
        is_valid = key is not None and key.is_valid_at(now)
        found = _standing(key.channel.head, key) if key and is_valid else None
    return None if found is None or found.channel.is_suspended else found


def _standing_from(row: tuple[Any, ...]) -> Standing:
    """What a row of `_OPEN` says."""
    values = iter(row)
    head, channel = HEAD.instance(values), CHANNEL.instance(values)
    settling = SETTLING.instance(values)
    channel._state.fields_cache["settling"] = settling if settling.since else None
    head.channel = channel
    head.counts = json.loads(head.counts)
    return _standing(head)


HEAD = Part(
    Head,
    *("channel_id", "sequence", "revision", "changed_at", "counts"),
    *("next_boundary_at",),
)
# What staff write of a channel, no door tells.
CHANNEL = Part(
    Channel,
    *("id", "slug", "role", "is_open", "is_suspended", "extent"),
    *("selection", "delay_days", "languages", "collections"),
)
SETTLING = Part(Settling, "channel_id", "since")
_COLUMNS = ", ".join(
    f'{field.model._meta.db_table}."{field.column}"'
    for part in (HEAD, CHANNEL, SETTLING)
    for field in part.fields
)
_FROM = (
    " FROM documents_head JOIN channels_channel "
    "ON channels_channel.id = documents_head.channel_id LEFT JOIN documents_settling "
    "ON documents_settling.channel_id = documents_head.channel_id"
)
# Which versions of its rows PostgreSQL has read: where each lies and what wrote it. A
# database that was set back counts its writers anew, so also when something was changed
# last, and what closes the channel.
_VERSIONS = ", ".join(
    ["documents_head.changed_at"]
    + [f"channels_channel.{name}" for name in ("is_open", "is_suspended", "extent")]
    + [
        f"{part.model._meta.db_table}.{column}"
        for part in (HEAD, CHANNEL, SETTLING)
        for column in ("ctid", "xmin")
    ]
)
# Names of our own columns. As one text the versions tell at once whether it is so.
_OPEN = Prepared(
    f"SELECT ROW({_VERSIONS})::text, {_COLUMNS}{_FROM} "
    "WHERE channels_channel.slug = %(slug)s AND channels_channel.is_open"
)
_open_now = Shared(lambda slug: _OPEN.row(slug=slug))
# Of each open channel, the versions as text and what was made of its row.
_made: dict[str, tuple[str, Standing]] = {}
# Around a statement: its rows, or one with nothing in it, each with the versions of the
# channel behind it. With OFFSET 0 they are made a text once.
BESIDE = (
    f"SELECT found.*, channel.* FROM (SELECT ROW({_VERSIONS})::text{_FROM} "  # noqa: S608
    "WHERE documents_head.channel_id = %(channel)s OFFSET 0) AS channel "
    "LEFT JOIN (%s) AS found ON true"
)


def _standing_of(**named: Any) -> Standing | None:
    heads = Head.objects.select_related("channel__settling").filter(**named)
    if settings.EDGES:
        until = Purging.objects.filter(pk=1).values("until")
        heads = heads.annotate(purged_until=Subquery(until[:1]))
    head = heads.first()
    return None if head is None else _standing(head)


def _standing(head: Head, key: Key | None = None) -> Standing:
    return Standing(
        head.channel,
        head.sequence,
        head.revision,
        head.changed_at,
        head.counts,
        EPOCH if is_settling(head.channel) else head.next_boundary_at,
        None if key is None else key.pk,
        getattr(head, "purged_until", None),
    )
