"""The embedded PostgreSQL, for machines where DATABASE_URL is not set.

Django's settings name this package as their ENGINE (see `base.py`), so the server is
started by the first connection that finds none, and by nothing that needs none.
`make demo` starts and stops it in so many words. This file only knows where it is.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

# The database, and the role that owns it.
NAME = "clinicast"
# Linux allows 107 bytes for the path of a socket, macOS 103.
SOCKET_PATH_BYTES = 103


def home(data_dir: Path) -> Path:
    """The folder of the server, or a symbolic link to it."""
    return data_dir / "postgres"


def socket_dir(data_dir: Path) -> Path:
    """The folder in which clients find the server's socket."""
    near = home(data_dir) / "socket"
    if len(os.fsencode(near / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return near
    short = hashlib.sha256(os.fsencode(near)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"clinicast-{short}"


def settings(data_dir: Path) -> dict[str, Any]:
    """Django's settings for the embedded database of one data folder."""
    return {
        "ENGINE": "cms.database",
        "NAME": NAME,
        "USER": NAME,
        "HOST": str(socket_dir(data_dir)),
        "DATA_DIR": data_dir,
    }
