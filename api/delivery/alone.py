"""A search among all that there is of one kind: what most who search ask for.

Its results are those of `ranking` and `search`, found with less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from api.channels.models import Extent
from api.documents.reading import (
    NAMED,
    NEWEST_FIRST,
    Channel,
    PlacementQuerySet,
    Row,
    on_channel,
    row_of,
    search_configuration,
    selected_columns,
)
from api.documents.statements import (
    MARKS,
    Compiled,
    Prepared,
    marked_channel,
    unprepared,
)
from api.pagination import DEEPEST_RANKED

from .ranking import Ranked, found, in_order, rank
from .search import (
    RESULT,
    AskedOnce,
    begun,
    highlighted,
    is_exact,
    matches,
    matching_below,
)

# The newest that have the words at the top, ranked, and of others as many as are
# missing: those are found in no order, and then are all there are, or only counted.
# Where an index finds the newest by their words, all that it found are ranked before
# they are sorted: that costs no more than to carry their words along, and less for few.
# OFFSET 0, and something beside it, have PostgreSQL choose as for all of them, which is
# an index. For some of them it would begin to read the whole table.
_BEGUN = """
WITH newest (sort_key, document_id, key, rank) AS MATERIALIZED (
    {top} LIMIT %(some)s
),
missing (number) AS MATERIALIZED (SELECT %(some)s - count(*) FROM newest),
rest (sort_key, document_id, key) AS MATERIALIZED (
    SELECT deep.* FROM ({deep} OFFSET 0) AS deep CROSS JOIN missing
    LIMIT (SELECT number FROM missing)
)
SELECT (SELECT array_agg(key ORDER BY rank DESC, sort_key {way}, document_id {way})
        FROM newest),
       (SELECT array_agg(key ORDER BY sort_key {way}, document_id {way}) FROM rest)
"""

# Runs a statement with these values.
Planned = Callable[[Mapping[str, Any]], Sequence[tuple[Any, ...]]]


@dataclass(frozen=True)
class Alone:
    """A search among all of one kind, in one language, that a channel shows.

    As `ranking.ranked` and `search.highlighted`, with statements that are put together
    once in each form. The channel must not be settling.
    """

    channel: Channel
    kind: str
    locale: str
    phrase: str
    now: datetime

    def begun(self) -> Ranked:
        """All of it, or those that have the words at the top if there are too many.

        Of many that have them in their bodies it counts some, in no order: few ever
        page on so far.
        """
        # One more than are told, which tells that there are more.
        some = {"some": DEEPEST_RANKED + 1}
        [(top, rest)] = _begun(*self._form)({**self._values, **some})
        keys = [*(top or ()), *(rest or ())]
        count = min(len(keys), DEEPEST_RANKED)
        is_capped = count < len(keys)
        told = (top or ())[:count] if is_capped else keys
        return Ranked([(self.kind, key) for key in told], count, is_capped)

    def ranked(self) -> Ranked:
        """All of it."""
        return in_order(_ranking(*self._form).rows(self._values))

    def rows(self, keys: Sequence[int], is_full: bool) -> list[Row]:
        """The results of these keys, in any order."""
        if not keys:
            return []
        known = _reading(*self._form, is_full)
        read = known.rows({**self._values, "keys": keys})
        return [row_of(self.channel, self.now, RESULT, row) for row in read]

    @property
    def _form(self) -> tuple[Extent, str, str, str]:
        return Extent(self.channel.extent), self.kind, self.locale, _mark(self.phrase)

    @property
    def _values(self) -> dict[str, Any]:
        phrase = {_mark(self.phrase): self.phrase}
        return {"channel": self.channel.pk, "now": self.now, **phrase}


def _mark(phrase: str) -> str:
    """The name of the mark that stands for any phrase which is read as this one is."""
    return "quoted" if is_exact(phrase) else "value"


@cache
def _ranking(extent: Extent, kind: str, locale: str, mark: str) -> Compiled:
    return Compiled(found(*_marked(extent, kind, locale, mark)))


@cache
def _begun(extent: Extent, kind: str, locale: str, mark: str) -> Planned:
    placements, phrase, locales, channel = _marked(extent, kind, locale, mark)
    at_the_top = matches("search", phrase, locales)
    columns = ("sort_key", "document_id", "pk")
    top = placements.filter(at_the_top).annotate(rank=rank(phrase, locale))
    newest = top.values_list(*columns, "rank")
    below = matching_below(placements, phrase, locales, channel)
    rest = below.order_by().values_list(*columns)
    first, behind = Compiled(newest, "first"), Compiled(rest, "behind")
    way = "DESC" if kind in NEWEST_FIRST else "ASC"
    sql = _BEGUN.format(top=first.sql, deep=behind.sql, way=way)
    constants = {**first.constants, **behind.constants}
    return lambda values: unprepared(sql, {**constants, **values})


@cache
def _reading(
    extent: Extent, kind: str, locale: str, mark: str, is_full: bool
) -> Prepared:
    placements, _, locales, channel = _marked(extent, kind, locale, mark)
    shown = highlighted(placements.order_by(), AskedOnce, locales, channel)
    known = Compiled(selected_columns(shown, channel, is_full=is_full, also=RESULT))
    words = f"websearch_to_tsquery(%(configuration)s::regconfig, %({mark})s)"
    query = words if mark == "quoted" else begun(words)
    sql = f"WITH asked (query) AS MATERIALIZED (SELECT {query}) {known.sql}{NAMED}"
    configuration = {"configuration": search_configuration(locale)}
    return Prepared(sql, {**known.constants, **configuration})


def _marked(
    extent: Extent, kind: str, locale: str, mark: str
) -> tuple[PlacementQuerySet, str, Sequence[str], Channel]:
    channel = marked_channel(extent)
    shown = on_channel(channel, [kind], locale, MARKS["now"])
    return shown, MARKS[mark], [locale], channel
