"""What the desk changes in Wagtail's own menus: staff's words, in the order of work."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem

# Wagtail's item: its label here, and its place among those of the content.
_RENAMED = {
    "explorer": ("Sections", 110),
    "images": ("Images", 170),
    "documents": ("Files", 180),
}


@hooks.register("construct_main_menu")
def use_staffs_words(request: HttpRequest, items: list[MenuItem]) -> None:
    for item in items:
        if item.name in _RENAMED:
            item.label, item.order = _RENAMED[item.name]


@hooks.register("construct_homepage_summary_items", order=100)
def leave_out_documents(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Wagtail counts files under a word that means something else here."""
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]
