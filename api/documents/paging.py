"""The pages of a plain list: what most readers ask for, at the least cost.

They are those of `reading.on_channel` and `reading.rows`, compiled once in each form.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.db.models import Q

from api.channels.models import Channel, Extent

from .reading import NEWEST_FIRST, Row, on_channel, row_of, selected_columns
from .statements import Statement

# Values that nothing has: each stands for what differs by request.
MARKS: dict[str, object] = {
    "channel": -1_984_001,
    "now": datetime(1984, 1, 1, 0, 0, 0, 1984, tzinfo=UTC),
    "value": "\x01value",
    "id": UUID(int=1984),
    "locale": "\x01locale",
}
_SLICE = " LIMIT %(limit)s OFFSET %(offset)s"


def page(
    channel: Channel,
    type: str,
    locale: str,
    now: datetime,
    *,
    is_full: bool,
    also: tuple[str, ...],
    behind: tuple[str, str] | None,
    offset: int,
    limit: int,
) -> list[Row]:
    """`limit` documents of one type in its default order, in one statement.

    `behind` is the sort key and the id of the result before them. `channel` must not be
    settling.
    """
    statement = _statement(
        type, Extent(channel.extent), is_full, also, behind is not None
    )
    value, id = behind or ("", "")
    values = {
        "channel": channel.pk,
        "now": now,
        "locale": locale,
        "value": value,
        "id": id,
        "limit": limit,
        "offset": offset,
    }
    return [row_of(channel, now, also, row) for row in statement.rows(values)]


@cache
def _statement(
    type: str, extent: Extent, is_full: bool, also: tuple[str, ...], is_behind: bool
) -> Statement:
    channel = Channel(pk=MARKS["channel"], extent=extent)
    # It is none that settles, and nobody has to look.
    channel._state.fields_cache["settling"] = None
    shown = on_channel(channel, [type], MARKS["locale"], MARKS["now"])  # type: ignore[arg-type]
    if is_behind:
        past = "lt" if type in NEWEST_FIRST else "gt"
        value, id = MARKS["value"], MARKS["id"]
        following = Q(**{f"sort_key__{past}": value})
        following |= Q(**{"sort_key": value, f"document_id__{past}": id})
        shown = shown.filter(following, **{f"sort_key__{past}e": value})
    columns = selected_columns(shown, channel, is_full=is_full, also=also)
    return Statement(columns, MARKS, _SLICE)
