from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The editors' desk: every admin screen that shows something of the API."""

    name = "cms.desk"
    label = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let drafts be seen on the sites, and the list of articles name these."""
        from cms.desk import preview
        from cms.desk.article_sites import SiteFilter, SitesColumn
        from content_models import previews
        from content_models.article_list import show_also

        previews.serve_with(preview.show)
        show_also(SitesColumn("sites", label="Sites", width="7%"), site=SiteFilter())
