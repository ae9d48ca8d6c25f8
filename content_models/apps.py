from __future__ import annotations

from django.apps import AppConfig


class ContentModelsConfig(AppConfig):
    """What staff write."""

    name = "content_models"
    label = "content_models"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"
