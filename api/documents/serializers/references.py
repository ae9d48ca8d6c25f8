"""The public shape of a reference."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.models import Kind
from content_models.citations import rendering as citation
from content_models.models import Reference

from .base import ContentSerializer, IdentitySerializer


class CitationSerializer(ContentSerializer):
    """A reference as the world cites it."""

    csl = serializers.JSONField(help_text="One CSL-JSON item")
    text = serializers.SerializerMethodField(help_text="AMA, 11th edition")
    html = serializers.SerializerMethodField(help_text="The same with its DOI as link")
    doi = serializers.CharField(allow_null=True)
    pmid = serializers.CharField(allow_null=True)

    def get_text(self, reference: Reference) -> str:
        return citation.ama_text(reference.csl)

    def get_html(self, reference: Reference) -> str:
        return citation.ama_html(reference.csl)


class NumberedReference(CitationSerializer):
    """A reference in an article's list."""

    number = serializers.SerializerMethodField(help_text="From 1, as cited in the text")
    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField(help_text="Where to read it, or null")

    @extend_schema_field(OpenApiTypes.INT)
    def get_number(self, reference: Reference) -> int | None:
        return None

    def get_url(self, reference: Reference) -> str | None:
        return web_address(reference)


class ReferenceSummary(CitationSerializer, IdentitySerializer):
    kind = Kind.REFERENCE

    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)

    def get_canonical_url(self, content: Any) -> str | None:
        return web_address(content)


class ReferenceSerializer(ReferenceSummary):
    """A source that articles rest on."""

    authors_incomplete = serializers.BooleanField(
        help_text="The source names more authors than are listed"
    )
    container_title = serializers.CharField(allow_blank=True)
    publisher = serializers.CharField(allow_blank=True)


def web_address(reference: Reference) -> str | None:
    """Where a reader finds the source: its DOI first, then PubMed, then its page."""
    if reference.doi:
        return f"https://doi.org/{reference.doi}"
    if reference.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
    return reference.url or None
