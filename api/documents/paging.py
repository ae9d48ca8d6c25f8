"""The pages of a plain list: what most readers ask for, at the least cost.

They are those of `reading.on_channel` and `reading.rows`, compiled once in each form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from api.channels.models import Channel, Extent

from .reading import (
    NEWEST_FIRST,
    joined,
    on_channel,
    selected_columns,
    suffix_at,
)
from .standing import BESIDE, Beside
from .statements import MARKS, Compiled, Prepared, Question, marked_channel


class Listed(NamedTuple):
    """A page: its documents as JSON, and the rows that they were made of."""

    texts: list[str]
    rows: Sequence[tuple[Any, ...]]

    def place(self, number: int) -> tuple[Any, str]:
        """By what the result of that number is sorted: its sort key and its id."""
        _, _, _, value, id, *_ = self.rows[number]
        return value, id


# The plan is made for the longest page, as it cannot be for one of any length.
LONGEST = 101
_FIRST = f"SELECT * FROM (%s LIMIT {LONGEST}) AS page LIMIT %(limit)s"  # noqa: S608
_FURTHER = " LIMIT %(limit)s OFFSET %(offset)s"


def page(
    channel: Channel,
    type: str,
    locale: str,
    now: datetime,
    *,
    is_full: bool,
    behind: tuple[str, str] | None,
    offset: int,
    limit: int,
) -> Listed:
    """`limit` documents of one type in its default order, in one statement.

    `limit` is at most `LONGEST`. `behind` is the sort key and the id of the result
    before them. `channel` must not be settling.
    """
    known = _statements(type, Extent(channel.extent), is_full, behind is not None)
    value, id = behind or ("", "")
    values = _values(channel, locale, now, limit) | {"value": value, "id": id}
    # How far it is to the page decides by what plan it is found.
    return _made(
        channel,
        now,
        known.further.rows({**values, "offset": offset}, _FURTHER)
        if offset
        else known.first.rows(values),
    )


def first_page(
    channel: Channel, type: str, locale: str, now: datetime, is_full: bool, limit: int
) -> Question:
    """What reads the first `limit` documents, as above, beside their channel."""
    known = _statements(type, Extent(channel.extent), is_full, is_behind=False)
    return Question(known.beside, _values(channel, locale, now, limit))


def page_beside(channel: Channel, beside: Beside) -> Listed:
    """The page that was read so."""
    # One row with nothing but the channel is a page without results.
    rows = beside.rows if beside.rows[0][0] is not None else ()
    return _made(channel, beside.now, rows)


def _made(channel: Channel, now: datetime, rows: Sequence[tuple[Any, ...]]) -> Listed:
    texts = [
        # Where nothing ends by the clock it stands as it is: the channel is settled.
        joined(text, suffix_at(channel, now, suffix, until) if until else suffix)
        for text, suffix, until, *_ in rows
    ]
    return Listed(texts, rows)


def _values(channel: Channel, locale: str, now: datetime, limit: int) -> dict[str, Any]:
    return {
        "channel": channel.pk,
        "now": now,
        "locale": locale,
        "limit": limit,
    }


class _Statements(NamedTuple):
    further: Compiled
    first: Prepared
    beside: Prepared


@cache
def _statements(
    type: str, extent: Extent, is_full: bool, is_behind: bool
) -> _Statements:
    channel = marked_channel(extent)
    shown = on_channel(channel, [type], MARKS["locale"], MARKS["now"])
    if is_behind:
        past = "lt" if type in NEWEST_FIRST else "gt"
        value, id = MARKS["value"], MARKS["id"]
        following = Q(**{f"sort_key__{past}": value})
        following |= Q(**{"sort_key": value, f"document_id__{past}": id})
        shown = shown.filter(following, **{f"sort_key__{past}e": value})
    # The id as text, as which it goes into the cursor.
    also = ("sort_key", Cast("document_id", TextField()))
    columns = selected_columns(shown, channel, is_full=is_full, also=also)
    compiled = Compiled(columns)
    beside = compiled.prepared(BESIDE.replace("%s", _FIRST))
    return _Statements(compiled, compiled.prepared(_FIRST), beside)
