"""What all public shapes share, and what a rendering knows while it is under way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

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
from content_models import addresses
from content_models.models import Article, Image, Practice

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
    # The sources of those that are shown.
    shows: dict[str, None] = field(default_factory=dict)
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

    def address_of(self, article: Article) -> str:
        """Where readers find `article`: at its home while anyone may see that."""
        homes = self.public([article.home] if article.home is not None else [])
        return addresses.of_article(article, self.practice, next(iter(homes), None))

    def shape(self, serializer: type[ContentSerializer]) -> ContentSerializer:
        """The one of its kind that the renderings of a scene share, within this one.

        It copies and binds its fields when it is made, which takes longer than what
        it is made for.
        """
        context = self._in_context()
        shapes = self.scene.kept.setdefault("shapes", {})
        if serializer not in shapes:
            shapes[serializer] = serializer(context=context)
        return cast(ContentSerializer, shapes[serializer])

    def part(self, serializer: type[ContentSerializer], content: Any) -> Any:
        """`content` in the shape of `serializer`; nobody may change it.

        What many documents show, such as an author, is made once for all that were read
        together (`rendering.public_contents`).
        """
        if not serializer.is_shown_by_many or content.pk is None:
            return self.shape(serializer).to_representation(content)
        parts = self.scene.kept.setdefault("parts", {})
        key = serializer, content.pk
        if key not in parts:
            within = Rendering(self.scene)
            parts[key] = within, within.shape(serializer).to_representation(content)
            # What is being rendered goes on within this one.
            self._in_context()
        within, made = parts[key]
        self.keys |= within.keys
        self.shows |= within.shows
        self.lapses_at += within.lapses_at
        return made

    def _in_context(self) -> dict[str, Any]:
        """What all shapes of the scene share, with this rendering in it."""
        context: dict[str, Any] = self.scene.kept.setdefault("context", {})
        context["rendering"] = self
        return context

    def _shows(self, content: models.Model) -> bool:
        self.look_at(content)
        is_public = self.scene.is_public(content)
        if is_public:
            self.shows[source_of(type(content), content.pk)] = None
        expires_at = getattr(content, "expire_at", None)
        if is_public and expires_at is not None:
            self.lapses_at.append(expires_at)
        return is_public


class ContentSerializer(serializers.Serializer[Any]):
    """Gives each serializer the rendering that it is part of."""

    # Whether it is of something that has a row of its own and many documents show.
    is_shown_by_many = False

    @property
    def rendering(self) -> Rendering:
        return self.context["rendering"]

    def part(self, serializer: type[ContentSerializer], content: Any) -> Any:
        """`content` in the shape of `serializer`, within the same rendering."""
        part = self.rendering.part
        if isinstance(content, list):
            return [part(serializer, one) for one in content]
        return part(serializer, content)


class IdentitySerializer(ContentSerializer):
    """What every document starts with."""

    id = serializers.SerializerMethodField(
        help_text="UUID of this object in this language. It stays when the slug "
        "changes.",
    )
    translation_group = serializers.SerializerMethodField(
        help_text="UUID that all languages of one object share.",
    )
    type = serializers.SerializerMethodField(
        help_text="What it is: `article`, `author`, `reference`, `location`, "
        "`award`, `affiliation`, `category`, `tag` or `practice`.",
    )
    slug = serializers.CharField(
        help_text="Its name in addresses. Staff may change it; the former one then "
        "answers 301.",
    )
    locale = serializers.SerializerMethodField(
        help_text="The language it is written in (BCP 47).",
    )
    canonical_url = serializers.SerializerMethodField(
        help_text="Where readers find it on the web. Null where it has no page of "
        "its own.",
    )
    # Both are given by publishing: a render is compared without them.
    version = serializers.SerializerMethodField(
        help_text="Counts from 1; one more with each publication that changed "
        "something.",
    )
    updated_at = serializers.SerializerMethodField(
        help_text="When what is shown changed last (RFC 3339, UTC).",
    )

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

    locale = serializers.CharField(
        help_text="The language of the translation (BCP 47).",
    )
    slug = serializers.CharField(
        help_text="Its slug, which may differ by language.",
    )
    url = serializers.URLField(
        help_text="Its address in this API.",
    )


class PlacedSerializer(serializers.Serializer[Any]):
    """The members that differ by channel, added when a document is placed."""

    url = serializers.URLField(
        help_text="The address of the full document in this API.",
    )
    translations = TranslationSerializer(
        many=True,
        help_text="The same in other languages, as far as this channel shows them; "
        "empty without any.",
    )


class LinkSerializer(ContentSerializer):
    """A mention of another document: enough to name it and to fetch it."""

    is_shown_by_many = True

    slug = serializers.CharField(
        help_text="Its slug, which filters take.",
    )
    name = serializers.SerializerMethodField(
        help_text="Its name, as readers know it.",
    )
    url = serializers.SerializerMethodField(
        help_text="The address of the full document in this API.",
    )

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
