"""Wagtail's checks of content, run inside of the site that shows the draft."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from wagtail.admin.userbar import ContentCheckerItem

from cms.desk.origins import origin_of, site_origins


class SiteChecks(ContentCheckerItem):
    """The checks, for frames of other origins: editor and site must trust each other.

    Source: axe-core's API, `axe.configure`, "allowedOrigins".
    """

    # Only what staff write: the site's own frame around it is not theirs to mend.
    axe_include: ClassVar = ["main"]

    def get_axe_spec(self, request: HttpRequest) -> dict[str, Any]:
        editor = origin_of(settings.PUBLIC_BASE_URL)
        origins = ["<same_origin>", editor, *site_origins()]
        return {**super().get_axe_spec(request), "allowedOrigins": origins}
