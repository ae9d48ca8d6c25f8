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
    """An author who is mentioned, with the address."""

    kind = Kind.AUTHOR


class CredentialSerializer(ContentSerializer):
    """A credential as the world sees it: without its number and dates."""

    abbreviation = serializers.CharField(
        source="type.abbreviation",
        help_text="As it stands in a byline, such as DPT.",
    )
    name = serializers.CharField(
        source="type.name",
        help_text="What it stands for, such as Doctor of Physical Therapy.",
    )
    kind = serializers.CharField(
        source="type.kind",
        help_text="`degree`, `licence`, `certification` or `honour`.",
    )
    jurisdiction = serializers.CharField(
        allow_blank=True,
        help_text="Where it is valid (ISO 3166-2), such as US-NJ; empty for "
        "everywhere.",
    )
    verified = serializers.BooleanField(
        source="is_verified",
        help_text="Whether staff have checked it at its source.",
    )


class BylineSerializer(ContentSerializer):
    """An author's name and the credentials that are valid on the day of rendering."""

    name = serializers.CharField(
        help_text="The full name, without credentials.",
    )
    post_nominals = serializers.SerializerMethodField(
        help_text="The credentials valid today, joined: `PT, DPT, ATC`; may be empty.",
    )
    byline = serializers.SerializerMethodField(
        help_text="Name and credentials as to be printed: `Lisa Scarlino, PT, DPT, "
        "ATC`.",
    )
    credentials = serializers.SerializerMethodField(
        help_text="Those valid today, in the order of the byline.",
    )
    job_title = serializers.CharField(
        allow_blank=True,
        help_text="What the person does here; may be empty.",
    )

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

    is_shown_by_many = True

    id = serializers.SerializerMethodField(
        help_text="UUID of the author in this language.",
    )
    slug = serializers.CharField(
        help_text="The author's slug, which the filter `author` takes.",
    )
    photo = serializers.SerializerMethodField(
        help_text="A portrait; null without one.",
    )
    url = serializers.SerializerMethodField(
        help_text="The address of the author in this API.",
    )
    canonical_url = serializers.SerializerMethodField(
        help_text="The author's page on the practice's site.",
    )

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
    """A clinician who has reviewed an article, with the day of it."""

    # The day is the article's.
    is_shown_by_many = False

    reviewed_on = serializers.DateField(
        read_only=True,
        help_text="The day of the review (YYYY-MM-DD).",
    )


class AuthorSummary(BylineSerializer, IdentitySerializer):
    """An author, as lists show him or her."""

    kind = Kind.AUTHOR

    prefix = serializers.CharField(
        allow_blank=True,
        help_text="Before the name, such as Dr.; may be empty.",
    )
    given_name = serializers.CharField(
        allow_blank=True,
        help_text="May be empty.",
    )
    family_name = serializers.CharField(
        allow_blank=True,
        help_text="To sort by; may be empty.",
    )
    suffix = serializers.CharField(
        allow_blank=True,
        help_text="Part of the name, such as Jr.; may be empty.",
    )
    image = serializers.SerializerMethodField(
        help_text="A portrait; null without one.",
    )
    locations = serializers.SerializerMethodField(
        help_text="Where the author works.",
    )

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

    bio_html = serializers.SerializerMethodField(
        help_text="About the author, as safe HTML; may be empty.",
    )

    def get_bio_html(self, author: Author) -> str:
        return safe_html(author.bio, self.rendering)
