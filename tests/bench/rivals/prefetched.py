"""What a careful developer would write with REST framework: all of it prefetched."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet
from rest_framework import serializers, viewsets
from rest_framework.pagination import LimitOffsetPagination

from content_models.models import Article, Author, Image, Reference


class Picture(serializers.ModelSerializer):
    renditions = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = ("id", "title", "description", "credit", "renditions")

    def get_renditions(self, image: Image) -> list[dict[str, Any]]:
        return [
            {"url": one.url, "width": one.width, "height": one.height}
            for one in image.renditions.all()
        ]


class Writer(serializers.ModelSerializer):
    credentials = serializers.SerializerMethodField()

    class Meta:
        model = Author
        fields = ("id", "slug", "name", "job_title", "bio", "credentials")

    def get_credentials(self, author: Author) -> list[str]:
        today = date.today()
        return [
            one.type.abbreviation
            for one in author.credentials.all()
            if one.expires_on is None or one.expires_on >= today
        ]


class Source(serializers.ModelSerializer):
    class Meta:
        model = Reference
        fields = ("id", "slug", "title", "container_title", "year", "volume", "doi")


class Full(serializers.ModelSerializer):
    authors = serializers.SerializerMethodField()
    references = serializers.SerializerMethodField()
    tags = serializers.SlugRelatedField("slug", many=True, read_only=True)
    image = Picture()

    class Meta:
        model = Article
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "slug", "title", "summary", "first_published_at", "image"),
            *("authors", "references", "tags", "body"),
        )

    def get_authors(self, article: Article) -> list[Any]:
        return [Writer(one.author).data for one in article.authorships.all()]

    def get_references(self, article: Article) -> list[Any]:
        return [Source(one.reference).data for one in article.citations.all()]

    def to_representation(self, article: Article) -> dict[str, Any]:
        members: dict[str, Any] = super().to_representation(article)
        if "body" in members:
            members["body"] = article.body.get_prep_value()
        return members


class Short(Full):
    class Meta(Full.Meta):
        fields = tuple(name for name in Full.Meta.fields if name != "body")


class Pages(LimitOffsetPagination):
    default_limit = 20
    max_limit = 1_000


class Articles(viewsets.ReadOnlyModelViewSet):
    lookup_field = "slug"
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Article]:
        articles = (
            Article.objects.live()
            .select_related("image")
            .order_by("-first_published_at")
        )
        if tag := self.request.query_params.get("tag"):
            articles = articles.filter(tags__slug=tag)
        if words := self.request.query_params.get("q"):
            # Ranked, over what ours ranks first, from a vector that is stored.
            query = SearchQuery(words, config="english")
            rank = SearchRank(F("searched__vector"), query)
            articles = articles.filter(searched__vector=query)
            articles = articles.annotate(rank=rank).order_by("-rank")
        return articles.prefetch_related(
            "authorships__author__credentials__type",
            "citations__reference",
            "tags",
            "image__renditions",
        )

    def get_serializer_class(self) -> type[Full]:
        return Full if self.action == "retrieve" else Short
