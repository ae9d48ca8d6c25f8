"""In which order the matches of a search come.

Titles, summaries and keywords are ranked; bodies only find, behind all of those.
Ranking reads the words of every match, so of a word that is everywhere only the newest
matches are ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from sys import intern
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from api.documents.reading import (
    NEWEST_FIRST,
    Channel,
    PlacementQuerySet,
)
from api.pagination import DEEPEST_RANKED

from .search import by_locale, is_below, matches, query, words

# Of bodies: less than of any match at the top, which has 0 where it matches by words
# that are not there.
BEHIND = -1.0


@dataclass(frozen=True)
class Ranked:
    """The matches in their order, how many are told, and whether there are more."""

    # Type and id of the document: of all that are told, or of the first.
    matches: list[tuple[str, str]]
    count: int
    is_capped: bool

    @property
    def ids(self) -> list[str]:
        return [id for _, id in self.matches]

    def reaches(self, end: int) -> bool:
        """Whether the first `end` of all that are told are there."""
        return len(self.matches) >= min(end, self.count)


def ranked(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> Ranked:
    """The best match first, and of equal ones the first in the order of their kind.

    One statement. Ranks at most as many as are told, twice that with the bodies.
    """
    return in_order(list(found(placements, phrase, locales, channel)))


def found(
    placements: PlacementQuerySet,
    phrase: str,
    locales: Sequence[str],
    channel: Channel,
) -> QuerySet[Any, Any]:
    """What `in_order` puts in order: no more than that."""
    some = DEEPEST_RANKED + 1
    wanted = partial(query, phrase)
    at_the_top = matches("document__search", wanted, locales)
    newest = placements.filter(at_the_top)[:some].values("pk")
    ranks = by_locale(
        locales, lambda locale: rank(words(phrase, locale), wanted(locale))
    )
    # The cap comes before the ranking, so that no more is ranked.
    top = placements.filter(pk__in=newest).annotate(rank=ranks).order_by()
    deep = placements.filter(is_below(wanted, locales, channel))
    # As text, in which ids have the same order.
    columns = ("type", "sort_key", Cast("document_id", TextField()), "rank")
    return top.values_list(*columns).union(
        deep.annotate(rank=Value(BEHIND)).values_list(*columns)[:some], all=True
    )


def rank(
    whole: SearchQuery, wanted: SearchQuery, column: str = "document__search"
) -> Any:
    """How well title, summary and keywords match: `whole` words count twice."""
    searched = F(column)
    return SearchRank(searched, whole) + SearchRank(searched, wanted)


def in_order(found: Sequence[tuple[Any, ...]]) -> Ranked:
    """The rows of `found`, the best first."""
    by_kind = sorted(found, key=lambda row: row[1:3])
    newest_first = [row for row in reversed(by_kind) if row[0] in NEWEST_FIRST]
    by_name = [row for row in by_kind if row[0] not in NEWEST_FIRST]
    best_first = sorted([*newest_first, *by_name], key=lambda row: -row[3])
    # One text for each kind, since these are kept.
    told = [(intern(row[0]), row[2]) for row in best_first[:DEEPEST_RANKED]]
    return Ranked(told, len(told), len(found) > DEEPEST_RANKED)
