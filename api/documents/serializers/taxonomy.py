"""The public shape of a category and of a tag."""

from __future__ import annotations

from rest_framework import serializers

from api.documents.models import Kind

from .base import IdentitySerializer, LinkSerializer


class CategoryLink(LinkSerializer):
    kind = Kind.CATEGORY


class TagLink(LinkSerializer):
    kind = Kind.TAG


class CategorySummary(IdentitySerializer):
    kind = Kind.CATEGORY

    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)


class CategorySerializer(CategorySummary):
    """A subject under which readers look for articles."""


class TagSummary(IdentitySerializer):
    kind = Kind.TAG

    name = serializers.CharField()


class TagSerializer(TagSummary):
    """A word that articles are marked with."""
