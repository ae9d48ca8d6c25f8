"""The menu of sites: what each carries and has, and where each hears of changes."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup

from .channels.viewset import ChannelViewSet
from .propagation.words import may_see
from .webhooks.viewset import EndpointViewSet


class SitesHaveMenuItem(MenuItem):
    """The report, for those who see the sites."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


class SitesGroup(ViewSetGroup):
    """Who carries what we publish."""

    items = (ChannelViewSet, EndpointViewSet)
    menu_label = "Sites"
    menu_name = "sites-menu"
    menu_icon = "desktop"
    menu_order = 160

    def get_submenu_items(self) -> list[MenuItem]:
        url = reverse("sites_have")
        report = SitesHaveMenuItem(
            "What sites have", url, name="sites-have", icon_name="check", order=300
        )
        return [*super().get_submenu_items(), report]
