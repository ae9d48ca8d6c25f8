"""Registers the admin screens for content."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from content_models import viewsets
from content_models.admin_views import (
    ContentBulkDelete,
    DocumentEditView,
    ImageBulkDelete,
    ImageBulkMove,
    ImageDeleteView,
    ImageEditView,
)
from content_models.article_list import ArticlePages
from content_models.bulk_actions import ContentBulkPublish, ContentBulkUnpublish
from content_models.exporting import ReferenceExport
from content_models.import_screen import views as importing
from content_models.import_screen.intake import may_import

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
def images_and_documents() -> list[URLPattern]:
    return [
        path("images/<int:image_id>/", ImageEditView.as_view()),
        path("images/<int:image_id>/delete/", ImageDeleteView.as_view()),
        path("documents/edit/<int:document_id>/", DocumentEditView.as_view()),
    ]


class ImportMenuItem(MenuItem):
    """For those who may add an article somewhere."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


@hooks.register("register_admin_urls")
def importing_a_page() -> list[URLPattern]:
    return [
        path("import-page/", importing.ReadView.as_view(), name=importing.READ),
        path("import-page/make/", importing.MakeView.as_view(), name=importing.MAKE),
    ]


@hooks.register("register_articles_menu_item")
def import_menu_item() -> MenuItem:
    return ImportMenuItem(
        "Import a page",
        reverse(importing.READ),
        name="import-page",
        icon_name="download",
        # Behind all articles, whose group this is.
        order=1,
    )


# Of two actions with one name the last one registered counts.
hooks.register("register_bulk_action", ContentBulkDelete, order=100)
hooks.register("register_bulk_action", ContentBulkPublish)
hooks.register("register_bulk_action", ContentBulkUnpublish)
hooks.register("register_bulk_action", ReferenceExport)
hooks.register("register_bulk_action", ImageBulkDelete, order=100)
hooks.register("register_bulk_action", ImageBulkMove, order=100)
