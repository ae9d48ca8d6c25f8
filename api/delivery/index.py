"""`/api/v1/`: what there is to read, and where."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api import conditional, parameters
from api.doors import Component, Door
from api.pagination import absolute

from .answers import dumped
from .kinds import COLLECTIONS


class Index(Door):
    operation = "get_index"
    title = "What there is to read, and where."

    def answer_schema(self, component: Component) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["version", "collections", *INDEX_LINKS],
            "properties": {
                "version": {"type": "string", "description": "Of this API."},
                "collections": {
                    "type": "object",
                    "description": "The address of each collection.",
                    "required": [shape.plural for shape in COLLECTIONS],
                    "properties": {
                        shape.plural: {
                            "type": "string",
                            "format": "uri",
                            "description": f"All {shape.plural}.",
                        }
                        for shape in COLLECTIONS
                    },
                },
                **{
                    name: {**link, "description": meaning}
                    for name, (_, meaning) in INDEX_LINKS.items()
                },
            },
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parameters.read(request, self.parameters)
        here = absolute(request)
        collections = {shape.plural: f"{here}{shape.plural}/" for shape in COLLECTIONS}
        links = {
            name: place and urljoin(here, place)
            for name, (place, _) in INDEX_LINKS.items()
        }
        text = dumped({"version": "v1", "collections": collections, **links})
        response = conditional.unchanging(request, text, timezone.now())
        response["Link"] = (
            f'<{links["openapi"]}>; rel="service-desc", '
            f'<{links["documentation"]}>; rel="service-doc"'
        )
        return response


# Where it is, from here; None for what is still to come.
INDEX_LINKS: dict[str, tuple[str | None, str]] = {
    "practice": ("practice/", "The clinic network itself."),
    "search": ("search/", "Search across types."),
    "resolve": ("resolve/", "From a public path to what is there."),
    "geojson": ("locations.geojson", "The locations on a map."),
    "openapi": ("openapi.json", "This API, described in OpenAPI 3.1."),
    "documentation": ("/developers/", "The same for people."),
    "terms": ("/developers/terms/", "Under which terms content may be carried on."),
    "changes": ("sync/", "The change feed."),
}
