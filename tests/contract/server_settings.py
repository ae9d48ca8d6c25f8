"""The project's own settings, on the database of the tests that started the server."""

from __future__ import annotations

import os
from pathlib import Path

from cms.settings import *  # noqa: F403
from cms.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["CLINICAST_TEST_DATABASE"]
MEDIA_ROOT = Path(os.environ["CLINICAST_TEST_MEDIA"])
