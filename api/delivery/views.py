"""`/api/v1/`: its index, the collections, their documents, the practice.

Each view reads the parameters, then who is asking for what, then what the clock says,
and only then compares validators or builds an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from api import conditional, pagination, parameters
from api.conditional import Validators, etag_of
from api.documents import reading
from api.documents.reading import Found, Moved, PlacementQuerySet, Standing
from api.doors import Component, Door
from api.pagination import Page, absolute
from api.parameters import Asked, Parameter
from api.problems import BeingRenewed, Gone, NotFound

from . import filters
from .answers import (
    counted,
    dumped,
    json_response,
    lifetime_of,
    moment_of,
    moved,
    refuse,
    selected,
    selection,
    standing_of,
)
from .kinds import COLLECTIONS, Shape

# Part of every ETag: raise it when the text around stored documents changes.
FORM = 1


class Index(Door):
    operation = "get_index"
    title = "What there is to read, and where."

    def answer_schema(self, component: Component) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        names = [shape.plural for shape in COLLECTIONS]
        return {
            "type": "object",
            "required": ["version", "collections", *INDEX_LINKS],
            "properties": {
                "version": {"type": "string", "description": "Always `v1`."},
                "collections": {
                    "type": "object",
                    "description": "The lists that there are, by name.",
                    "required": names,
                    "properties": {
                        name: {
                            "type": "string",
                            "format": "uri",
                            "description": f"The address of the list of {name}.",
                        }
                        for name in names
                    },
                },
                **{
                    name: {**link, "description": meaning}
                    for name, meaning in INDEX_LINKS.items()
                },
            },
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parameters.read(request, self.parameters)
        here = absolute(request)
        openapi = f"{here}openapi.json"
        text = dumped(
            {
                "version": "v1",
                "collections": {
                    shape.plural: f"{here}{shape.plural}/" for shape in COLLECTIONS
                },
                **dict.fromkeys(INDEX_LINKS),
                "practice": f"{here}practice/",
                "openapi": openapi,
            }
        )
        response = conditional.unchanging(request, text, timezone.now())
        response["Link"] = f'<{openapi}>; rel="service-desc"'
        return response


INDEX_LINKS = {
    "practice": "The clinic network itself.",
    "openapi": "This API, described in OpenAPI 3.1.",
    "documentation": "The same for people.",
    "terms": "Under which terms content may be carried on.",
    "changes": "The change feed.",
}


class Collection(Door):
    """The documents of one kind that the channel shows."""

    shape: Shape = COLLECTIONS[0]

    @property
    def operation(self) -> str:
        return f"list_{self.shape.plural}"

    @property
    def title(self) -> str:
        return f"The {self.shape.plural} that the channel shows."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_list(self.shape)

    def answer_schema(self, component: Component) -> dict[str, Any]:
        shape = self.shape
        parts = [shape.summary, shape.placed]
        summary = component(f"{shape.name}Summary", parts)
        return pagination.schema({"anyOf": [summary, selection(shape, component)]})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        # The head before the page: a change in between gives a newer page an older
        # tag, which costs a client one request, and never the other way round.
        standing = standing_of(asked)
        now = moment_of(standing)
        url = absolute(request)
        etag = etag_of(FORM, url, asked.given, standing.channel.pk, standing.sequence)

        def build() -> HttpResponse:
            return self._page(url, asked, standing, now)

        validators = Validators(etag, standing.changed_at)
        return conditional.answer(
            request, validators, lifetime_of(standing, now), now, build
        )

    def _page(
        self, url: str, asked: Asked, standing: Standing, now: datetime
    ) -> HttpResponse:
        locale = filters.language_of(self.shape, asked) or settings.LANGUAGE_CODE
        placements = filters.narrowed(
            reading.on_channel(standing.channel, self.shape.kind, locale, now),
            asked,
            locale,
        )
        texts = self._texts(
            filters.ordered(placements, asked, self.shape, locale), asked
        )
        if standing.is_settled_at(now) and not filters.is_narrowed(asked):
            count = standing.count(self.shape.kind, locale)
        else:
            count = counted(placements, asked, len(texts))
        page = Page(url, asked, count)
        response = json_response(page.text(texts))
        if page.link_header():
            response["Link"] = page.link_header()
        return response

    def _texts(self, in_order: PlacementQuerySet, asked: Asked) -> list[str]:
        wanted: tuple[str, ...] = asked["fields"]
        start: int = asked["offset"]
        page = in_order[start : start + asked["limit"]]
        is_full = filters.needs_full(self.shape, wanted)
        return [selected(text, wanted) for text in reading.texts(page, is_full=is_full)]


class Detail(Door):
    """One document that the channel shows."""

    shape: Shape = COLLECTIONS[0]
    refusals: ClassVar = (NotFound, Gone, BeingRenewed)
    moves = True

    @property
    def operation(self) -> str:
        return f"get_{self.shape.kind}"

    @property
    def title(self) -> str:
        return f"One {self.shape.kind} that the channel shows, in full."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_detail(self.shape)

    def answer_schema(self, component: Component) -> dict[str, Any]:
        shape = self.shape
        full = component(shape.name, [shape.full, shape.placed])
        return {"anyOf": [full, selection(shape, component)]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        standing = standing_of(asked)
        now = moment_of(standing)
        lifetime = lifetime_of(standing, now)
        slug_or_id: str = kwargs["slug_or_id"]
        found = reading.look_up(
            standing.channel,
            self.shape.kind,
            filters.language_of(self.shape, asked),
            slug_or_id,
            now,
        )
        if isinstance(found, Moved):
            return moved(request, asked, slug_or_id, found, lifetime)
        if not isinstance(found, Found):
            refuse(found, lifetime)
        wanted: tuple[str, ...] = asked["fields"]
        etag = etag_of(FORM, found.placement.etag, *wanted)

        def build() -> HttpResponse:
            response = json_response(selected(reading.text_of(found), wanted))
            if found.document.canonical_url:
                canonical = iri_to_uri(found.document.canonical_url)
                response["Link"] = f'<{canonical}>; rel="canonical"'
            return response

        validators = Validators(etag, found.placement.changed_at)
        return conditional.answer(request, validators, lifetime, now, build)
