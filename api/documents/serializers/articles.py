"""The public shape of an article: its summary, as lists show it, and all of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.models import Kind
from content_models import addresses
from content_models.models import Article

from .authors import ArticleAuthorSerializer, ReviewerSerializer
from .base import (
    ContentSerializer,
    IdentitySerializer,
    PlacedSerializer,
    timestamp,
)
from .body import BodyRenderer
from .locations import LocationLink
from .media import ImageSerializer
from .references import NumberedReference
from .site import LicenseSerializer
from .taxonomy import CategoryLink, TagLink

# Words a minute that a reader of health text manages.
# Source: Brysbaert 2019, doi:10.1016/j.jml.2019.104047, 238 for non-fiction.
READING_SPEED = 238


class AttributionSerializer(ContentSerializer):
    """What a site that carries the article shows beside it."""

    text = serializers.CharField()
    html = serializers.CharField()
    publisher = serializers.CharField()
    logo = serializers.URLField(allow_null=True)
    license = LicenseSerializer(allow_null=True)


class IndexingSerializer(ContentSerializer):
    """What the channel's pages must say to search engines."""

    canonical = serializers.URLField(allow_null=True)
    robots = serializers.CharField()


class ArticlePlaced(PlacedSerializer):
    """What differs by channel of an article."""

    attribution = AttributionSerializer()
    indexing = IndexingSerializer()


class BlockSerializer(ContentSerializer):
    """One block of a body; what `value` has depends on `type`."""

    id = serializers.CharField()
    type = serializers.ChoiceField(choices=list(BodyRenderer.TYPES))
    value = serializers.DictField()


class CorrectionSerializer(ContentSerializer):
    date = serializers.DateField()
    note = serializers.CharField()


class SeoSerializer(ContentSerializer):
    title = serializers.CharField()
    description = serializers.CharField()
    social_image = ImageSerializer(allow_null=True)


class ArticleSummary(IdentitySerializer):
    kind = Kind.ARTICLE

    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    published_at = serializers.SerializerMethodField(help_text="RFC 3339, UTC")
    word_count = serializers.SerializerMethodField()
    reading_minutes = serializers.SerializerMethodField()
    byline = serializers.SerializerMethodField(help_text="Every author's, joined")
    authors = serializers.SerializerMethodField()
    last_reviewed_on = serializers.DateField(allow_null=True)
    image = serializers.SerializerMethodField()
    categories = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    locations = serializers.SerializerMethodField()

    def to_representation(self, instance: Article) -> dict[str, Any]:
        self._authors = self.rendering.public(
            [authorship.author for authorship in instance.authorships.all()]
        )
        cited = [citation.reference for citation in instance.citations.all()]
        live = self.rendering.public(cited)
        # Numbered as staff listed them: an unpublished one leaves its number out, so
        # that the marks in the text keep pointing at the right ones.
        self._references = {
            place: reference
            for place, reference in enumerate(cited, start=1)
            if reference in live
        }
        self._body = BodyRenderer(self.rendering, self._references)
        self._body.render(instance.body)
        return super().to_representation(instance)

    def get_canonical_url(self, content: Any) -> str | None:
        if content.home is not None:
            self.rendering.public([content.home])
        return addresses.of_article(content, self.rendering.practice)

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_published_at(self, article: Article) -> str:
        return timestamp(article.first_published_at)

    def get_word_count(self, article: Article) -> int:
        return len(self._body.text.split())

    def get_reading_minutes(self, article: Article) -> int:
        return max(1, round(self.get_word_count(article) / READING_SPEED))

    def get_byline(self, article: Article) -> str:
        day = self.rendering.day
        return "; ".join(author.byline_on(day) for author in self._authors)

    @extend_schema_field(ArticleAuthorSerializer(many=True))
    def get_authors(self, article: Article) -> list[Any]:
        return self.part(ArticleAuthorSerializer, self._authors)

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_image(self, article: Article) -> Any:
        image = self.rendering.image(article.image)
        return self.part(ImageSerializer, image) if image else None

    @extend_schema_field(CategoryLink(many=True))
    def get_categories(self, article: Article) -> list[Any]:
        filed = [filing.category for filing in article.filings.all()]
        return self.part(CategoryLink, self.rendering.public(filed))

    @extend_schema_field(TagLink(many=True))
    def get_tags(self, article: Article) -> list[Any]:
        tags = sorted(
            (tagged.tag for tagged in article.tagged_items.all()),
            key=lambda tag: tag.name,
        )
        return self.part(TagLink, self.rendering.public(tags))

    @extend_schema_field(LocationLink(many=True))
    def get_locations(self, article: Article) -> list[Any]:
        places = [place.location for place in article.places.all()]
        return self.part(LocationLink, self.rendering.public(places))


class ArticleSerializer(ArticleSummary):
    """A piece of health content."""

    reviewers = serializers.SerializerMethodField()
    next_review_on = serializers.DateField(allow_null=True)
    body = serializers.SerializerMethodField()
    body_html = serializers.SerializerMethodField()
    references = serializers.SerializerMethodField()
    change_note = serializers.CharField(allow_blank=True)
    significance = serializers.CharField()
    corrections = serializers.SerializerMethodField()
    seo = serializers.SerializerMethodField()

    @extend_schema_field(ReviewerSerializer(many=True))
    def get_reviewers(self, article: Article) -> list[Any]:
        reviews = list(article.reviews.all())
        live = self.rendering.public([review.reviewer for review in reviews])
        return [
            {
                **self.part(ArticleAuthorSerializer, review.reviewer),
                "reviewed_on": review.reviewed_on.isoformat(),
            }
            for review in reviews
            if review.reviewer in live
        ]

    @extend_schema_field(BlockSerializer(many=True))
    def get_body(self, article: Article) -> list[dict[str, Any]]:
        return self._body.blocks

    def get_body_html(self, article: Article) -> str:
        return self._body.html

    @extend_schema_field(NumberedReference(many=True))
    def get_references(self, article: Article) -> list[Any]:
        return [
            {**self.part(NumberedReference, reference), "number": place}
            for place, reference in self._references.items()
        ]

    @extend_schema_field(CorrectionSerializer(many=True))
    def get_corrections(self, article: Article) -> list[Any]:
        return []

    @extend_schema_field(SeoSerializer)
    def get_seo(self, article: Article) -> dict[str, Any]:
        image = self.rendering.image(article.social_image or article.image)
        return {
            "title": article.seo_title or article.title,
            "description": article.search_description or article.summary,
            "social_image": self.part(ImageSerializer, image) if image else None,
        }
