"""The public shape of the practice."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.models import Kind
from content_models.models import Practice

from .base import ContentSerializer, IdentitySerializer
from .media import ImageSerializer


class LicenseSerializer(ContentSerializer):
    name = serializers.CharField()
    url = serializers.URLField(allow_null=True)


class PracticeSummary(IdentitySerializer):
    kind = Kind.PRACTICE

    slug = serializers.SerializerMethodField()  # type: ignore[assignment]
    name = serializers.CharField()
    legal_name = serializers.CharField(allow_blank=True)
    logo = serializers.SerializerMethodField()
    base_url = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField(help_text="IANA")
    license = serializers.SerializerMethodField()

    def get_slug(self, practice: Practice) -> str:
        return "practice"

    def get_canonical_url(self, content: Any) -> str | None:
        return content.base_url

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_logo(self, practice: Practice) -> Any:
        image = self.rendering.image(practice.logo)
        return self.part(ImageSerializer, image) if image else None

    @extend_schema_field(LicenseSerializer(allow_null=True))
    def get_license(self, practice: Practice) -> dict[str, Any] | None:
        return license_of(practice)


class PracticeSerializer(PracticeSummary):
    """The clinic network itself."""


def license_of(practice: Practice) -> dict[str, Any] | None:
    """Under which licence content may be carried on; None where none was chosen."""
    if not practice.license_name:
        return None
    return {"name": practice.license_name, "url": practice.license_url or None}
