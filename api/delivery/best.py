"""The best matches of a search among all of one kind: which, and how many there are.

The newest that have the words at the top are ranked, and of others as many as are
missing follow: found in no order, since then they are all there are, or only counted.

A statement of each form says both. Where few documents have the words, making a plan
takes a fifth of the time or more (docs/performance.md), and for words that are
everywhere another plan is several times as fast. So one statement is planned once and
looks at no more than few documents, whatever it is asked for; if these were not all
that it had to look at, the other one is planned anew.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import NamedTuple

from api.documents.reading import (
    NEWEST_FIRST,
    Channel,
    PlacementQuerySet,
    documents_of,
)
from api.documents.statements import MARKS, Anew, Compiled, Prepared

from .ranking import rank
from .search import (
    AskedOnce,
    WordsAskedOnce,
    asked_once,
    is_below,
    matches,
    query,
    words,
)


class Found(NamedTuple):
    """What a statement says."""

    # Ids of documents with commas between them, the best first; None for none.
    top: str | None
    # Those of what comes behind; None also where there are too many to be told.
    others: str | None
    is_capped: bool
    # Whether all was looked at; if not, the rest of it says nothing.
    are_all: bool = True

    @property
    def ids(self) -> list[str]:
        """All of them, the best first."""
        found = ",".join(filter(None, (self.top, self.others)))
        return found.split(",") if found else []


# Where an index finds the newest by their words, all that it found are ranked before
# they are sorted: that costs no more than to carry their words along, and less for few.
# OFFSET 0, and something beside it, have PostgreSQL choose as for all of them, which is
# an index. For some of them it would begin to read the whole table.
_BEST = """
newest (sort_key, id, rank) AS MATERIALIZED (
    {top} LIMIT %(some)s
),
missing (number) AS MATERIALIZED (SELECT {missing} FROM newest),
rest (sort_key, id) AS MATERIALIZED (
    SELECT deep.* FROM ({deep} OFFSET 0) AS deep CROSS JOIN missing
    LIMIT (SELECT number FROM missing)
),
told (is_capped) AS MATERIALIZED (
    SELECT (SELECT count(*) FROM rest) = number FROM missing
)
SELECT (SELECT string_agg(id::text, ',' ORDER BY rank DESC, sort_key {way}, id {way})
        FROM newest),
       (SELECT string_agg(id::text, ',' ORDER BY sort_key {way}, id {way})
        FROM rest WHERE NOT is_capped),
       is_capped
"""
_MISSING = "%(some)s - count(*)"
# `most` documents at most that have the words at the top, and as many of the others,
# which are read only while some are missing. Where there are more at the top, nothing
# else is looked at. Nothing is where no word is needed, as for `-hip`: an index would
# be read from end to end.
_FEW = """
WITH {asked},
wanted (needs_words) AS MATERIALIZED (SELECT querytree(query) <> 'T' FROM asked),
at_the_top AS MATERIALIZED (
    SELECT found.* FROM ({at_the_top}) AS found
    WHERE (SELECT needs_words FROM wanted) LIMIT %(most)s
),
few_at_the_top (are_all) AS MATERIALIZED (
    SELECT needs_words AND (SELECT count(*) FROM at_the_top) < %(most)s FROM wanted
),
below AS MATERIALIZED ({below} LIMIT %(most)s),
"""
_TOP_OF_FEW = """
SELECT sort_key, id, rank FROM at_the_top
WHERE is_shown AND (SELECT are_all FROM few_at_the_top)
ORDER BY sort_key {way}, id {way}
"""
_DEEP_OF_FEW = "SELECT sort_key, id FROM below WHERE is_shown"
_MISSING_OF_FEW = """
CASE WHEN (SELECT are_all FROM few_at_the_top) THEN %(some)s - count(*) ELSE 0 END
"""
_ARE_ALL = """, (SELECT are_all FROM few_at_the_top)
       AND (is_capped OR (SELECT count(*) < %(most)s FROM below))"""


def of_few(
    kind: str, locale: str, channel: Channel, now: datetime, mark: str
) -> Prepared:
    """The statement that looks at no more than `most` documents, planned once.

    Its values are `some`, one more than can be told, `most`, the phrase under the name
    of its `mark`, and what `channel` and `now` stand for. It has one row, a `Found`.
    """
    documents = documents_of(kind, locale, channel, now)
    at_the_top = documents.filter(matches("search", AskedOnce, [locale])).annotate(
        rank=rank(WordsAskedOnce(locale), AskedOnce(locale), "search")
    )
    below = documents.filter(is_below(AskedOnce, [locale], channel, to=""))
    columns = ("id", "sort_key", "is_shown")
    found = Compiled(at_the_top.values_list(*columns, "rank"), "found")
    others = Compiled(below.values_list(*columns), "others")
    few = _FEW.format(
        asked=asked_once(mark, locale), at_the_top=found.sql, below=others.sql
    )
    way = _way(kind)
    best = _BEST.format(
        top=_TOP_OF_FEW.format(way=way),
        missing=_MISSING_OF_FEW,
        deep=_DEEP_OF_FEW,
        way=way,
    )
    constants = found.constants | others.constants
    return Prepared(f"{few}{best}{_ARE_ALL} FROM told", constants)


def of_any(
    placements: PlacementQuerySet, kind: str, locale: str, channel: Channel, mark: str
) -> Anew:
    """The statement that looks at all, planned for its values; they are as above."""
    phrase = MARKS[mark]
    wanted = partial(query, phrase)
    at_the_top = placements.filter(matches("document__search", wanted, [locale]))
    ranked = at_the_top.annotate(rank=rank(words(phrase, locale), wanted(locale)))
    top = Compiled(ranked.values_list("sort_key", "document_id", "rank"), "top")
    below = placements.filter(is_below(wanted, [locale], channel)).order_by()
    deep = Compiled(below.values_list("sort_key", "document_id"), "deep")
    sql = _BEST.format(top=top.sql, missing=_MISSING, deep=deep.sql, way=_way(kind))
    return Anew(f"WITH {sql} FROM told", top.constants | deep.constants)


def _way(kind: str) -> str:
    return "DESC" if kind in NEWEST_FIRST else "ASC"
