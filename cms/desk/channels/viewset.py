"""Registers the screens for channels."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from api.channels.models import Channel
from cms.desk.addresses import page_of
from cms.desk.standing import StateColumn, WhenColumn

from .columns import BehindColumn
from .keys import MakeKeyView, RevokeKeyView
from .page import ChannelPageView
from .views import ChannelCreateView, ChannelEditView, ChannelIndexView
from .words import carries, state_of


def _articles(channel: Channel) -> int:
    counts = channel.head.counts if hasattr(channel, "head") else {}
    return sum(n for name, n in counts.items() if name.startswith("article:"))


class ChannelViewSet(ModelViewSet):
    """Channels are suspended, not deleted: what was on them stays on record."""

    model = Channel
    name = "channels"
    icon = "desktop"
    menu_label = "Channels"
    index_view_class = ChannelIndexView
    add_view_class = ChannelCreateView
    edit_view_class = ChannelEditView
    inspect_view_class = ChannelPageView
    inspect_view_enabled = True
    copy_view_enabled = False
    search_fields = ["name", "slug", "contact_name"]
    search_backend_name = None
    list_filter = ["role", "is_open", "is_suspended"]
    ordering = ["name"]
    list_per_page = 50
    list_display = [
        TitleColumn(
            "name", label="Name", get_url=page_of, classname="title", width="20%"
        ),
        Column("role", label="Whose site", accessor="get_role_display", width="11%"),
        Column(
            "is_open",
            label="Read by",
            accessor=lambda one: "Everyone" if one.is_open else "Key",
        ),
        Column("carries", label="What it carries", accessor=carries, width="22%"),
        Column("articles", label="Articles now", accessor=_articles),
        StateColumn("state", label="State", accessor=state_of),
        BehindColumn("behind", label="How far it is", accessor="pk"),
        WhenColumn("last_read_at", label="Key last used"),
    ]

    def get_form_class(self, for_update: bool = False) -> None:
        """Which fields there are depends on the channel: its view says."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        without = {f"{name}_url_name": None for name in _LEFT_OUT}
        return super().get_common_view_kwargs(**{**without, **kwargs}) | without

    def get_urlpatterns(self) -> list[Any]:
        kept = [one for one in super().get_urlpatterns() if one.name not in _LEFT_OUT]
        return [
            *kept,
            path("<int:pk>/keys/make/", MakeKeyView.as_view(), name="make_key"),
            path(
                "<int:pk>/keys/<int:key>/revoke/",
                RevokeKeyView.as_view(),
                name="revoke_key",
            ),
        ]


_LEFT_OUT = {"delete", "usage"}
