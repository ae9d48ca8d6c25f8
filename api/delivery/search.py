"""Full-text search within a list."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from api.documents.reading import PlacementQuerySet, search_configuration


def matching(
    placements: PlacementQuerySet, phrase: str, locale: str
) -> PlacementQuerySet:
    """Those that have the words of `phrase`, whether at the top or in the body."""
    query = _query(phrase, locale)
    return placements.filter(Q(document__search=query) | Q(document__body_search=query))


def rank(phrase: str, locale: str) -> SearchRank:
    """How well title, summary and the like match; the body finds, but does not rank.

    Ranking it would mean reading the body of every hit.
    """
    return SearchRank(F("document__search"), _query(phrase, locale))


def _query(phrase: str, locale: str) -> SearchQuery:
    configuration = search_configuration(locale)
    return SearchQuery(phrase, config=configuration, search_type="websearch")
