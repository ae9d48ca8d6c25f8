from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The editors' desk: every admin screen that shows something of the API."""

    name = "cms.desk"
    label = "desk"
    verbose_name = "Desk"
