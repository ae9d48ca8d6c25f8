"""What a demo that was killed has left running, recognised by a mark of ours.

Pids are given to others, and children have children; but every process inherits the
environment of its parent. So each part of a demo is started with a variable that names
the demo's data folder, and whatever carries it is ours.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psutil

MARK = "CLINICAST_DEMO"
PART_MARK = "CLINICAST_DEMO_PART"
PATIENCE_S = 8


def marks(data_dir: Path, part: str) -> dict[str, str]:
    return {MARK: str(data_dir), PART_MARK: part}


def of(data_dir: Path, part: str | None = None) -> list[psutil.Process]:
    """The living processes of the demo on `data_dir`, or of one part of it."""
    wanted = {MARK: str(data_dir)} if part is None else marks(data_dir, part)
    found = []
    for process in psutil.process_iter():
        try:
            environ = process.environ()
        except (psutil.Error, OSError):
            # It ended just now, waits to be buried, or belongs to somebody else.
            continue
        if wanted.items() <= environ.items() and process.pid != os.getpid():
            found.append(process)
    return found


def end(processes: list[psutil.Process]) -> None:
    """End them: asked first, and killed when they do not listen."""
    for process in processes:
        tell(process, kill=False)
    _, obstinate = psutil.wait_procs(processes, timeout=PATIENCE_S)
    for process in obstinate:
        tell(process, kill=True)
    psutil.wait_procs(obstinate, timeout=PATIENCE_S)


def tell(process: psutil.Process, *, kill: bool) -> None:
    try:
        if kill:
            process.kill()
        else:
            process.terminate()
    except psutil.NoSuchProcess:
        pass


def holder(port: int) -> str:
    """Who listens on a port, in words; empty where that cannot be known."""
    try:
        for found in psutil.net_connections("inet"):
            # Of an address without a port it is empty.
            at: Any = found.laddr
            is_listener = found.status == psutil.CONN_LISTEN and at and at.port == port
            if is_listener and found.pid:
                return f"{psutil.Process(found.pid).name()}, process {found.pid}"
    except psutil.Error:
        pass
    return ""
