"""The public shape of an author. A licence's number never leaves."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.identity import document_id_of, locale_of
from api.documents.models import Kind
from content_models import addresses
from content_models.models import Author, Credential

from .base import (
    ContentSerializer,
    IdentitySerializer,
    LinkSerializer,
    api_url,
)
from .body import safe_html
from .locations import LocationLink
from .media import ImageSerializer


class AuthorLink(LinkSerializer):
    kind = Kind.AUTHOR


class CredentialSerializer(ContentSerializer):
    """A credential as the world sees it: without its number and dates."""

    abbreviation = serializers.CharField(source="type.abbreviation")
    name = serializers.CharField(source="type.name")
    kind = serializers.CharField(source="type.kind")
    jurisdiction = serializers.CharField(
        allow_blank=True, help_text="ISO 3166-2, empty for degrees"
    )
    verified = serializers.BooleanField(source="is_verified")


class BylineSerializer(ContentSerializer):
    """An author's name and the credentials that are valid on the day of rendering."""

    name = serializers.CharField()
    post_nominals = serializers.SerializerMethodField(help_text="PT, DPT, ATC")
    byline = serializers.SerializerMethodField(help_text="Lisa Scarlino, PT, DPT, ATC")
    credentials = serializers.SerializerMethodField()
    job_title = serializers.CharField(allow_blank=True)

    def get_post_nominals(self, author: Author) -> str:
        return ", ".join(author.post_nominals_on(self.rendering.day))

    def get_byline(self, author: Author) -> str:
        return author.byline_on(self.rendering.day)

    @extend_schema_field(CredentialSerializer(many=True))
    def get_credentials(self, author: Author) -> list[Any]:
        held: list[Credential] = author.credentials_on(self.rendering.day)
        for credential in author.credentials.all():
            self.rendering.look_at(credential.type)
        return self.part(CredentialSerializer, held)


class ArticleAuthorSerializer(BylineSerializer):
    """An author as an article shows him."""

    id = serializers.SerializerMethodField()
    slug = serializers.CharField()
    photo = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    canonical_url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.UUID)
    def get_id(self, author: Author) -> str:
        return str(document_id_of(author))

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_photo(self, author: Author) -> Any:
        image = self.rendering.image(author.photo)
        return self.part(ImageSerializer, image) if image else None

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, author: Author) -> str:
        return api_url(Kind.AUTHOR, author.slug, locale_of(author))

    def get_canonical_url(self, author: Author) -> str:
        return addresses.of_author(author, self.rendering.practice)


class ReviewerSerializer(ArticleAuthorSerializer):
    reviewed_on = serializers.DateField(read_only=True)


class AuthorSummary(BylineSerializer, IdentitySerializer):
    kind = Kind.AUTHOR

    prefix = serializers.CharField(allow_blank=True)
    given_name = serializers.CharField(allow_blank=True)
    family_name = serializers.CharField(allow_blank=True)
    suffix = serializers.CharField(allow_blank=True)
    image = serializers.SerializerMethodField()
    locations = serializers.SerializerMethodField()

    def get_canonical_url(self, content: Any) -> str | None:
        return addresses.of_author(content, self.rendering.practice)

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_image(self, author: Author) -> Any:
        image = self.rendering.image(author.photo)
        return self.part(ImageSerializer, image) if image else None

    @extend_schema_field(LocationLink(many=True))
    def get_locations(self, author: Author) -> list[Any]:
        places = [place.location for place in author.work_places.all()]
        return self.part(LocationLink, self.rendering.public(places))


class AuthorSerializer(AuthorSummary):
    """A clinician or writer."""

    bio_html = serializers.SerializerMethodField()

    def get_bio_html(self, author: Author) -> str:
        return safe_html(author.bio, self.rendering)
