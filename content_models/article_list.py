"""The admin's list of all articles, and the pages on which one is worked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet

from content_models import waiting
from content_models.admin_views import (
    ArticleCompareView,
    ArticleWorkflowActionView,
    ReadForReviewView,
    sees_all_articles,
)
from content_models.columns import ArticleTitleColumn, ReviewDueColumn
from content_models.models import Article, Author, Category, Practice


class PublishedFilter(django_filters.ChoiceFilter):
    """Whether readers see it."""

    def __init__(self) -> None:
        super().__init__(
            field_name="live",
            label="State",
            choices=[("True", "Published"), ("False", "Not published")],
        )


STATES = {
    "published": "Published",
    "draft": "With something to publish",
    "review": "Under review",
    "scheduled": "Scheduled",
}


class ArticleFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        method="in_state", label="State", choices=list(STATES.items())
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=get_user_model().objects.all(), label="Begun by"
    )
    author = django_filters.ModelChoiceFilter(
        field_name="authorships__author",
        queryset=Author.objects.all(),
        label="Author",
    )
    category = django_filters.ModelChoiceFilter(
        field_name="filings__category",
        queryset=Category.objects.all(),
        label="Category",
    )
    review_is_due = django_filters.BooleanFilter(
        method="due", label="Medical review is due soon"
    )

    class Meta:
        model = Article
        fields: list[str] = []

    def in_state(
        self, rows: QuerySet[Article], name: str, value: str
    ) -> QuerySet[Article]:
        wanted = {
            "published": waiting.recently_published,
            "draft": waiting.drafts,
            "review": waiting.articles_under_review,
            "scheduled": lambda: waiting.scheduled(timezone.now()),
        }
        return rows.filter(pk__in=wanted[value]().order_by().values("pk"))

    def due(self, rows: QuerySet[Article], name: str, value: bool) -> QuerySet[Article]:
        today = Practice.load().today(timezone.now())
        due = waiting.reviews_due(today).order_by().values("pk")
        return rows.filter(pk__in=due) if value else rows.exclude(pk__in=due)


def _names(relation: str, field: str) -> Callable[[Article], str]:
    def names(article: Article) -> str:
        rows = getattr(article, relation).all()
        return ", ".join(str(getattr(row, field)) for row in rows)

    return names


class NothingFound(Component):
    """In place of a table without rows."""

    template_name = "content_models/nothing_found.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        asked = parent_context["is_searching"] or parent_context["is_filtering"]
        return {"is_narrowed": asked}


class ArticleIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        related = ("authorships__author", "filings__category", "home")
        return super().get_base_queryset().prefetch_related(*related)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        practice = Practice.load(self.request)
        for article in context["object_list"]:
            article.practice = practice
        if not context["object_list"]:
            context |= {"table": NothingFound(), "is_paginated": False}
        return context


class ArticlesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_all_articles(request.user)


class ArticleListing(PageListingViewSet):
    """All articles in one list; the sections are for those who like folders."""

    model = Article
    name = "articles"
    index_view_class = ArticleIndexView
    icon = "doc-full-inverse"
    menu_label = "All articles"
    menu_name = "articles"
    menu_item_class = ArticlesMenuItem
    filterset_class = ArticleFilters
    columns = [
        BulkActionsColumn("bulk_actions"),
        ArticleTitleColumn(
            "title", label="Title", sort_key="title", classname="title", width="32%"
        ),
        Column("authors", label="Authors", accessor=_names("authorships", "author")),
        Column(
            "categories", label="Categories", accessor=_names("filings", "category")
        ),
        ReviewDueColumn(
            "next_review_on", label="Review due", sort_key="next_review_on", width="12%"
        ),
        DateColumn(
            "latest_revision_created_at",
            label="Updated",
            sort_key="latest_revision_created_at",
            width="12%",
        ),
        PageStatusColumn("status", label="State", sort_key="live", width="10%"),
    ]


def show_also(column: Column, **filters: django_filters.Filter) -> None:
    """Have the list of articles show, and filter by, what others know of them."""
    ArticleListing.columns.insert(-1, column)
    for name, added in filters.items():
        added.model = Article
        ArticleFilters.base_filters[name] = added


class ArticlePages(PageViewSet):
    """The pages on which one article is worked at, where they differ from Wagtail's."""

    model = Article
    revisions_compare_view_class = ArticleCompareView
    workflow_preview_view_class = ReadForReviewView
    workflow_action_view_class = ArticleWorkflowActionView
