"""Every setting, in sections. What differs by machine comes from the environment.

`cms/env.py` reads and checks the environment and holds the table of its variables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cms import database, env, readers

ENV = env.read()
BASE_DIR = readers.BASE_DIR
DATA_DIR = ENV.data_dir
IS_HTTPS = ENV.public_base_url.startswith("https://")

# --- Who we are, and who may ask -------------------------------------------------

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key or env.kept_secret_key(DATA_DIR)
PUBLIC_BASE_URL = ENV.public_base_url
# This machine's own names are for health checks; no address is built from any of them.
ALLOWED_HOSTS = [ENV.host, *ENV.allowed_hosts, "localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Parts -----------------------------------------------------------------------

INSTALLED_APPS = [
    # The project comes first, so that its templates win over Wagtail's.
    "cms",
    "cms.desk",
    "api.documents",
    "api.channels",
    "api.sync",
    "api.developers",
    "api.webhooks",
    "api.edge",
    "content_models",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# The doors of the API need no session and no user: those below are lazy and cost
# them nothing, and nothing that works on every request may be added for the admin.
MIDDLEWARE = [
    # Outside of everything that could answer in place of a door.
    "api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.read_only.ReadOnlyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------

# Publishing opens its own transactions, and the doors must run outside of any, so
# ATOMIC_REQUESTS stays off. Web workers keep their connection; the health check
# makes one that a restarted server has dropped heal on the next request.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **(ENV.database or database.settings(DATA_DIR)),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}

# Disks are solid-state, or all is in memory: an index costs less than by default.
# No document is looked up twice in a list, so to remember those that were (memoize)
# only costs: a fifth of its statement. Compiling a plan takes longer than any statement
# here does, and so does making one again for a statement that is prepared; and starting
# processes that help with one takes longer than all of it.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options",
    "-c random_page_cost=1.1 -c jit=off -c enable_memoize=off "
    "-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0",
)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "api.developers.finders.SwaggerUiFinder",
]
# It belongs to this version of the code, not to the data.
STATIC_ROOT: Path | None = BASE_DIR / ".static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if ENV.is_local:
    # One's own machine serves static files from where they lie: nothing to collect.
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    WHITENOISE_USE_FINDERS = True
    STATIC_ROOT = None

# --- Language and time -----------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("es", "Spanish")]
USE_I18N = True
# Of storage and API; staff see their practice's (cms/desk/staff_time.py).
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["cms.formats"]

# --- Wagtail ---------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Clinicast"
WAGTAILADMIN_BASE_URL = PUBLIC_BASE_URL
WAGTAIL_I18N_ENABLED = True
# Hides Wagtail's choice of one, which says that nothing chosen is the server's.
WAGTAIL_USER_TIME_ZONES: list[str] = []
WAGTAIL_FINISH_WORKFLOW_ACTION = "content_models.workflow.publish_approved"
WAGTAILIMAGES_IMAGE_MODEL = "content_models.Image"
WAGTAILIMAGES_IMAGE_FORM_BASE = "content_models.picture_upload.ImageForm"
# Decoding costs 4 bytes a pixel and more: what no screen needs is refused by name.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# Publishing remembers former addresses itself; redirects are those of staff.
WAGTAILREDIRECTS_AUTO_CREATE = False
# The admin asks nobody outside for pictures or news.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# A long article with many blocks sends more fields than Django's default allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Wagtail's own work: its search and reference indexes, files to delete.
TASKS = {"default": {"BACKEND": "cms.tasks.AfterCommit"}}

# --- API -------------------------------------------------------------------------

# Documents that publishing renders at once; the worker renders the rest.
DOCUMENTS_INLINE_LIMIT = 20

# In which each process keeps open answers.
ANSWER_CACHE_MB = ENV.answer_cache_mb
ANSWER_FRESH_MS = ENV.answer_fresh_ms

# How long consumers of the change feed may stay away, and how many may wait in it.
TOMBSTONE_DAYS = ENV.tombstone_days
EDGES = ENV.edges
EDGE_TOKEN = ENV.edge_token
VERSION_DAYS = ENV.version_days
SYNC_WAITS = ENV.sync_waits

# Requests a minute and address, counted in Redis or by each process.
RATE_LIMIT = ENV.rate_limit
KEY_RATE_LIMIT = ENV.key_rate_limit
REDIS_URL = ENV.redis_url
TRUSTED_PROXIES = ENV.trusted_proxies

# On one's own machine receivers may be there, too, and without https.
WEBHOOKS_REACH_LOOPBACK = ENV.is_local

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.openapi.DoorSchema",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Clinicast",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # `check --deploy` would describe Wagtail's own views too, which it cannot.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "The key of one channel, for servers. Open channels are "
                "read without one.",
            }
        }
    },
}

# --- Security --------------------------------------------------------------------

SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
# A proxy speaks http to us: the origin that browsers name is trusted by its address.
CSRF_TRUSTED_ORIGINS = ["/".join(PUBLIC_BASE_URL.split("/")[:3])]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
# The preview panel of the admin shows pages of this same server in a frame.
X_FRAME_OPTIONS = "SAMEORIGIN"

SILENCED_SYSTEM_CHECKS = [
    # Whether all of a domain and its subdomains are https, its owner knows.
    "security.W005",
    "security.W021",
    # The proxy that holds the certificate sends http to https.
    "security.W008",
    # See X_FRAME_OPTIONS above.
    "security.W019",
]

# For everything; `cms/urls.py` allows the admin what Wagtail needs beyond it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Mail and logs ---------------------------------------------------------------

# What is being written is nobody else's business, unless the operator says so.
LOOK_UP_CITATIONS = ENV.look_up_citations
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
EMAIL_BACKEND = "cms.mail.AfterCommit"
if ENV.mail_server:
    EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(ENV.mail_server)
else:
    EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# Ids and durations, never content: no handler mails or stores request bodies.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {
        # Django's own set-up would write twice.
        "django": {"handlers": [], "level": ENV.log_level, "propagate": True},
        # They tell titles, and every task of each save.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}
