"""Every door of the API, and the pages that explain its errors."""

from __future__ import annotations

from django.urls import include, path

from api import problems
from api.openapi import Description

urlpatterns = [
    path("api/v1/", include("api.delivery.urls")),
    path("api/v1/openapi.json", Description.as_view(), name="openapi"),
    path("developers/problems/<slug:name>/", problems.page, name="problem"),
]
