"""What the desk changes in Wagtail's own menus: staff's words, in the order of work."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem
from wagtail.models import Page

from content_models.admin_views import done_with_articles
from content_models.models import Article

# Wagtail's item: its label here, and its place among those of the content.
_RENAMED = {
    "explorer": ("Sections", 110),
    "images": ("Images", 170),
    "documents": ("Files", 180),
}


# The buttons of the editor after which one is done.
_DONE = ("publish", "submit", "restart-workflow", "workflow-action")


class Pages(PagesAdminAPIViewSet):
    """Wagtail's pages for the admin's scripts, without what has to do with aliases."""

    actions: ClassVar = {
        name: action
        for name, action in PagesAdminAPIViewSet.actions.items()
        if name not in ("convert_alias", "create_alias")
    }


@hooks.register("construct_main_menu")
def use_staffs_words(request: HttpRequest, items: list[MenuItem]) -> None:
    for item in items:
        if item.name in _RENAMED:
            item.label, item.order = _RENAMED[item.name]


@hooks.register("after_edit_page")
def back_to_the_articles(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Who is done with an article sees the list that it was opened from.

    Wagtail leads to the section, which a medical reviewer may not even see.
    """
    is_done = any(request.POST.get(f"action-{action}") for action in _DONE)
    if not is_done or not isinstance(page, Article) or request.POST.get("next"):
        return None
    return redirect(done_with_articles(request.user))


@hooks.register("before_convert_alias_page")
def keep_alias(request: HttpRequest, page: Page) -> HttpResponse:
    """Wagtail would make it public at once and without a word to the API."""
    messages.error(
        request,
        "This page repeats another one and cannot be made an article of its own: copy "
        "the other one instead.",
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("construct_admin_api")
def without_aliases(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", Pages)


@hooks.register("construct_homepage_summary_items", order=100)
def leave_out_documents(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Wagtail counts files under a word that means something else here."""
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]
