"""`/api/v1/locations.geojson`: the locations on a map. Source: RFC 7946."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from api import parameters
from api.documents import reading
from api.documents.reading import Standing
from api.doors import Component, Door
from api.negotiation import JSON, preferred
from api.pagination import DEEPEST_RANKED
from api.parameters import Asked, Parameter

from . import filters, narrowing
from .answers import dumped, of_channel, summary
from .kinds import COLLECTIONS
from .places import DISTANCE_KM
from .results import with_found

GEOJSON = "application/geo+json"
MOST = DEEPEST_RANKED


class LocationMap(Door):
    shape = next(shape for shape in COLLECTIONS if shape.is_placed)
    operation = "map_locations"
    title = "The locations as GeoJSON (RFC 7946), at most 1,000 of them."
    media_types = (GEOJSON, JSON)

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_map(self.shape)

    def answer_schema(self, component: Component) -> dict[str, Any]:
        point = {
            "type": ["object", "null"],
            "description": "Null where no coordinates are known.",
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"const": "Point", "description": "As RFC 7946 has it."},
                "coordinates": {
                    "type": "array",
                    "description": "Longitude, latitude: WGS 84, degrees.",
                    "items": {"type": "number"},
                    "minItems": 2,
                    "maxItems": 2,
                },
            },
        }
        feature = {
            "type": "object",
            "required": ["type", "id", "geometry", "properties"],
            "properties": {
                "type": {"const": "Feature", "description": "As RFC 7946 has it."},
                "id": {
                    "type": "string",
                    "format": "uuid",
                    "description": "The location's.",
                },
                "geometry": point,
                "properties": summary(self.shape, component),
            },
        }
        return {
            "type": "object",
            "required": ["type", "count", "count_is_capped", "features"],
            "properties": {
                "type": {
                    "const": "FeatureCollection",
                    "description": "As RFC 7946 has it.",
                },
                "count": {"type": "integer", "description": "How many features."},
                "count_is_capped": {
                    "type": "boolean",
                    "description": "Whether there are more than these.",
                },
                "features": {
                    "type": "array",
                    "description": "The locations.",
                    "items": feature,
                },
            },
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        content_type = preferred(request, self.media_types)

        def build(standing: Standing, now: datetime) -> HttpResponse:
            text = self._text(asked, standing, now)
            return HttpResponse(text, content_type=content_type)

        return of_channel(request, asked, [self.shape.kind], build)

    def _text(self, asked: Asked, standing: Standing, now: datetime) -> str:
        languages = filters.languages_of(self.shape, asked)
        stand_in = filters.stand_in_of(asked)
        kinds = [self.shape.kind]
        shown = reading.on_channel(standing.channel, kinds, languages[0], now, stand_in)
        placements = narrowing.narrowed(shown, asked, now)
        placements = narrowing.found(placements, asked, self.shape, standing.channel)
        placements = narrowing.ordered(placements, asked, self.shape)
        also = ["locale"]
        if asked["near"]:
            also.append(DISTANCE_KM)
        rows = reading.rows(
            placements[: MOST + 1], standing.channel, now, is_full=False, also=also
        )
        features = [_feature(with_found(row.text, row, asked)) for row in rows[:MOST]]
        return dumped(
            {
                "type": "FeatureCollection",
                "count": len(features),
                "count_is_capped": len(rows) > MOST,
                "features": features,
            }
        )


def _feature(text: str) -> dict[str, Any]:
    location = json.loads(text)
    point = [location["longitude"], location["latitude"]]
    geometry = {"type": "Point", "coordinates": point} if None not in point else None
    return {
        "type": "Feature",
        "id": location["id"],
        "geometry": geometry,
        "properties": location,
    }
