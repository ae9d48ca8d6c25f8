"""The OpenAPI 3.1 document, made from what the doors declare and the serializers say.

`manage.py spectacular --urlconf api.urls` writes the same bytes to a file.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import (
    ComponentRegistry,
    ResolvedComponent,
    get_doc,
)
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.serializers import Serializer

from api import conditional, parameters, problems
from api.doors import Door
from api.parameters import Parameter
from api.problems import Problem

URLCONF = "api.urls"
SLUG_OR_ID = {
    "in": "path",
    "name": "slug_or_id",
    "required": True,
    "schema": {"type": "string", "pattern": r"^[-\w]{1,120}$"},
    "description": "The slug, or the id.",
}
CHANNEL = {
    "in": "path",
    "name": "channel",
    "required": True,
    "schema": {"type": "string", "pattern": r"^[-a-zA-Z0-9_]{1,60}$"},
    "description": "The slug of an open channel.",
}
HEADERS = {
    "Cache-Control": "That browsers ask again each time; a 304 costs little.",
    "CDN-Cache-Control": "How many seconds an edge may keep it (RFC 9213).",
    "Cache-Tag": "The keys by which an edge may be told to forget it; the same in "
    "`Cache-Groups` (RFC 9875) and `Surrogate-Key`.",
    "ETag": "Changes with every byte of the answer.",
    "Last-Modified": "When the channel, or the document on it, changed last.",
    "Link": "Neighbouring pages, the canonical address, other forms (RFC 8288).",
    "Memento-Datetime": "With `as_of`: since when the document was what is shown "
    "(RFC 7089). Without it, it is the document of today.",
    "RateLimit-Policy": 'How much may be asked: `"open";q=1200;w=60` is 1,200 requests '
    "in 60 seconds.",
    "X-Request-ID": "As it was sent, or a new one; name it when you report a problem.",
}


class DoorSchema(AutoSchema):
    """One operation of the document, from what its door declares."""

    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: ComponentRegistry,
    ) -> dict[str, Any]:
        self.registry = registry
        self.path = path
        self.method = method
        door = cast(Door, self.view)
        described = [_parameter(one) for one in door.parameters]
        if "{slug_or_id}" in path:
            described.insert(0, SLUG_OR_ID)
        if "{channel}" in path:
            described.insert(0, CHANNEL)
        return {
            "operationId": door.operation,
            "summary": door.title,
            "tags": [_tag(path)],
            "parameters": described,
            # With a key, or without one for open channels.
            "security": [{}, {"key": []}] if door.takes_keys else [{}],
            "responses": self._responses(door),
        }

    def component(
        self,
        name: str,
        serializers: Sequence[type[Serializer]],
        is_partial: bool = False,
        optional: Mapping[str, dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """A reference to the schema `name`; see `api.doors.Component`."""
        parts = [self._map_serializer(one(), "response") for one in serializers]
        properties = {
            member: _without_direction(schema)
            for part in parts
            for member, schema in part["properties"].items()
        }
        schema: dict[str, Any] = {
            "type": "object",
            "description": get_doc(serializers[0]),
            "properties": properties,
        }
        if not is_partial:
            schema["required"] = sorted(properties)
        properties.update(optional or {})
        return self._registered(name, schema)

    def _responses(self, door: Door) -> dict[str, Any]:
        problem = {"$ref": "#/components/schemas/Problem"}
        self._registered("Problem", problems.SCHEMA)
        answers = door.answer_schemas(self.component)
        responses: dict[str, Any] = {
            "200": {
                "description": door.title,
                "headers": {
                    name: {"description": meaning, "schema": {"type": "string"}}
                    for name, meaning in HEADERS.items()
                },
                "content": {
                    media_type: {"schema": schema}
                    for media_type, schema in answers.items()
                },
            },
            "304": {"description": "The client has this very answer already."},
        }
        if door.moves:
            responses["301"] = {
                "description": "It has another slug.",
                "headers": {
                    "Location": {
                        "description": "Its address of today, with the same query.",
                        "schema": {"type": "string", "format": "uri"},
                    }
                },
            }
        known: tuple[type[Problem], ...] = (
            problems.InvalidParameter,
            *((problems.Unauthorized, problems.Suspended) if door.takes_keys else ()),
            problems.NotAcceptable,
            problems.AddressTooLong,
            problems.TooManyRequests,
            *door.refusals,
        )
        told = {str(kind.status): kind.title for kind in known}
        told["default"] = "Anything else that went wrong."
        for status, title in sorted(told.items()):
            responses[status] = {
                "description": title,
                "content": {problems.CONTENT_TYPE: {"schema": problem}},
            }
        return responses

    def _registered(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        component = ResolvedComponent(
            name=name,
            type=ResolvedComponent.SCHEMA,
            object=name,
            # What ends the making of a document writes into what it finds.
            schema=deepcopy(schema),
        )
        self.registry.register_on_missing(component)
        return component.ref


class Description(Door):
    """`GET /api/v1/openapi.json`."""

    # It does not describe itself.
    schema = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parameters.read(request, self.parameters)
        return conditional.unchanging(request, text(), timezone.now())


# While drf-spectacular makes a document it keeps what it has seen where all threads
# find it; and `cache` would have all that come first make one.
_making = threading.Lock()


def text() -> str:
    """The document, as it is served and as it is committed."""
    with _making:
        return _text()


@cache
def _text() -> str:
    document = SchemaGenerator(urlconf=URLCONF).get_schema(request=None, public=True)
    return OpenApiJsonRenderer().render(document, renderer_context={}).decode()


def _tag(path: str) -> str:
    """What generated clients group operations by: the collection, in all its forms."""
    return re.split("[/.]", path.removeprefix("/api/v1").strip("/"))[0] or "index"


def _without_direction(schema: dict[str, Any]) -> dict[str, Any]:
    # All of this API is read-only, so saying it of single members tells nothing.
    return {name: value for name, value in schema.items() if name != "readOnly"}


def _parameter(one: Parameter) -> dict[str, Any]:
    # Generated clients send a default themselves, so one is named only where it means
    # the same as silence: an id needs no locale, a search has an order of its own.
    schema = dict(one.schema)
    if schema.get("default") != one.default:
        schema.pop("default", None)
    described: dict[str, Any] = {
        "in": "query",
        "name": one.name,
        "schema": schema,
        "description": one.description,
    }
    if one.is_list:
        # Joined by commas, as documented; repeating the name is understood as well.
        described |= {"style": "form", "explode": False}
    if one.is_required:
        described["required"] = True
    return described
