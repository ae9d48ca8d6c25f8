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
    """The licence under which content may be carried on."""

    name = serializers.CharField(
        help_text="The name of the licence, such as CC BY 4.0.",
    )
    url = serializers.URLField(
        allow_null=True,
        help_text="Where its text is; null where none was given.",
    )


class PracticeSummary(IdentitySerializer):
    """The clinic network itself, in short."""

    kind = Kind.PRACTICE

    slug = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="Always `practice`: there is one.",
    )
    name = serializers.CharField(
        help_text="What readers call it.",
    )
    legal_name = serializers.CharField(
        allow_blank=True,
        help_text="Its name in contracts and imprints; may be empty.",
    )
    logo = serializers.SerializerMethodField(
        help_text="Its logo; null while there is none.",
    )
    base_url = serializers.CharField(
        help_text="The address of its own web site, as staff entered it.",
    )
    phone = serializers.CharField(
        allow_blank=True,
        help_text="The central number in E.164, such as +17325550100; may be empty.",
    )
    time_zone = serializers.CharField(
        help_text="Its time zone (IANA), in which its days begin and end.",
    )
    license = serializers.SerializerMethodField(
        help_text="The licence of its content; null where none was chosen: then ask "
        "before you carry it.",
    )

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
