from __future__ import annotations

from django.urls import path

from .views import module

urlpatterns = [path("v1/clinic-feed.js", module, name="embed")]
