"""The whole URL map on one page."""

from __future__ import annotations

from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail.admin import urls as admin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as file_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms import health
from cms.desk import preview_door
from cms.desk.framing import frames_the_sites
from cms.desk.staff_time import in_staffs_time
from cms.desk.transactions import publishes

# Wagtail's date pickers and previews use inline scripts and styles, so the admin,
# and only the admin, allows them.
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["blob:"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
}


def stored(request: HttpRequest, path: str, document_root: Path) -> HttpResponseBase:
    """A file below `document_root`; 404 also for a name that no file could have."""
    try:
        return serve(request, path, str(document_root))
    except OSError as error:
        raise Http404 from error


def folder(name: str) -> dict[str, Path]:
    """What `stored` takes; it refuses paths that lead out of the folder."""
    return {"document_root": settings.MEDIA_ROOT / name}


# The first is the innermost. A practice that is missing is made where it is looked for,
# so that has to be within a publication.
decorate_urlpatterns(admin_urls.urlpatterns, in_staffs_time)
decorate_urlpatterns(admin_urls.urlpatterns, publishes)
decorate_urlpatterns(admin_urls.urlpatterns, csp_update(ADMIN_POLICY))
decorate_urlpatterns(admin_urls.urlpatterns, frames_the_sites)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/cms/"), name="home"),
    path("cms/", include(admin_urls)),
    path("", include("api.urls")),
    # "Document" is our word for what the API serves: uploads are files.
    path("files/", include(file_urls)),
    # Renditions and portraits of staff are public. Originals are for staff, and files
    # are served by Wagtail, which asks for their privacy.
    path("media/images/<path:path>", stored, folder("images")),
    path("media/avatar_images/<path:path>", stored, folder("avatar_images")),
    path(
        "media/original_images/<path:path>",
        require_admin_access(stored),
        folder("original_images"),
    ),
    # Drafts for the sites that show them to staff: nothing of the API.
    path("preview/", preview_door.door, name="preview"),
    path("health", health.health, name="health"),
]
