from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Who is asking, and what may they carry."""

    name = "api.channels"
    label = "channels"
    verbose_name = "Channels"
    default_auto_field = "django.db.models.BigAutoField"
