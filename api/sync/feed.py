"""One consumer's way through the changes of its channel, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.documents import changes
from api.documents.changes import Change
from api.documents.reading import Standing
from api.problems import CheckpointExpired, InvalidParameter

from . import checkpoints
from .checkpoints import Checkpoint

START_AGAIN = "Start again without since, and replace all that you have."


@dataclass(frozen=True)
class Filters:
    """What the consumer mirrors of its channel; nothing said is all of it."""

    types: Sequence[str] = ()
    locale: str | None = None

    def __str__(self) -> str:
        return f"{','.join(self.types)};{self.locale or ''}"

    @classmethod
    def of(cls, text: str) -> Filters:
        types, _, locale = text.partition(";")
        return cls(tuple(filter(None, types.split(","))), locale or None)


class Feed:
    """Where a consumer is, and what comes next.

    Something may be there that cannot be shown in its final form at this moment, by the
    clock or since the channel settles, and the worker need not make a change of it.
    It is passed over, and read again once the channel has settled.
    """

    def __init__(
        self, standing: Standing, filters: Filters, since: Checkpoint | None = None
    ) -> None:
        """Raises CheckpointExpired where `since` is not of this history."""
        self.standing = standing
        self.filters = filters
        self.more = False
        self.sequence = since.sequence if since else 0
        self.begun_at = since.begun_at if since else standing.sequence
        self.behind = since.behind if since else None
        self._since = since
        # The head is read before any change: all up to it will have been seen.
        self._head = standing.sequence
        asked = [self.sequence, self._head]
        history = changes.history(standing.channel, asked)
        self.timeline = history.timeline.hex
        self._anchors = dict(
            zip(asked, map(checkpoints.microseconds, history.moments), strict=True)
        )
        if since and (since.timeline, since.anchor) != (
            self.timeline,
            self._anchors[self.sequence],
        ):
            raise CheckpointExpired(
                f"A backup was restored since this checkpoint was given. {START_AGAIN}"
            )
        # Of what left before it began, nobody need hear.
        if since and history.forgotten > max(self.sequence, self.begun_at):
            raise CheckpointExpired(
                "Some of what left the channel since this checkpoint was given can be "
                f"told no more. {START_AGAIN}"
            )

    def page(self, limit: int, now: datetime) -> list[Change]:
        """The next changes, at most `limit`; from then on the feed is behind them."""
        standing = self.standing
        if self.behind is not None and standing.is_settled_at(now):
            self.sequence, self.behind = self.behind, None
        found: list[Change] = []
        if standing.sequence > self.sequence:
            found = changes.changes_after(
                standing,
                self.sequence,
                now,
                limit + 1,
                types=self.filters.types,
                locale=self.filters.locale,
                begun_at=self.begun_at,
            )
        self.more = len(found) > limit
        page = found[:limit]
        self._go_behind(page)
        return [one for one in page if one.text is not None or one.left is not None]

    def checkpoint(self, now: datetime) -> str:
        """The text by which the consumer goes on from here.

        It is as old as the one before it, until the consumer has seen all there was:
        what left meanwhile is forgotten by the time of that.
        """
        has_all = not self.more and self.behind is None
        issued_h = checkpoints.hours(now)
        if self._since and not has_all:
            issued_h = self._since.issued_h
        return Checkpoint(
            timeline=self.timeline,
            channel=self.standing.channel.pk,
            filters=str(self.filters),
            sequence=self.sequence,
            begun_at=self.begun_at,
            behind=self.behind,
            anchor=self._anchor(),
            issued_h=issued_h,
        ).signed()

    def _go_behind(self, page: Sequence[Change]) -> None:
        for change in page:
            if change.is_provisional and self.behind is None:
                self.behind = change.sequence - 1
            self.sequence = change.sequence
        if not self.more:
            self.sequence = max(self.sequence, self._head)

    def _anchor(self) -> int | None:
        if self.sequence not in self._anchors:
            [at] = changes.history(self.standing.channel, [self.sequence]).moments
            self._anchors[self.sequence] = checkpoints.microseconds(at)
        return self._anchors[self.sequence]


def place_of(
    text: str, standing: Standing, asked: Filters, now: datetime
) -> Checkpoint:
    """The checkpoint that a consumer of this channel sent.

    Raises InvalidParameter where it is of nobody's making, of another channel or of
    other filters, and CheckpointExpired where it is too old.
    """
    try:
        found = checkpoints.read(text)
    except ValueError:
        raise InvalidParameter.of(
            "since",
            "This checkpoint is not one that this API gave. Take it as it is, or leave "
            "since out to begin anew.",
        ) from None
    if found.channel != standing.channel.pk:
        raise InvalidParameter.of(
            "since", "This checkpoint is one of another channel. Name that one's."
        )
    if asked != Filters() and str(asked) != found.filters:
        raise InvalidParameter.of(
            "since",
            "This checkpoint was given for other types or another locale. Leave both "
            "out to go on with them, or leave since out to begin anew.",
        )
    if not found.is_kept_at(now):
        raise CheckpointExpired(f"This checkpoint is too old. {START_AGAIN}")
    return found


def as_json(change: Change) -> str:
    """One change as it is on the wire; the document in it is joined, never parsed."""
    if change.left is None:
        # Types and languages are names of our own, in which nothing has to be escaped.
        return (
            f'{{"op":"put","type":"{change.type}","id":"{change.id}",'
            f'"locale":"{change.locale}","sequence":{change.sequence},'
            f'"document":{change.text}}}'
        )
    left = change.left
    return dumped(
        {
            "op": "delete",
            "type": change.type,
            "id": str(change.id),
            "locale": change.locale,
            "sequence": change.sequence,
            "slug": left.slug,
            "url": left.url,
            "canonical_url": left.canonical_url,
            "withdrawn_at": left.withdrawn_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "kind": left.kind,
            "reason": left.reason,
            "replacement": left.replacement,
        }
    )


def dumped(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
