from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """What we call: the addresses of sites that want to hear of changes."""

    name = "api.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
    default_auto_field = "django.db.models.BigAutoField"
