"""What filters and orders make of a list."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from api.documents.reading import Channel, PlacementQuerySet
from api.pagination import Place
from api.parameters import Asked
from api.problems import InvalidParameter

from .filters import FILTERS, languages_of
from .kinds import Shape
from .places import DISTANCE_KM, measured, minute_of, open_at, within
from .search import matching


def narrowed(
    placements: PlacementQuerySet, asked: Asked, now: datetime
) -> PlacementQuerySet:
    """Those that everything holds of that is asked for, but for the words of a search.

    Raises InvalidParameter for what makes sense only together.
    """
    placements = placements.filter(_facets(asked), _moments(asked))
    if asked.get("near"):
        placements = measured(placements, asked["near"])
        if asked["radius_km"] is not None:
            placements = within(placements, asked["near"], asked["radius_km"])
    elif asked.get("radius_km") is not None:
        detail = "radius_km needs near, the point that it is around."
        raise InvalidParameter.of("radius_km", detail)
    if asked.get("open_at"):
        placements = open_at(placements, minute_of(asked["open_at"], now))
    return placements


def found(
    placements: PlacementQuerySet, asked: Asked, shape: Shape, channel: Channel
) -> PlacementQuerySet:
    """Those that have the words of a search, if there is one."""
    if not asked.get("q"):
        return placements
    return matching(placements, asked["q"], languages_of(shape, asked), channel)


def order_of(asked: Asked, shape: Shape) -> tuple[str, str]:
    """The column that a list is sorted by, and `-` if it descends."""
    order: str = asked.get("order") or shape.default_order
    sign = "-" if order.startswith("-") else ""
    return shape.orders[order.removeprefix("-")], sign


def ordered(
    placements: PlacementQuerySet, asked: Asked, shape: Shape
) -> PlacementQuerySet:
    """As it is asked for; else by distance, and anything else as it comes."""
    if asked.get("order"):
        column, sign = order_of(asked, shape)
        return placements.order_by(f"{sign}{column}", f"{sign}document_id")
    if asked.get("near"):
        return placements.order_by(DISTANCE_KM, "document_id")
    return placements


def behind(
    placements: PlacementQuerySet, place: Place, asked: Asked, shape: Shape
) -> PlacementQuerySet:
    """Those that come after `place` in their order."""
    column, sign = order_of(asked, shape)
    past = "lt" if sign else "gt"
    is_behind = Q(**{f"{column}__{past}": place.value})
    is_behind |= Q(**{column: place.value, f"document_id__{past}": place.id})
    # What the second line says already, an index understands only so.
    return placements.filter(is_behind, **{f"{column}__{past}e": place.value})


def _facets(asked: Asked) -> Q:
    holds = Q()
    for name in FILTERS:
        for wanted, is_with in (
            (asked.get(name), True),
            (asked.get(f"not_{name}"), False),
        ):
            if wanted:
                facets = [f"{name}:{value}" for value in wanted]
                has_any = Q(document__facets__overlap=facets)
                holds &= has_any if is_with else ~has_any
    return holds


def _moments(asked: Asked) -> Q:
    holds = Q()
    for name, column in (
        ("updated_since", "changed_at__gte"),
        ("published_after", "document__published_at__gte"),
        ("published_before", "document__published_at__lt"),
    ):
        if asked.get(name) is not None:
            holds &= Q(**{column: asked[name]})
    return holds
