"""The one way in for every door: what a channel shows now, and nothing else.

But for `documents_of`, which says of each document whether that shows it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from api.channels.models import PUBLIC, Channel

from .carrying import is_settling, shown_on
from .models import (
    Document,
    Kind,
    Placement,
    PlacementQuerySet,
    Withdrawal,
    is_placed_at,
    search_configuration,
)
from .standing import (
    EPOCH,
    Foreseen,
    Standing,
    forget_channels,
    standing,
    standing_anew,
    standing_of_channel,
    standing_of_key,
)

__all__ = [
    "EPOCH",
    "PUBLIC",
    "Channel",
    "Foreseen",
    "Kind",
    "PlacementQuerySet",
    "Row",
    "Standing",
    "Withdrawal",
    "forget_channels",
    "is_settling",
    "joined",
    "on_channel",
    "rows",
    "search_configuration",
    "standing",
    "standing_anew",
    "standing_of_channel",
    "standing_of_key",
    "suffix_at",
]

# Kinds whose lists start with the newest; the others are sorted by name.
NEWEST_FIRST = {Kind.ARTICLE, Kind.AWARD, Kind.REFERENCE}
# Behind a statement of placements in no order: only those of these documents.
NAMED = (
    f' AND "{Placement._meta.db_table}"."document_id" = ANY(%(ids)s::text[]::uuid[])'
)
_DOCUMENT = f'"{Document._meta.db_table}"'


def on_channel(
    channel: Channel,
    types: Sequence[str],
    locale: str,
    now: datetime,
    stand_in: str | None = None,
) -> PlacementQuerySet:
    """What `channel` shows at `now`, in the default order of the first of `types`.

    `stand_in` is the language that is shown where there is no translation into
    `locale`. Each placement comes with its document. Every door reads through here.
    """
    shown = shown_on(channel, now)
    placements = shown.filter(type__in=types).select_related("document")
    if stand_in is None or stand_in == locale:
        placements = placements.filter(locale=locale)
    else:
        translation = shown.filter(
            locale=locale,
            document__translation_group=OuterRef("document__translation_group"),
        )
        placements = placements.filter(
            Q(locale=locale) | Q(~Exists(translation), locale=stand_in)
        )
    if types[0] in NEWEST_FIRST:
        return placements.newest_first()
    return placements.by_name()


def documents_of(
    type: str, locale: str, channel: Channel, now: datetime
) -> models.QuerySet[Document]:
    """All of a kind, each with whether `channel`, not settling, shows it: `is_shown`.

    As `on_channel`, without a look at each placement: PostgreSQL notes with a document
    on which channels it is, whenever placements are written. Only where one may end is
    it asked.
    """
    placements = Placement.objects.filter(channel=channel, document=OuterRef("pk"))
    placed = Exists(placements.filter(is_placed_at(now)))
    # Columns of which only the database knows, so that nobody else writes them.
    noted = f"substring({_DOCUMENT}.shown_on, (%s)::int + 1, 1) = B'1'"
    is_noted = RawSQL(noted, [channel.pk], models.BooleanField())  # noqa: S611
    lasts = RawSQL(f"NOT {_DOCUMENT}.may_end", [], models.BooleanField())  # noqa: S611
    is_right = Q(valid_until=None) | Q(valid_until__gt=now)
    return Document.objects.filter(type=type, locale=locale).annotate(
        is_shown=models.ExpressionWrapper(
            Q(is_noted) & is_right & (Q(lasts) | Q(placed)),
            output_field=models.BooleanField(),
        )
    )


class Row(NamedTuple):
    """One result of a list: its JSON, and the values that were asked for besides."""

    text: str
    values: dict[str, Any]


def rows(
    placements: PlacementQuerySet,
    channel: Channel,
    now: datetime,
    *,
    is_full: bool,
    also: Sequence[str] = (),
) -> list[Row]:
    """The documents of `placements` as JSON: their summaries, or all of them.

    `also` names columns and annotations. One statement, which reads no other column.
    """
    read = selected_columns(placements, channel, is_full=is_full, also=also)
    return [row_of(channel, now, also, row) for row in read]


def selected_columns(
    placements: PlacementQuerySet,
    channel: Channel,
    *,
    is_full: bool,
    also: Sequence[str | Cast],
) -> models.QuerySet[Any, Any]:
    """What `row_of` makes a result of, and no other column."""
    column = text_column(channel) if is_full else F("document__summary_json")
    return placements.annotate(text=column).values_list(
        "text", "suffix", "translations_until", *also
    )


def row_of(
    channel: Channel, now: datetime, also: Sequence[str], row: Sequence[Any]
) -> Row:
    """The result that `channel` shows of such a row."""
    document, suffix, until, *values = row
    return Row(
        joined(document, suffix_at(channel, now, suffix, until)),
        dict(zip(also, values, strict=True)),
    )


def text_column(channel: Channel) -> F | Coalesce:
    """What `Document.text_on` gives."""
    full = F("document__full_json")
    return Coalesce("document__teaser_json", full) if channel.is_summary else full


def suffix_at(
    channel: Channel, now: datetime, suffix: str, translations_until: datetime | None
) -> str:
    """What a channel adds, without translations of which one may have ended by now.

    Until the worker has written which are left, none is named.
    """
    has_ended = translations_until is not None and translations_until <= now
    if not (has_ended or is_settling(channel)):
        return suffix
    members = json.loads(suffix) | {"translations": []}
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def joined(document: str, suffix: str) -> str:
    """A document and what its channel adds, as one JSON object."""
    # Two JSON objects made one without parsing either: neither is ever empty.
    return f"{document[:-1]},{suffix[1:]}"
