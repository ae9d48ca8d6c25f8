"""A search among all that there is of one kind: what most who search ask for.

Its results are those of `ranking` and `search`, found with less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from api.channels.models import Extent
from api.documents.reading import (
    NAMED,
    Channel,
    PlacementQuerySet,
    Row,
    on_channel,
    row_of,
    selected_columns,
)
from api.documents.statements import MARKS, Anew, Compiled, Prepared, marked_channel
from api.pagination import DEEPEST_RANKED

from . import best, counts, ranking
from .best import Found
from .ranking import Ranked
from .search import RESULT, AskedOnce, asked_once, highlighted, is_exact

# How many documents are looked at before a plan is made for the words: so many, and as
# many as this part of what the channel has. On a channel of few articles a plan for the
# words begins with these, however many others have them.
FEWEST, PART = 100, 4


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
    # How many of the kind the channel has; if that is wrong, it only takes longer.
    carried: int

    def begun(self) -> Ranked:
        """All of it, or those that have the words at the top if there are too many.

        Of many that have them in their bodies it counts some, in no order: few ever
        page on so far.
        """
        # One more than are told, which tells that there are more.
        some = DEEPEST_RANKED + 1
        values = {**self._values, "some": some}
        search = (self.channel.pk, self.kind, self.locale, self.phrase)
        if not counts.common.knows(search):
            most = min(2 * some, max(FEWEST, self.carried // PART))
            [row] = _of_few(*self._form).rows({**values, "most": most})
            if (found := Found(*row)).are_all:
                return _told(found, self.kind)
            counts.common.add(search)
        [row] = _of_any(*self._form).rows(values)
        return _told(Found(*row), self.kind)

    def ranked(self) -> Ranked:
        """All of it."""
        return ranking.in_order(_ranking(*self._form).rows(self._values))

    def rows(self, ids: Sequence[str], is_full: bool) -> list[Row]:
        """The results of these ids, in any order."""
        if not ids:
            return []
        known = _reading(*self._form, is_full)
        read = known.rows({**self._values, "ids": ids})
        return [row_of(self.channel, self.now, RESULT, row) for row in read]

    @property
    def _form(self) -> tuple[Extent, str, str, str]:
        return Extent(self.channel.extent), self.kind, self.locale, _mark(self.phrase)

    @property
    def _values(self) -> dict[str, Any]:
        phrase = {_mark(self.phrase): self.phrase}
        return {"channel": self.channel.pk, "now": self.now, **phrase}


def _told(found: Found, kind: str) -> Ranked:
    ids = found.ids[:DEEPEST_RANKED]
    count = DEEPEST_RANKED if found.is_capped else len(ids)
    return Ranked([(kind, id) for id in ids], count, found.is_capped)


def _mark(phrase: str) -> str:
    """The name of the mark that stands for any phrase which is read as this one is."""
    return "quoted" if is_exact(phrase) else "value"


@cache
def _of_few(extent: Extent, kind: str, locale: str, mark: str) -> Prepared:
    return best.of_few(kind, locale, marked_channel(extent), MARKS["now"], mark)


@cache
def _of_any(extent: Extent, kind: str, locale: str, mark: str) -> Anew:
    placements, _, _, channel = _marked(extent, kind, locale, mark)
    return best.of_any(placements, kind, locale, channel, mark)


@cache
def _ranking(extent: Extent, kind: str, locale: str, mark: str) -> Compiled:
    return Compiled(ranking.found(*_marked(extent, kind, locale, mark)))


@cache
def _reading(
    extent: Extent, kind: str, locale: str, mark: str, is_full: bool
) -> Prepared:
    placements, _, locales, channel = _marked(extent, kind, locale, mark)
    shown = highlighted(placements.order_by(), AskedOnce, locales, channel)
    known = Compiled(selected_columns(shown, channel, is_full=is_full, also=RESULT))
    sql = f"WITH {asked_once(mark, locale)} {known.sql}{NAMED}"
    return Prepared(sql, known.constants)


def _marked(
    extent: Extent, kind: str, locale: str, mark: str
) -> tuple[PlacementQuerySet, str, Sequence[str], Channel]:
    channel = marked_channel(extent)
    shown = on_channel(channel, [kind], locale, MARKS["now"])
    return shown, MARKS[mark], [locale], channel
