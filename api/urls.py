"""Every door of the API, and the pages that explain it."""

from __future__ import annotations

from django.urls import include, path

from api.openapi import Description

urlpatterns = [
    path("api/v1/", include("api.delivery.urls")),
    path("api/v1/sync/", include("api.sync.urls")),
    path("api/v1/openapi.json", Description.as_view(), name="openapi"),
    path("feeds/", include("api.feeds.urls")),
    path("embed/", include("api.embeds.urls")),
    path("developers/", include("api.developers.urls")),
]
