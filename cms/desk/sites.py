"""The menu of sites: what each carries, and where each hears of changes."""

from __future__ import annotations

from wagtail.admin.viewsets.base import ViewSetGroup

from .channels.viewset import ChannelViewSet
from .webhooks.viewset import EndpointViewSet


class SitesGroup(ViewSetGroup):
    """Who carries what we publish."""

    items = (ChannelViewSet, EndpointViewSet)
    menu_label = "Sites"
    menu_name = "sites-menu"
    menu_icon = "desktop"
    menu_order = 160
