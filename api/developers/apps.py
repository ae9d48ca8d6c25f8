from __future__ import annotations

from django.apps import AppConfig


class DevelopersConfig(AppConfig):
    """Where those who write microsites and partner pages meet the API."""

    name = "api.developers"
    label = "developers"
    verbose_name = "Developers' pages"
