"""The public shape of an award and of an affiliation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.models import Kind
from content_models.models import Affiliation, Award

from .authors import AuthorLink
from .base import ContentSerializer, IdentitySerializer, api_url
from .locations import LocationLink
from .media import ImageSerializer


class RecipientSerializer(ContentSerializer):
    """To whom an award was given."""

    type = serializers.ChoiceField(
        choices=["practice", "author", "location"],
        help_text="What kind of recipient it is.",
    )
    name = serializers.CharField(
        help_text="The recipient's name.",
    )
    slug = serializers.CharField(
        allow_null=True,
        help_text="The recipient's slug; null for the practice.",
    )
    url = serializers.URLField(
        help_text="The address of the recipient in this API.",
    )


class AwardSummary(IdentitySerializer):
    """An award, as lists show it."""

    kind = Kind.AWARD

    name = serializers.CharField(
        help_text="What the award is called, without its year.",
    )
    giver = serializers.CharField(
        allow_blank=True,
        help_text="Who gives it; may be empty.",
    )
    year = serializers.IntegerField(
        allow_null=True,
        help_text="The year that it was given for; null where it is unknown.",
    )
    result = serializers.CharField(
        allow_blank=True,
        help_text="How far it went, such as Winner or Finalist; may be empty.",
    )
    badge = serializers.SerializerMethodField(
        help_text="The award's picture; null without one.",
    )
    recipient = serializers.SerializerMethodField(
        help_text="Who was given it; null while the recipient is not public.",
    )

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_badge(self, award: Award) -> Any:
        image = self.rendering.image(award.badge)
        return self.part(ImageSerializer, image) if image else None

    @extend_schema_field(RecipientSerializer(allow_null=True))
    def get_recipient(self, award: Award) -> dict[str, Any] | None:
        practice = self.rendering.practice
        if award.author_id is None and award.location_id is None:
            self.rendering.look_at(practice)
            url = api_url(Kind.PRACTICE, "", self.get_locale(practice))
            name = practice.name
            return {"type": "practice", "name": name, "slug": None, "url": url}
        for type, link, recipient in (
            ("author", AuthorLink, award.author),
            ("location", LocationLink, award.location),
        ):
            if recipient and self.rendering.public([recipient]):
                return {"type": type, **self.part(link, recipient)}
        return None


class AwardSerializer(AwardSummary):
    """An honour that the practice, an author or a location was given."""


class AffiliationSummary(IdentitySerializer):
    """An affiliation, as lists show it."""

    kind = Kind.AFFILIATION

    name = serializers.CharField(
        help_text="The organisation's name.",
    )
    website = serializers.SerializerMethodField(
        help_text="Its web site; null without one.",
    )
    logo = serializers.SerializerMethodField(
        help_text="Its logo; null without one.",
    )

    def get_website(self, affiliation: Affiliation) -> str | None:
        return affiliation.website or None

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_logo(self, affiliation: Affiliation) -> Any:
        image = self.rendering.image(affiliation.logo)
        return self.part(ImageSerializer, image) if image else None


class AffiliationSerializer(AffiliationSummary):
    """An organisation that the practice belongs to or works with."""
