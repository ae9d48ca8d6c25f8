"""What the desk changes in Wagtail's own menus: staff's words, in the order of work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.wagtail_hooks import DocumentsMenuItem
from wagtail.images.wagtail_hooks import ImagesMenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from content_models.admin_views import done_with_articles
from content_models.models import Article, Practice

from . import appearances, reviewing, sharing, today, versions, withdrawing
from .appearances import WhereItAppears
from .bulk_actions import PutOnChannel, TakeOffChannel
from .checks import SiteChecks
from .propagation.board import BoardView
from .propagation.panel import OnTheirWay
from .propagation.report import SitesHaveView
from .propagation.words import may_see
from .sharing import ShareView
from .sites import SitesGroup
from .staff_time import ZonePanel
from .versions import PublishedVersions
from .withdrawing import WithdrawView

# Wagtail's items that stand in a group of ours, under another name.
_REGROUPED = ("explorer", "images", "documents")

# The buttons of the editor after which one is done.
_DONE = ("publish", "submit", "restart-workflow", "workflow-action")


class SectionsMenuItem(MenuItem):
    """Folders of articles, for those who may do something in one."""

    def is_shown(self, request: HttpRequest) -> bool:
        return user_has_any_page_permission(request.user)


class Pages(PagesAdminAPIViewSet):
    """Wagtail's pages for the admin's scripts, without what has to do with aliases."""

    actions: ClassVar = {
        name: action
        for name, action in PagesAdminAPIViewSet.actions.items()
        if name not in ("convert_alias", "create_alias")
    }


@hooks.register("construct_main_menu")
def without_what_is_in_a_group(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in _REGROUPED]


@hooks.register("register_articles_menu_item")
def sections() -> MenuItem:
    return SectionsMenuItem(
        "Sections",
        reverse("wagtailadmin_explore_root"),
        name="sections",
        icon_name="folder-open-inverse",
        order=40,
    )


@hooks.register("register_admin_menu_item")
def files() -> MenuItem:
    images = ImagesMenuItem("Images", reverse("wagtailimages:index"), icon_name="image")
    uploads = DocumentsMenuItem(
        "Documents", reverse("wagtaildocs:index"), icon_name="doc-full"
    )
    menu = Menu(items=[images, uploads])
    return SubmenuMenuItem("Media", menu, name="files", icon_name="image", order=170)


@hooks.register("register_admin_viewset")
def sites() -> SitesGroup:
    return SitesGroup()


@hooks.register("register_admin_urls")
def screens() -> list[URLPattern]:
    return [
        path("withdraw/<slug:kind>/<int:pk>/", WithdrawView.as_view(), name="withdraw"),
        path("withdrawn/<uuid:document>/", BoardView.as_view(), name="withdrawn"),
        path("sites-have/", SitesHaveView.as_view(), name="sites_have"),
        path(
            "sites-have/results/",
            SitesHaveView.as_view(results_only=True),
            name="sites_have_results",
        ),
        path(
            "versions/<int:pk>/",
            PublishedVersions.as_view(),
            name="published_versions",
        ),
        path("share/<slug:kind>/<int:pk>/", ShareView.as_view(), name="share_preview"),
        path(
            "appears/<slug:kind>/<int:pk>/",
            WhereItAppears.as_view(),
            name="where_it_appears",
        ),
    ]


hooks.register("register_account_settings_panel", ZonePanel)
hooks.register("register_bulk_action", PutOnChannel)
hooks.register("register_bulk_action", TakeOffChannel)


@hooks.register("register_log_actions")
def what_is_logged(actions: LogActionRegistry) -> None:
    for action, label, sentence in (
        (
            "clinicast.note_gone",
            "Note that it is gone",
            "Noted that a site has taken it down",
        ),
        ("clinicast.make_key", "Make a key", "Made a key"),
        ("clinicast.decide", "Decide where it appears", "Decided where it appears"),
        ("clinicast.revoke_key", "Revoke a key", "Revoked a key"),
        ("clinicast.redact", "Redact a version", "Redacted a version"),
        ("clinicast.pause", "Pause", "Paused"),
        ("clinicast.resume", "Resume", "Resumed"),
        ("clinicast.make_secret", "Make a secret", "Made a secret"),
        ("clinicast.end_former", "End the former secret", "Ended the former secret"),
    ):
        actions.register_action(action, label, sentence)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def where_an_article_appears(
    page: Page, user: Any, *args: Any, **kwargs: Any
) -> Iterator[Button]:
    if isinstance(page, Article) and (url := appearances.address_of(page)):
        yield Button("Where it appears", url, icon_name="globe", priority=16)


@hooks.register("register_snippet_listing_buttons")
def where_content_appears(
    content: Any, user: Any, next_url: str | None = None
) -> Iterator[Button]:
    if url := appearances.address_of(content):
        yield Button("Where it appears", url, icon_name="globe", priority=35)


@hooks.register("register_content_header_buttons")
def where_the_edited_appears(content: Any) -> Iterator[HeaderButton]:
    if url := appearances.address_of(content):
        yield HeaderButton("Where it appears", url=url, icon_name="globe")


@hooks.register("register_content_more_buttons")
def what_may_be_done_with(content: Any, user: Any) -> Iterator[Button]:
    """Buttons behind the dots beside the title, in the editor of anything."""
    if url := sharing.address_of(content, user):
        yield Button("Share a preview", url, icon_name="link", priority=15)
    if url := versions.address_of(content, user):
        yield Button("Published versions", url, icon_name="history", priority=80)
    if url := withdrawing.address_of(content, user):
        yield Button("Withdraw", url, icon_name="warning", priority=61)


@hooks.register("register_page_header_buttons")
def what_may_be_done_with_a_page(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    return what_may_be_done_with(page, user)


@hooks.register("construct_help_menu")
def without_wagtails_own(request: HttpRequest, items: list[MenuItem]) -> None:
    """Help is on writing here, not on what it is built from."""
    own = ("whats-new", "editor-guide")
    items[:] = [item for item in items if not item.name.startswith(own)]


@hooks.register("construct_wagtail_userbar")
def checks_across_origins(
    request: HttpRequest | None, items: list[Any], page: Page | None
) -> None:
    for place, item in enumerate(items):
        if isinstance(item, ContentCheckerItem):
            items[place] = SiteChecks(in_editor=item.in_editor)


@hooks.register("insert_global_admin_css")
def stylesheets() -> str:
    links = ((static(f"desk/{name}.css"),) for name in ("desk", "small"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', links)


@hooks.register("insert_editor_js")
def scripts() -> str:
    links = ((static(f"desk/{name}.js"),) for name in ("names", "saving"))
    return format_html_join("", '<script src="{}" defer></script>', links)


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Any]) -> None:
    wanted = today.kept_of_wagtails(request.user)
    kept = [panel for panel in panels if panel.name in wanted]
    panels[:] = [*kept, *today.panels_for(request.user)]
    if may_see(request.user):
        day = Practice.load().today(timezone.now())
        panels.append(OnTheirWay(request.user, day))


@hooks.register("construct_page_action_menu")
def reviews_first(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    reviewing.order_actions(items, context.get("page"), request.user)


@hooks.register("before_edit_page")
def what_a_reviewer_said(request: HttpRequest, page: Page) -> None:
    if request.method == "GET":
        reviewing.say_what_is_asked_for(request, page)


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
def without_totals(request: HttpRequest, items: list[SummaryItem]) -> None:
    """How many pages there are is nothing that anybody has to do."""
    items.clear()
