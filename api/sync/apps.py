from __future__ import annotations

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The change feed."""

    name = "api.sync"
    label = "sync"
    verbose_name = "Change feed"
    default_auto_field = "django.db.models.BigAutoField"
