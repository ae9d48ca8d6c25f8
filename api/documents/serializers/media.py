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
    """One size and format of an image, ready to be shown."""

    url = serializers.URLField(
        help_text="Where the file is. A changed picture has another address, so it "
        "may be kept for ever.",
    )
    width = serializers.IntegerField(
        help_text="In pixels.",
    )
    height = serializers.IntegerField(
        help_text="In pixels.",
    )
    format = serializers.CharField(
        help_text="`webp`, `jpeg`, `png`, `gif` or `avif`.",
    )


class FocalPointSerializer(ContentSerializer):
    """The point to keep in view when the image is cropped."""

    x = serializers.FloatField(
        help_text="From 0, the left edge, to 1, the right one.",
    )
    y = serializers.FloatField(
        help_text="From 0, the upper edge, to 1, the lower one.",
    )


class ImageSerializer(ContentSerializer):
    """An image with the renditions that exist; the job that makes them may be late."""

    is_shown_by_many = True

    alt = serializers.CharField(
        source="description",
        allow_blank=True,
        help_text="What it shows, for those who do not see it. Empty for decoration: "
        'use `alt=""`.',
    )
    credit = serializers.CharField(
        allow_blank=True,
        help_text="Whom to name beside it; empty where nobody need be named.",
    )
    width = serializers.IntegerField(
        help_text="Of the original, in pixels: reserves the right shape before it "
        "loads.",
    )
    height = serializers.IntegerField(
        help_text="Of the original, in pixels.",
    )
    focal_point = serializers.SerializerMethodField(
        help_text="What must stay in view when it is cropped; null where staff chose "
        "nothing.",
    )
    placeholder = serializers.SerializerMethodField(
        help_text="A WebP of 16 pixels as a `data:` address, to show until the picture "
        "has come; null until it is made."
    )
    renditions = serializers.SerializerMethodField(
        help_text="The sizes there are, the smallest first; empty for the first "
        "seconds after an upload.",
    )

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
