"""The public shape of an article: its summary, as lists show it, and all of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.models import Kind
from content_models.models import Article

from .authors import ArticleAuthorSerializer, ReviewerSerializer
from .base import (
    ContentSerializer,
    IdentitySerializer,
    PlacedSerializer,
    timestamp,
)
from .blocks import BLOCKS
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

    text = serializers.CharField(
        help_text="One line of plain text to show beside the article.",
    )
    html = serializers.CharField(
        help_text="The same with a link to where the article is at home.",
    )
    publisher = serializers.CharField(
        help_text="The name of the practice.",
    )
    logo = serializers.URLField(
        allow_null=True,
        help_text="The address of its logo; null without one.",
    )
    license = LicenseSerializer(
        allow_null=True,
        help_text="The licence of the text; null where none was chosen.",
    )


class IndexingSerializer(ContentSerializer):
    """What the channel's pages must say to search engines."""

    canonical = serializers.URLField(
        allow_null=True,
        help_text='For `<link rel="canonical">`; null where your page shall name none.',
    )
    robots = serializers.CharField(
        help_text='For `<meta name="robots">`, such as `noindex, follow`.',
    )


class ArticlePlaced(PlacedSerializer):
    """What differs by channel of an article."""

    attribution = AttributionSerializer(
        help_text="Whom to name beside the article.",
    )
    indexing = IndexingSerializer(
        help_text="What your page must tell search engines.",
    )


class CorrectionSerializer(ContentSerializer):
    """A mistake that was mended after publication."""

    date = serializers.DateField(
        help_text="When it was mended (YYYY-MM-DD).",
    )
    note = serializers.CharField(
        help_text="What was wrong, for readers.",
    )


class SeoSerializer(ContentSerializer):
    """What search engines and social networks are to show."""

    title = serializers.CharField(
        help_text="For `<title>`; the article's title where staff wrote no other.",
    )
    description = serializers.CharField(
        help_text='For `<meta name="description">`; the summary where staff wrote no '
        "other.",
    )
    social_image = ImageSerializer(
        allow_null=True,
        help_text="For `og:image`; null without any image.",
    )


class ArticleSummary(IdentitySerializer):
    """An article, as lists show it."""

    kind = Kind.ARTICLE

    title = serializers.CharField(
        help_text="The heading, as plain text.",
    )
    summary = serializers.CharField(
        allow_blank=True,
        help_text="One or two sentences, as plain text; may be empty.",
    )
    published_at = serializers.SerializerMethodField(
        help_text="When it was first published (RFC 3339, UTC).",
    )
    word_count = serializers.SerializerMethodField(
        help_text="The words of the body.",
    )
    reading_minutes = serializers.SerializerMethodField(
        help_text="Minutes to read it, at least 1, at 238 words a minute.",
    )
    byline = serializers.SerializerMethodField(
        help_text="Every author's byline, joined by semicolons; empty without authors.",
    )
    authors = serializers.SerializerMethodField(
        help_text="Who wrote it, in the order of the byline.",
    )
    last_reviewed_on = serializers.DateField(
        allow_null=True,
        help_text="When a clinician last reviewed it (YYYY-MM-DD); null before the "
        "first review.",
    )
    image = serializers.SerializerMethodField(
        help_text="The picture to show with it; null without one.",
    )
    categories = serializers.SerializerMethodField(
        help_text="The subjects that it is filed under.",
    )
    tags = serializers.SerializerMethodField(
        help_text="Words that it is marked with, by name.",
    )
    locations = serializers.SerializerMethodField(
        help_text="The locations that it is filed under; may be empty.",
    )

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
        return self.rendering.address_of(content)

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

    reviewers = serializers.SerializerMethodField(
        help_text="Clinicians who have reviewed it, the day of each review included.",
    )
    next_review_on = serializers.DateField(
        allow_null=True,
        help_text="When the next review is due (YYYY-MM-DD); null where none is "
        "planned.",
    )
    body = serializers.SerializerMethodField(
        help_text="The text as a list of blocks, to be rendered by you. The same as "
        "`body_html`.",
    )
    body_html = serializers.SerializerMethodField(
        help_text="The text as safe HTML: headings from h2, absolute addresses, no "
        "scripts or styles. `[1]` links to `#ref-1`.",
    )
    references = serializers.SerializerMethodField(
        help_text="The sources, by number.",
    )
    change_note = serializers.CharField(
        allow_blank=True,
        help_text="What changed in this version, for readers; may be empty.",
    )
    significance = serializers.CharField(
        help_text="Of this version: `major` where the advice changed, else `minor`.",
    )
    corrections = serializers.SerializerMethodField(
        help_text="Mistakes that were mended, newest first.",
    )
    seo = serializers.SerializerMethodField(
        help_text="What search engines and social networks are to show.",
    )

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

    @extend_schema_field(BLOCKS)
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
        # Rows of a draft come in any order.
        newest = sorted(
            article.corrections.all(), key=lambda one: one.corrected_on, reverse=True
        )
        listed = [{"date": one.corrected_on, "note": one.note} for one in newest]
        return self.part(CorrectionSerializer, listed)

    @extend_schema_field(SeoSerializer)
    def get_seo(self, article: Article) -> dict[str, Any]:
        image = self.rendering.image(article.social_image or article.image)
        return {
            "title": article.seo_title or article.title,
            "description": article.search_description or article.summary,
            "social_image": self.part(ImageSerializer, image) if image else None,
        }
