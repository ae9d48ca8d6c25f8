from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The editors' desk: every admin screen that shows something of the API."""

    name = "cms.desk"
    label = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let drafts be seen on the sites."""
        from cms.desk import preview
        from content_models import previews

        previews.serve_with(preview.show)
