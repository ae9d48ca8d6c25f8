"""The public shape of a category and of a tag."""

from __future__ import annotations

from rest_framework import serializers

from api.documents.models import Kind

from .base import IdentitySerializer, LinkSerializer


class CategoryLink(LinkSerializer):
    """A category that is mentioned, with its address."""

    kind = Kind.CATEGORY


class TagLink(LinkSerializer):
    """A tag that is mentioned, with its address."""

    kind = Kind.TAG


class CategorySummary(IdentitySerializer):
    """A category, as lists show it."""

    kind = Kind.CATEGORY

    name = serializers.CharField(
        help_text="The subject, as readers are shown it.",
    )
    description = serializers.CharField(
        allow_blank=True,
        help_text="A sentence on what belongs there; plain text, may be empty.",
    )


class CategorySerializer(CategorySummary):
    """A subject under which readers look for articles."""


class TagSummary(IdentitySerializer):
    """A tag, as lists show it."""

    kind = Kind.TAG

    name = serializers.CharField(
        help_text="The word itself.",
    )


class TagSerializer(TagSummary):
    """A word that articles are marked with."""
