"""What lists are filtered by: how often each value is in one, and what shares any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, IntegerField

from api.channels.models import Channel

from .carrying import shown_on
from .models import PlacementQuerySet

# Beyond it nobody chooses from a list.
MOST = 100
# How many articles are compared with one to find those that share most with it.
WEIGHED = 500


class FacetCount(TypedDict):
    """One value of a facet: its slug, what readers call it, and how many have it."""

    value: str
    name: str
    count: int


def counted(
    placements: PlacementQuerySet,
    names: Sequence[str],
    channel: Channel,
    locale: str,
    now: datetime,
) -> dict[str, list[FacetCount]]:
    """The values of each facet of `names` within `placements`, most frequent first.

    One statement. `MOST` values of each at the most; equal ones by their slug. The name
    is that of the document which `channel` shows under the slug, in `locale` if there
    is one; else the slug itself.
    """
    named = shown_on(channel, now)
    labels, label_parameters = named.values_list(
        "type", "document__slug", "locale", "document__summary_json"
    ).query.sql_with_params()
    counts: dict[str, list[FacetCount]] = {name: [] for name in names}
    shown = placements.order_by().values_list("document__facets")
    try:
        matched, parameters = shown.query.sql_with_params()
    except EmptyResultSet:
        # Django knows without asking: a search that found nothing names no keys.
        return counts
    statement = _COUNTED.format(matched=matched, labels=labels)
    known = [*parameters, list(names), *label_parameters, locale, MOST]
    with connection.cursor() as cursor:
        cursor.execute(statement, known)
        rows = cursor.fetchall()
    for facet, number, name in rows:
        kind, _, value = facet.partition(":")
        counts[kind].append({"value": value, "name": name or value, "count": number})
    return counts


_COUNTED = """
WITH matched (facets) AS ({matched}),
counted AS (
    SELECT facet, split_part(facet, ':', 1) AS kind, count(*) AS number
    FROM matched, unnest(facets) AS facet
    WHERE split_part(facet, ':', 1) = ANY(%s)
    GROUP BY facet
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY number DESC, facet) AS place
    FROM counted
)
SELECT facet, number, (
    SELECT summary::json ->> 'name'
    FROM ({labels}) AS label (type, slug, locale, summary)
    WHERE label.type = kind AND label.slug = substr(facet, strpos(facet, ':') + 1)
    ORDER BY label.locale = %s DESC, label.locale
    LIMIT 1
)
FROM placed
WHERE place <= %s
ORDER BY place
"""


def sharing(
    placements: PlacementQuerySet, weights: Mapping[str, int]
) -> PlacementQuerySet:
    """Those with a facet of `weights`: the greatest sum first, then the newest.

    Of as many as share anything only the newest are weighed, and the newest of those
    that share what weighs most: a category can be that of every second article.
    """
    heaviest = max(weights.values())
    rare = [facet for facet, weight in weights.items() if weight == heaviest]
    newest = [
        placements.filter(document__facets__overlap=facets).values("pk")[:WEIGHED]
        for facets in (list(weights), rare)
    ]
    return (
        placements.filter(pk__in=newest[0].union(newest[1]))
        .annotate(weight=_Sum(weights))
        .order_by("-weight", "-sort_key", "-document_id")
    )


class _Sum(Func):
    """The weights of the facets that a document has, added up."""

    output_field = IntegerField()

    def __init__(self, weights: Mapping[str, int]) -> None:
        self.weights = weights
        super().__init__(F("document__facets"))

    def as_sql(self, compiler: Any, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        facets, parameters = compiler.compile(self.source_expressions[0])
        # `facets` is a column that Django has quoted.
        statement = (
            "(SELECT sum(weight) FROM unnest(%s::text[], %s::int[]) "  # noqa: S608
            f"AS known (facet, weight) WHERE facet = ANY({facets}))"
        )
        known = [list(self.weights), list(self.weights.values())]
        return statement, [*known, *parameters]
