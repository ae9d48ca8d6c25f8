"""The project's settings for tests: the same, but quick, and in their own place."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Whatever the shell is set up for, tests run as on one's own machine; only the database
# may be another. A data folder of their own keeps them apart from a running demo.
os.environ["PUBLIC_BASE_URL"] = "http://localhost:8000"
os.environ["SECRET_KEY"] = "for tests only, and the same on every machine: 0123456789"
os.environ["DEBUG"] = "false"
# A test run asks more often than a caller may; those of the limit set one.
os.environ["RATE_LIMIT"] = os.environ["KEY_RATE_LIMIT"] = "0"
os.environ["REDIS_URL"] = ""
os.environ["TRUSTED_PROXIES"] = "0"
os.environ.setdefault("CLINICAST_TEST_DATA_DIR", ".data/test")
os.environ["CLINICAST_DATA_DIR"] = os.environ["CLINICAST_TEST_DATA_DIR"]

from cms.settings import *  # noqa: F403
from cms.settings import DATABASES, MIDDLEWARE

# Every answer of the API that a test sees is held to its OpenAPI document.
MIDDLEWARE = ["tests.contract.middleware.HoldToContract", *MIDDLEWARE]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A test that commits need not wait for the disk.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"

# Each test client would otherwise read the whole list of static files.
WHITENOISE_AUTOREFRESH = True

MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="clinicast-media-"))
atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)
