"""PostgreSQL's processes, found by the folder they work in.

Pid files lie after a kill; every process of a server, and no other, has the data
folder as its working directory.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import psutil

PATIENCE_S = 5


def of(data: Path) -> list[psutil.Process]:
    """The live processes of the server on `data`, its children included."""
    return [process for process in psutil.process_iter() if works_in(process, data)]


def works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.name().startswith("postgres") and process.cwd() == str(data)
    except psutil.Error:
        # It ended just now, waits to be buried, or belongs to somebody else.
        return False


def end(data: Path) -> None:
    """End whatever is left of the server on `data`: asked first, then killed."""
    # For PostgreSQL, SIGQUIT means: stop at once, the next start will mend it.
    for number in (signal.SIGQUIT, signal.SIGKILL):
        left = of(data)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        psutil.wait_procs(left, timeout=PATIENCE_S)


def exists(pid: int) -> bool:
    """Whether any process has this pid, a dead one that is not buried yet included."""
    return psutil.pid_exists(pid)
