"""A project as others would make it of the same content, on the same server."""

from cms.settings import *  # noqa: F403
from cms.settings import INSTALLED_APPS

ROOT_URLCONF = "tests.bench.rivals.urls"
INSTALLED_APPS = [
    *INSTALLED_APPS,
    "wagtail.api.v2",
    "django.contrib.postgres",
    "tests.bench.rivals",
]
# As `wagtail start` makes it, but for sessions and users, which neither API needs.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
