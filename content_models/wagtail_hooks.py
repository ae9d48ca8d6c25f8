"""Registers the admin screens for content."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from content_models import viewsets
from content_models.admin_views import (
    ContentBulkDelete,
    ImageBulkDelete,
    ImageBulkMove,
    ImageDeleteView,
)
from content_models.article_list import ArticlePages

for screens in (
    viewsets.ArticlesGroup,
    viewsets.PeopleGroup,
    viewsets.ReferenceViewSet,
    viewsets.LocationViewSet,
    viewsets.AwardsGroup,
):
    register_snippet(screens)


@hooks.register("register_admin_viewset")
def article_pages() -> ViewSet:
    return ArticlePages()


# Wagtail looks at the first match: these stand in for its own views of the same name.
@hooks.register("register_admin_urls", order=-1)
def image_deletion() -> list[URLPattern]:
    return [path("images/<int:image_id>/delete/", ImageDeleteView.as_view())]


# Of two actions with one name the last one registered counts.
hooks.register("register_bulk_action", ContentBulkDelete, order=100)
hooks.register("register_bulk_action", ImageBulkDelete, order=100)
hooks.register("register_bulk_action", ImageBulkMove, order=100)
