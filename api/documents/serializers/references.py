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

    csl = serializers.JSONField(
        help_text="One CSL-JSON item, for citation software. What is not known is "
        "left out of it.",
    )
    text = serializers.SerializerMethodField(
        help_text="The citation as plain text (AMA Manual of Style, 11th edition).",
    )
    html = serializers.SerializerMethodField(
        help_text="The same with italics, and the DOI as a link.",
    )
    doi = serializers.CharField(
        allow_null=True,
        help_text="The bare DOI, lower case, without https://doi.org/; null without "
        "one.",
    )
    pmid = serializers.CharField(
        allow_null=True,
        help_text="The PubMed id, digits only; null without one.",
    )

    def get_text(self, reference: Reference) -> str:
        return citation.ama_text(reference.csl)

    def get_html(self, reference: Reference) -> str:
        return citation.ama_html(reference.csl)


class NumberedReference(CitationSerializer):
    """A reference in an article's list."""

    is_shown_by_many = True

    number = serializers.SerializerMethodField(
        help_text="From 1, as `[1]` in the text cites it. A number may be missing.",
    )
    id = serializers.UUIDField(
        source="uuid",
        help_text="UUID of the reference.",
    )
    url = serializers.SerializerMethodField(
        help_text="Where to read it: its DOI, PubMed or a page; null where it is not "
        "on the web.",
    )

    @extend_schema_field(OpenApiTypes.INT)
    def get_number(self, reference: Reference) -> int | None:
        return None

    def get_url(self, reference: Reference) -> str | None:
        return web_address(reference)


class ReferenceSummary(CitationSerializer, IdentitySerializer):
    """A reference, as lists show it."""

    kind = Kind.REFERENCE

    title = serializers.CharField(
        help_text="The title of the work.",
    )
    year = serializers.IntegerField(
        allow_null=True,
        help_text="The year of publication; null where it is unknown.",
    )

    def get_canonical_url(self, content: Any) -> str | None:
        return web_address(content)


class ReferenceSerializer(ReferenceSummary):
    """A source that articles rest on."""

    authors_incomplete = serializers.BooleanField(
        help_text="Whether there are more authors than are listed: the citation says "
        "et al.",
    )
    container_title = serializers.CharField(
        allow_blank=True,
        help_text="The journal, book or site that it appeared in; may be empty.",
    )
    publisher = serializers.CharField(
        allow_blank=True,
        help_text="Who published it; may be empty.",
    )


def web_address(reference: Reference) -> str | None:
    """Where a reader finds the source: its DOI first, then PubMed, then its page."""
    if reference.doi:
        return f"https://doi.org/{reference.doi}"
    if reference.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
    return reference.url or None
