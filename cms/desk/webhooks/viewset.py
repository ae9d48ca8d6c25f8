"""Registers the screens for webhooks."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from api.webhooks.models import Endpoint
from cms.desk.standing import StateColumn, WhenColumn

from .forms import EndpointForm
from .views import (
    ActView,
    DeliveryView,
    EndpointCreateView,
    EndpointDeleteView,
    EndpointEditView,
    EndpointIndexView,
    EndpointPageView,
    ReplaceSecretView,
)
from .words import events_of, page_of, state_of


def _place(endpoint: Endpoint) -> str:
    head = getattr(endpoint.channel, "head", None)
    is_behind = head is not None and head.sequence > endpoint.sequence
    return "Has changes to hear of" if is_behind else "Has everything"


class EndpointViewSet(ModelViewSet):
    """Where sites hear of changes."""

    model = Endpoint
    name = "webhooks"
    icon = "rotate"
    menu_label = "Webhooks"
    menu_order = 200
    index_view_class = EndpointIndexView
    add_view_class = EndpointCreateView
    edit_view_class = EndpointEditView
    delete_view_class = EndpointDeleteView
    inspect_view_class = EndpointPageView
    inspect_view_enabled = True
    copy_view_enabled = False
    search_fields = ["url", "description", "channel__name"]
    search_backend_name = None
    list_filter = ["channel", "state"]
    list_per_page = 50
    list_display = [
        TitleColumn(
            "title",
            label="Webhook",
            accessor=str,
            get_url=page_of,
            sort_key="description",
        ),
        Column("channel", label="Site", accessor=lambda one: one.channel.name),
        Column("events", label="What it hears of", accessor=events_of),
        StateColumn("state", label="State", accessor=state_of),
        Column("place", label="How far it is", accessor=_place),
        WhenColumn("confirmed_at", label="Last confirmed"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[EndpointForm]:
        return EndpointForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        kept = [one for one in super().get_urlpatterns() if one.name != "usage"]
        return [
            *kept,
            path("<int:pk>/act/", ActView.as_view(), name="act"),
            path("<int:pk>/secret/", ReplaceSecretView.as_view(), name="secret"),
            path(
                "<int:pk>/messages/<int:delivery>/",
                DeliveryView.as_view(),
                name="message",
            ),
        ]
