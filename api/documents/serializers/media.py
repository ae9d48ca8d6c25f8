"""The public shape of an image."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from content_models.models import Image

from .base import ContentSerializer


def media_url(path: str) -> str:
    """An absolute address of a stored file, never taken from a request."""
    return path if "://" in path else settings.PUBLIC_BASE_URL + path


class RenditionSerializer(ContentSerializer):
    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    format = serializers.CharField(help_text="webp, jpeg, png, gif or avif")


class FocalPointSerializer(ContentSerializer):
    x = serializers.FloatField(help_text="0 is the left edge, 1 the right one")
    y = serializers.FloatField(help_text="0 is the upper edge, 1 the lower one")


class ImageSerializer(ContentSerializer):
    """An image with the renditions that exist; the job that makes them may be late."""

    alt = serializers.CharField(source="description", allow_blank=True)
    credit = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    focal_point = serializers.SerializerMethodField()
    placeholder = serializers.SerializerMethodField(
        help_text="A WebP of 16 pixels as a `data:` address, to show until the picture "
        "has come; null until it is made"
    )
    renditions = serializers.SerializerMethodField()

    @extend_schema_field(FocalPointSerializer(allow_null=True))
    def get_focal_point(self, image: Image) -> dict[str, float] | None:
        point = image.get_focal_point()
        if point is None:
            return None
        return {
            "x": round(point.centroid_x / image.width, 4),
            "y": round(point.centroid_y / image.height, 4),
        }

    def get_placeholder(self, image: Image) -> str | None:
        return image.placeholder or None

    @extend_schema_field(RenditionSerializer(many=True))
    def get_renditions(self, image: Image) -> list[dict[str, Any]]:
        listed: dict[tuple[int, str], dict[str, Any]] = {}
        order = {spec: place for place, spec in enumerate(Image.rendition_specs())}
        made = [one for one in image.renditions.all() if one.filter_spec in order]
        for one in sorted(made, key=lambda one: order[one.filter_spec]):
            format = one.file.name.rpartition(".")[2].replace("jpg", "jpeg")
            # A picture smaller than a width is not enlarged: the same comes twice.
            listed.setdefault(
                (one.width, format),
                {
                    "url": media_url(one.url),
                    "width": one.width,
                    "height": one.height,
                    "format": format,
                },
            )
        return list(listed.values())
