from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_save


class ContentModelsConfig(AppConfig):
    """What staff write."""

    name = "content_models"
    label = "content_models"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Not before all models are known.
        from wagtail.models import Locale

        from content_models import languages

        pre_save.connect(languages.keep_code, sender=Locale)
