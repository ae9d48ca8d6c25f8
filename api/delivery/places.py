"""Where locations are, how far that is, and which of them are open."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any

from django.db.models import F, FloatField, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from api.documents.reading import PlacementQuerySet
from api.parameters import Parameter, decimal_text, moment, number

from .hours import is_open

# The mean radius of the earth. Source: IUGG, GRS 80.
EARTH_KM = 6371.0088
FARTHEST_KM = 20_038
# Distances are told to a metre; coordinates of places are not known better.
DECIMALS = 3
DISTANCE_KM = "distance_km"
LATITUDE = "document__latitude"
LONGITUDE = "document__longitude"

Point = tuple[float, float]

_COORDINATES = re.compile(
    r"(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)", re.A
)
# The same with its bounds, for those who only have the description.
_ON_THE_GLOBE = (
    r"^-?(90(\.0{1,15})?|[0-8]?[0-9](\.[0-9]{1,15})?),"
    r"-?(180(\.0{1,15})?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,15})?)$"
)


def _point(text: str) -> Point:
    found = _COORDINATES.fullmatch(text)
    if found:
        latitude, longitude = float(found[1]), float(found[2])
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
    raise ValueError(
        "near must be latitude,longitude in decimal degrees, such as 40.07,-74.06; "
        f"“{text[:40]}” is not."
    )


NEAR = Parameter(
    "near",
    "latitude,longitude in decimal degrees (WGS 84). Nearest first, each result with "
    "its `distance_km`; places without coordinates are left out.",
    {"type": "string", "pattern": _ON_THE_GLOBE},
    _point,
    show=lambda point: ",".join(map(decimal_text, point)),
)
RADIUS_KM = number(
    "radius_km", 0.1, FARTHEST_KM, "With `near`: only what is at most so far away."
)
OPEN_AT = moment(
    "open_at",
    "Only what is open then, by its own clock and with its holidays; `now` is the "
    "current minute.",
    now=True,
)


def minute_of(asked_at: datetime | str, now: datetime) -> datetime:
    """The moment that `open_at` names."""
    if isinstance(asked_at, datetime):
        return asked_at
    return now.replace(second=0, microsecond=0)


def open_at(placements: PlacementQuerySet, at: datetime) -> PlacementQuerySet:
    """Those that are open at `at`: one statement, which reads all of their hours.

    Python's calendar decides, since a database may not know a time zone that staff
    could choose.
    """
    summaries = placements.order_by().values_list("pk", "document__summary_json")
    is_open_there = [pk for pk, text in summaries if is_open(json.loads(text), at)]
    return placements.filter(pk__in=is_open_there)


def measured(placements: PlacementQuerySet, here: Point) -> PlacementQuerySet:
    """Those with coordinates, each with its `distance_km` from `here`."""
    located = placements.filter(**{f"{LATITUDE}__isnull": False})
    return located.annotate(**{DISTANCE_KM: _distance_km(here)})


def within(
    placements: PlacementQuerySet, here: Point, radius_km: float
) -> PlacementQuerySet:
    """Of what is measured, what is at most `radius_km` away.

    A box of degrees around the circle comes first, as an index knows those.
    """
    is_near = Q(**{f"{DISTANCE_KM}__lte": radius_km})
    return placements.filter(_box(here, radius_km), is_near)


def _distance_km(here: Point) -> Combinable:
    """The great-circle distance, by the haversine formula."""
    latitude, longitude = (Value(degrees, FloatField()) for degrees in here)

    def haversine(angle: Any) -> Any:
        return Power(Sin(Radians(angle) / 2.0), 2.0)

    chord = haversine(F(LATITUDE) - latitude) + Cos(Radians(latitude)) * Cos(
        Radians(F(LATITUDE))
    ) * haversine(F(LONGITUDE) - longitude)
    # Rounding may lead a hair's breadth over 1 on the other side of the earth.
    return ASin(Sqrt(Least(Value(1.0), chord))) * (2 * EARTH_KM)


def _box(here: Point, radius_km: float) -> Q:
    latitude, longitude = here
    # A little more than the circle, so that rounding loses nothing at its edge.
    reach = math.degrees(radius_km / EARTH_KM) * 1.001
    south, north = latitude - reach, latitude + reach
    box = Q(**{f"{LATITUDE}__range": (max(south, -90), min(north, 90))})
    if south <= -90 or north >= 90:
        # A pole is inside: every longitude is.
        return box
    ratio = math.sin(math.radians(reach)) / math.cos(math.radians(latitude))
    width = math.degrees(math.asin(min(1.0, ratio)))
    west, east = longitude - width, longitude + width
    return box & _between(west, east)


def _between(west: float, east: float) -> Q:
    """Longitudes from `west` to `east`, also across the 180th meridian."""
    if west < -180:
        return _between(west + 360, 180) | _between(-180, east)
    if east > 180:
        return _between(west, 180) | _between(-180, east - 360)
    return Q(**{f"{LONGITUDE}__range": (west, east)})
