"""`/api/v1/articles/{slug}/versions/`: what it said before, and why it was changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from rest_framework import serializers

from api import conditional, pagination
from api.conditional import Validators, etag_of
from api.documents import past
from api.documents.lookup import Found
from api.documents.past import Span
from api.documents.reading import Standing
from api.doors import Component
from api.pagination import Page, absolute
from api.parameters import Asked, Parameter

from . import filters
from .answers import (
    FORM,
    dumped,
    json_response,
    lifetime_of,
)
from .of_article import OfArticle


class VersionSerializer(serializers.Serializer[Span]):
    """A time in which the channel showed one version of the article."""

    version = serializers.IntegerField(
        help_text="Its number. One that came back after it was gone is there twice."
    )
    shown_from = serializers.DateTimeField(
        source="since", help_text="Since when the channel showed it."
    )
    shown_until = serializers.DateTimeField(
        source="until",
        allow_null=True,
        help_text="When it was replaced or taken down; null while it is shown.",
    )
    change_note = serializers.CharField(
        help_text="What was changed with it, in the editor's words; may be empty."
    )
    significance = serializers.CharField(
        help_text="`major` where readers should be told of the change, else `minor`."
    )
    url = serializers.URLField(help_text="What the article was then: see `as_of`.")


class Versions(OfArticle):
    operation = "list_article_versions"
    title = "The versions of the article that the channel showed, the newest first."

    @property
    def parameters(self) -> Sequence[Parameter]:
        return filters.of_versions(self.shape)

    def answer_schema(self, component: Component) -> dict[str, Any]:
        return pagination.schema(component("ArticleVersion", [VersionSerializer]))

    def answer(
        self, request: HttpRequest, asked: Asked, standing: Standing, found: Found
    ) -> HttpResponse:
        spans = past.spans(found)

        def build() -> HttpResponse:
            first: int = asked["offset"] or 0
            page = Page(absolute(request), asked, len(spans))
            results = [
                dumped(_members(request, asked, span))
                for span in spans[first : first + asked["limit"]]
            ]
            return json_response(page.text(results), page.link_header())

        # As of a document of the past, no date says when this becomes another one.
        etag = etag_of(FORM, absolute(request), asked.given, spans)
        keys = [*standing.keys(), found.key]
        lifetime = lifetime_of(standing, found.now).at_most(found.ends_at, found.now)
        validators = Validators(etag, None)
        return conditional.answer(request, validators, lifetime, found.now, build, keys)


def _members(request: HttpRequest, asked: Asked, span: Span) -> dict[str, Any]:
    since = _text(span.since)
    document = absolute(request).removesuffix("versions/")
    query = asked.query(limit=None, offset=None)
    joint = f"{query}&" if query else ""
    return {
        "version": span.version,
        "shown_from": since,
        "shown_until": span.until and _text(span.until),
        "change_note": span.change_note,
        "significance": span.significance,
        "url": f"{document}?{joint}as_of={quote(since)}",
    }


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
