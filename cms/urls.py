"""The whole URL map on one page."""

from __future__ import annotations

from csp.decorators import csp_update
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as file_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms import health
from cms.desk.transactions import publishes

# Wagtail's date pickers and previews use inline scripts and styles, so the admin,
# and only the admin, allows them.
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["blob:"],
    "connect-src": ["'self'"],
}

decorate_urlpatterns(admin_urls.urlpatterns, publishes)
decorate_urlpatterns(admin_urls.urlpatterns, csp_update(ADMIN_POLICY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/cms/"), name="home"),
    path("cms/", include(admin_urls)),
    path("", include("api.urls")),
    # "Document" is our word for what the API serves: uploads are files.
    path("files/", include(file_urls)),
    # Uploaded files are served by Wagtail only, which asks for their privacy.
    re_path(
        r"^media/(?P<path>(?!documents/).+)$",
        serve,
        {"document_root": settings.MEDIA_ROOT},
    ),
    path("health", health.health, name="health"),
]
