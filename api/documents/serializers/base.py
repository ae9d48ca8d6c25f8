"""What all public shapes share, and what a rendering knows while it is under way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.identity import (
    document_id_of,
    key_of,
    locale_of,
    source_of,
    translation_group_of,
)
from api.documents.models import Kind
from api.documents.scene import Scene
from content_models.models import Image, Practice

ContentT = TypeVar("ContentT", bound=models.Model)

COLLECTIONS = {
    Kind.ARTICLE: "articles",
    Kind.AUTHOR: "authors",
    Kind.REFERENCE: "references",
    Kind.LOCATION: "locations",
    Kind.AWARD: "awards",
    Kind.AFFILIATION: "affiliations",
    Kind.CATEGORY: "categories",
    Kind.TAG: "tags",
    Kind.PRACTICE: "practice",
}


def api_url(kind: Kind, slug: str, locale: str) -> str:
    """The absolute address of a document in this API."""
    base = f"{settings.PUBLIC_BASE_URL}/api/v1/{COLLECTIONS[kind]}/"
    address = base if kind == Kind.PRACTICE else f"{base}{slug}/"
    return address if locale == settings.LANGUAGE_CODE else f"{address}?locale={locale}"


@dataclass
class Rendering:
    """One rendering: its scene, and every object that it looks at."""

    scene: Scene
    keys: dict[str, None] = field(default_factory=dict)
    # When something that is shown within expires.
    lapses_at: list[datetime] = field(default_factory=list)

    @property
    def day(self) -> date:
        return self.scene.day

    @property
    def practice(self) -> Practice:
        return self.scene.practice

    def look_at(self, content: models.Model) -> None:
        """Note that the document has to be rendered again when `content` changes."""
        self.keys[key_of(source_of(type(content), content.pk))] = None

    def public(self, contents: Iterable[ContentT]) -> list[ContentT]:
        """Those of `contents` that anyone may see; all of them are looked at."""
        return [content for content in contents if self._shows(content)]

    def image(self, image: Image | None) -> Image | None:
        """`image`, unless it is kept in a private collection."""
        return image if image is not None and self._shows(image) else None

    def _shows(self, content: models.Model) -> bool:
        self.look_at(content)
        is_public = self.scene.is_public(content)
        expires_at = getattr(content, "expire_at", None)
        if is_public and expires_at is not None:
            self.lapses_at.append(expires_at)
        return is_public


class ContentSerializer(serializers.Serializer[Any]):
    """Gives each serializer the rendering that it is part of."""

    @property
    def rendering(self) -> Rendering:
        return self.context["rendering"]

    def part(self, serializer: type[ContentSerializer], content: Any) -> Any:
        """`content` in the shape of `serializer`, within the same rendering."""
        many = isinstance(content, list)
        return serializer(content, many=many, context=self.context).data


class IdentitySerializer(ContentSerializer):
    """What every document starts with."""

    id = serializers.SerializerMethodField()
    translation_group = serializers.SerializerMethodField()
    type = serializers.SerializerMethodField()
    slug = serializers.CharField()
    locale = serializers.SerializerMethodField(help_text="BCP 47")
    canonical_url = serializers.SerializerMethodField()
    # Both are given by publishing: a render is compared without them.
    version = serializers.SerializerMethodField()
    updated_at = serializers.SerializerMethodField()

    kind: Kind

    @extend_schema_field(OpenApiTypes.UUID)
    def get_id(self, content: Any) -> str:
        return str(document_id_of(content))

    @extend_schema_field(OpenApiTypes.UUID)
    def get_translation_group(self, content: Any) -> str:
        return str(translation_group_of(content))

    def get_type(self, content: Any) -> str:
        return self.kind.value

    def get_locale(self, content: Any) -> str:
        return locale_of(content)

    def get_canonical_url(self, content: Any) -> str | None:
        return None

    # Never null once it is published.
    @extend_schema_field(OpenApiTypes.INT)
    def get_version(self, content: Any) -> int | None:
        return None

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_updated_at(self, content: Any) -> str | None:
        return None


class TranslationSerializer(serializers.Serializer[Any]):
    """The same content in another language, where the channel shows it."""

    locale = serializers.CharField(help_text="BCP 47")
    slug = serializers.CharField()
    url = serializers.URLField()


class PlacedSerializer(serializers.Serializer[Any]):
    """The members that differ by channel, added when a document is placed."""

    url = serializers.URLField()
    translations = TranslationSerializer(many=True)


class LinkSerializer(ContentSerializer):
    """A mention of another document: enough to name it and to fetch it."""

    slug = serializers.CharField()
    name = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    kind: Kind

    def get_name(self, content: Any) -> str:
        return content.name

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, content: Any) -> str:
        return api_url(self.kind, content.slug, locale_of(content))


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond: sorts as it stands."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_json(value: Any) -> str:
    """`value` as the compact JSON text that is stored and served."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
