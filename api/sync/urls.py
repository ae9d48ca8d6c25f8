"""The door's part of the address space: `/api/v1/sync/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import Sync

urlpatterns: list[URLPattern] = [path("", Sync.as_view(), name="sync")]
