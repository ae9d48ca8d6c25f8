"""Where measurements work: in a database and a folder apart from every other."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

OWN = "_bench"
DATA_DIR = ".data/bench"


def of_their_own() -> None:
    """Choose the database and the data folder, before the settings are read."""
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=parts.path + OWN))
    data_dir = os.environ.get("CLINICAST_DATA_DIR", "")
    os.environ["CLINICAST_DATA_DIR"] = f"{data_dir}{OWN}" if data_dir else DATA_DIR
    os.environ["PUBLIC_BASE_URL"] = "http://localhost:8000"
    # Nobody is refused, but everybody is counted.
    os.environ["RATE_LIMIT"] = os.environ["KEY_RATE_LIMIT"] = "1000000"
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings"
