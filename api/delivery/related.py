"""`/api/v1/articles/{slug}/related/`: what its reader may want to read next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from api import conditional, pagination
from api.documents import facets, reading
from api.documents.lookup import Found
from api.documents.reading import Standing
from api.doors import Component
from api.pagination import Page, absolute
from api.parameters import Asked, Parameter

from . import filters
from .answers import (
    json_response,
    lifetime_of,
    selected,
    selection,
    summary,
    validators_of,
)
from .of_article import OfArticle

# What two articles have in common, by how much that says of them.
WEIGHTS = {"reference": 8, "category": 4, "tag": 2, "author": 1}


class Related(OfArticle):
    operation = "list_related_articles"
    title = "The articles that share most with this one: references, categories, tags."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_related(self.shape)

    def answer_schema(self, component: Component) -> dict[str, Any]:
        shape = self.shape
        items = {"anyOf": [summary(shape, component), selection(shape, component)]}
        schema = pagination.schema(items)
        schema["properties"]["count"] = {
            "type": "integer",
            "description": "How many are shown: there is one page of them.",
        }
        return schema

    def answer(
        self, request: HttpRequest, asked: Asked, standing: Standing, found: Found
    ) -> HttpResponse:
        def build() -> HttpResponse:
            texts = self._texts(found, asked, standing)
            return json_response(
                Page(absolute(request), asked, len(texts), following="").text(texts)
            )

        validators = validators_of(request, asked, standing)
        lifetime = lifetime_of(standing, found.now)
        keys = standing.keys([self.shape.kind])
        return conditional.answer(request, validators, lifetime, found.now, build, keys)

    def _texts(self, found: Found, asked: Asked, standing: Standing) -> list[str]:
        weights = _weights(found.document.facets)
        if not weights:
            return []
        kinds, locale = [self.shape.kind], found.document.locale
        shown = reading.on_channel(standing.channel, kinds, locale, found.now)
        others = shown.exclude(document=found.document)
        related = facets.sharing(others, weights)[: asked["limit"]]
        is_full = filters.needs_full(self.shape, asked["fields"])
        rows = reading.rows(related, standing.channel, found.now, is_full=is_full)
        return [selected(row.text, asked["fields"]) for row in rows]


def _weights(facets: Sequence[str]) -> dict[str, int]:
    """What each facet says of what shares it; a reference counts by its id alone."""
    parts = {facet: facet.partition(":")[::2] for facet in facets}
    return {
        facet: WEIGHTS[kind]
        for facet, (kind, value) in parts.items()
        if kind in WEIGHTS
        and (kind != "reference" or re.fullmatch(filters.UUID, value))
    }
