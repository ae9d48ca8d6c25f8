from __future__ import annotations

from django.apps import AppConfig


class EdgeConfig(AppConfig):
    """The caches in front that are told what is out of date."""

    name = "api.edge"
    label = "edge"
    verbose_name = "Edges"
    default_auto_field = "django.db.models.BigAutoField"
