"""The collections of the API: what each is made of, filtered by and ordered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rest_framework.serializers import Serializer

from api.documents.serializers.articles import (
    ArticlePlaced,
    ArticleSerializer,
    ArticleSummary,
)
from api.documents.serializers.authors import AuthorSerializer, AuthorSummary
from api.documents.serializers.awards import (
    AffiliationSerializer,
    AffiliationSummary,
    AwardSerializer,
    AwardSummary,
)
from api.documents.serializers.base import IdentitySerializer, PlacedSerializer
from api.documents.serializers.locations import LocationSerializer, LocationSummary
from api.documents.serializers.references import (
    ReferenceSerializer,
    ReferenceSummary,
)
from api.documents.serializers.site import PracticeSerializer, PracticeSummary
from api.documents.serializers.taxonomy import (
    CategorySerializer,
    CategorySummary,
    TagSerializer,
    TagSummary,
)

BY_NAME = {"name": "sort_key", "updated_at": "document__updated_at"}
BY_YEAR = {
    "year": "sort_key",
    "name": "document__title_sort",
    "updated_at": "document__updated_at",
}
HIGHLIGHT = {
    "type": "string",
    "description": (
        "With `q`: where the words were found, as HTML: escaped text with `<mark>`. "
        "Without a mark where only a keyword matched, such as an author's name."
    ),
}
DISTANCE_KM = {
    "type": "number",
    "minimum": 0,
    "description": "With `near`: how far away it is, in a straight line.",
}
IS_FALLBACK = {
    "type": "boolean",
    "description": (
        "With `fallback`: whether it stands in for a translation that there is not."
    ),
}


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of document, as the API shows it."""

    kind: str
    plural: str
    full: type[Serializer]
    summary: type[Serializer]
    placed: type[Serializer] = PlacedSerializer
    # What is not translated is the same in every language.
    is_translated: bool = True
    is_searched: bool = False
    # Whether it can be asked what it said on another day.
    has_past: bool = False
    # Whether it has coordinates and hours.
    is_placed: bool = False
    # What its lists can count beside their results.
    facets: Sequence[str] = ()
    filters: Sequence[str] = ()
    # Name on the wire to what is compared; `default_order` is one range of one index.
    orders: Mapping[str, str] = field(default_factory=lambda: BY_NAME)
    default_order: str = "name"

    @property
    def name(self) -> str:
        """The name of its schema: `Article`."""
        return self.kind.capitalize()

    def members(self) -> frozenset[str]:
        """The names of the full document's members."""
        return _members(self.full, self.placed)

    @property
    def found_members(self) -> dict[str, dict[str, Any]]:
        """What a result of a list may have besides: only where it was asked for."""
        members: dict[str, dict[str, Any]] = {}
        if self.is_searched:
            members["highlight"] = HIGHLIGHT
        if self.is_placed:
            members["distance_km"] = DISTANCE_KM
        if self.is_translated:
            members["is_fallback"] = IS_FALLBACK
        return members

    def summary_members(self) -> frozenset[str]:
        return _members(self.summary, self.placed)


@cache
def _members(*serializers: type[Serializer]) -> frozenset[str]:
    # Making a serializer copies each of its fields: once per process is enough.
    return frozenset(str(name) for one in serializers for name in one().fields)


COLLECTIONS: tuple[Shape, ...] = (
    Shape(
        "article",
        "articles",
        ArticleSerializer,
        ArticleSummary,
        ArticlePlaced,
        is_searched=True,
        has_past=True,
        facets=("category", "tag", "author", "location", "year"),
        filters=("category", "tag", "author", "location", "reference"),
        orders={
            "published_at": "sort_key",
            "updated_at": "document__updated_at",
            "title": "document__title_sort",
        },
        default_order="-published_at",
    ),
    Shape(
        "author",
        "authors",
        AuthorSerializer,
        AuthorSummary,
        is_searched=True,
        filters=("location",),
    ),
    Shape(
        "reference",
        "references",
        ReferenceSerializer,
        ReferenceSummary,
        is_translated=False,
        orders=BY_YEAR,
        default_order="-year",
    ),
    Shape(
        "location",
        "locations",
        LocationSerializer,
        LocationSummary,
        is_searched=True,
        is_placed=True,
    ),
    Shape(
        "award",
        "awards",
        AwardSerializer,
        AwardSummary,
        orders=BY_YEAR,
        default_order="-year",
    ),
    Shape("affiliation", "affiliations", AffiliationSerializer, AffiliationSummary),
    Shape("category", "categories", CategorySerializer, CategorySummary),
    Shape("tag", "tags", TagSerializer, TagSummary, is_translated=False),
    # Nothing publishes these two yet, so their lists are empty.
    Shape("form", "forms", IdentitySerializer, IdentitySerializer),
    Shape("redirect", "redirects", IdentitySerializer, IdentitySerializer),
)

PRACTICE = Shape(
    "practice",
    "practice",
    PracticeSerializer,
    PracticeSummary,
    is_translated=False,
)
