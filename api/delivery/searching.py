"""`/api/v1/search/`: the best matches across types, for a site's search box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api import pagination, parameters
from api.documents import reading
from api.documents.reading import PlacementQuerySet, Standing
from api.doors import Component, Door
from api.pagination import Page, absolute
from api.parameters import Asked, Parameter
from api.problems import InvalidParameter

from . import counts, filters, ranking, search
from .answers import json_response, of_channel, summary
from .results import in_order, with_found


class Search(Door):
    operation = "search"
    title = "What the channel shows of these words, across types."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_search()

    def answer_schema(self, component: Component) -> dict[str, Any]:
        results = {"anyOf": [summary(one, component) for one in filters.SEARCHED]}
        flat = pagination.schema(results, {"count_is_capped": pagination.CAPPED})
        return {"anyOf": [flat, _grouped_schema(results)]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        if asked["grouped"] and asked["offset"]:
            detail = "Groups show their best results only; leave offset or grouped out."
            raise InvalidParameter.of("offset", detail)

        def build(standing: Standing, now: datetime) -> HttpResponse:
            found = _found(asked, standing, now)
            if asked["grouped"]:
                return json_response(found.grouped())
            return json_response(*found.flat(absolute(request)))

        return of_channel(request, asked, _types(asked), build)


def _types(asked: Asked) -> Sequence[str]:
    return asked["types"] or [shape.kind for shape in filters.SEARCHED]


def _found(asked: Asked, standing: Standing, now: datetime) -> _Found:
    types = _types(asked)
    languages = filters.languages_of(filters.SEARCHED[0], asked)
    stand_in = filters.stand_in_of(asked)
    shown = reading.on_channel(standing.channel, types, languages[0], now, stand_in)
    words = (asked["q"], languages, standing.channel)
    ranked = counts.rankings.once(
        counts.key_of(standing, Search.operation, asked, now),
        lambda: ranking.ranked(shown, *words),
    )
    wanted = partial(search.query, asked["q"])
    placements = search.highlighted(shown, wanted, languages, standing.channel)
    return _Found(asked, standing, tuple(types), ranked, placements, now)


@dataclass(frozen=True)
class _Found:
    """What matches, and how to read any of it."""

    asked: Asked
    standing: Standing
    types: Sequence[str]
    ranked: ranking.Ranked
    placements: PlacementQuerySet
    now: datetime

    def flat(self, url: str) -> tuple[str, str]:
        """One page of all matches, and its `Link` header."""
        start, limit = self.asked["offset"], self.asked["limit"]
        count, is_capped = self.ranked.count, self.ranked.is_capped
        page = Page(url, self.asked, count, is_capped=is_capped)
        ids = self.ranked.ids[start : start + limit]
        return page.text(self._texts(ids).values()), page.link_header()

    def grouped(self) -> str:
        """The best of each type, the type with the best match first, none left out."""
        ids_of: dict[str, list[str]] = {}
        for type, id in self.ranked.matches:
            ids_of.setdefault(type, []).append(id)
        ids_of |= {type: [] for type in self.types if type not in ids_of}
        limit = self.asked["limit"]
        texts = self._texts([id for ids in ids_of.values() for id in ids[:limit]])
        groups = [
            f'{{"type":"{type}","count":{len(ids)},"results":'
            f"[{','.join(texts[id] for id in ids[:limit] if id in texts)}]}}"
            for type, ids in ids_of.items()
        ]
        is_capped = str(self.ranked.is_capped).lower()
        return (
            f'{{"count":{self.ranked.count},"count_is_capped":{is_capped},'
            f'"groups":[{",".join(groups)}]}}'
        )

    def _texts(self, ids: list[str]) -> dict[str, str]:
        rows = reading.rows(
            self.placements.filter(document__in=map(UUID, ids)),
            self.standing.channel,
            self.now,
            is_full=False,
            also=("document_id", "locale", search.FOUND),
        )
        return {
            str(row.values["document_id"]): with_found(row.text, row, self.asked)
            for row in in_order(rows, ids)
        }


def _grouped_schema(results: dict[str, Any]) -> dict[str, Any]:
    group = {
        "type": "object",
        "required": ["type", "count", "results"],
        "properties": {
            "type": {"type": "string", "description": "Of all in this group."},
            "count": {"type": "integer", "description": "How many match."},
            "results": {
                "type": "array",
                "description": "The best of them, at most `limit`.",
                "items": results,
            },
        },
    }
    return {
        "type": "object",
        "required": ["count", "count_is_capped", "groups"],
        "properties": {
            "count": {"type": "integer", "description": "Of all groups."},
            "count_is_capped": pagination.CAPPED,
            "groups": {
                "type": "array",
                "description": "With `grouped`: by type, the one with the best match "
                "first.",
                "items": group,
            },
        },
    }
