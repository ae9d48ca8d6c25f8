"""The pages of a plain list: what most readers ask for, at the least cost.

They are those of `reading.on_channel` and `reading.rows`, compiled once in each form.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from api.channels.models import Channel, Extent

from .reading import NEWEST_FIRST, Row, on_channel, row_of, selected_columns
from .statements import MARKS, Compiled, Prepared, marked_channel

# What each result has besides its text: where it stands in the order.
PLACE = ("sort_key", "document_id")
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
) -> list[Row]:
    """`limit` documents of one type in its default order, in one statement.

    `limit` is at most `LONGEST`. `behind` is the sort key and the id of the result
    before them. `channel` must not be settling.
    """
    further, first = _statements(
        type, Extent(channel.extent), is_full, behind is not None
    )
    value, id = behind or ("", "")
    values = {
        "channel": channel.pk,
        "now": now,
        "locale": locale,
        "value": value,
        "id": id,
        "limit": limit,
    }
    # How far it is to the page decides by what plan it is found.
    rows = (
        further.rows({**values, "offset": offset}, _FURTHER)
        if offset
        else first.rows(values)
    )
    return [row_of(channel, now, PLACE, row) for row in rows]


@cache
def _statements(
    type: str, extent: Extent, is_full: bool, is_behind: bool
) -> tuple[Compiled, Prepared]:
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
    return compiled, compiled.prepared(_FIRST)
