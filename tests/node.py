"""Tools that Node.js runs: installed once, as a lock names them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

LOCK = "package-lock.json"


def installed(here: Path, purpose: str) -> Path:
    """The folder with the packages of the lock in `here`; its name is that of `here`.

    Skips the test where Node.js is missing, for which `purpose` says what it does; with
    CLINICAST_REQUIRE_NODE=1 fails it.
    """
    npm = program("npm", purpose)
    folder = Path(os.environ["CLINICAST_DATA_DIR"]).resolve() / here.name
    folder.mkdir(parents=True, exist_ok=True)
    lock = (here / LOCK).read_text()
    stamp = folder / "installed.json"
    # Two test processes may need it at the same moment.
    with (folder / "installing.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != lock:
            for name in ("package.json", LOCK):
                shutil.copy(here / name, folder)
            arguments = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(arguments, cwd=folder, check=True)
            stamp.write_text(lock)
    return folder


def program(name: str, purpose: str) -> str:
    """The path of one of Node.js's programs; skips or fails where there is none."""
    found = shutil.which(name)
    if found is None:
        missing = f"{name} is not installed; it {purpose}"
        if os.environ.get("CLINICAST_REQUIRE_NODE") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
