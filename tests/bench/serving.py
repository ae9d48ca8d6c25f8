"""What is started to be measured, each on its core: servers, and the database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

from cms.demo import parts
from cms.readers import BASE_DIR
from tests.machine import free_port, until

# The server and its database share one core, the load and the editor have the other.
SERVER_CORE, LOAD_CORE = 0, 1


class Server:
    """One server process: its port, and what it and its children take of memory."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self._process = port, process

    @property
    def memory_mb(self) -> float:
        """The resident memory of its largest process: of the one worker."""
        pids = [self._process.pid, *_children(self._process.pid)]
        return max(_resident_mb(pid) for pid in pids)


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [one for task in map(int, tasks) for one in (task, *_children(task))]
    return []


def _resident_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0


@contextmanager
def granian(
    application: str, path: str, threads: int | None = None, **environ: str
) -> Iterator[Server]:
    """`application` as the docs start the web server, but with one worker."""
    port = free_port()
    command = parts.web(port)
    command[-1] = application
    given = {"--workers": "1"}
    if threads is not None:
        given["--blocking-threads"] = str(threads)
    for option, value in given.items():
        command[command.index(option) + 1] = value
    ours = {"PUBLIC_BASE_URL": f"http://localhost:{port}", "LOG_LEVEL": "ERROR"}
    with _running(command, port, path, ours | environ) as server:
        yield server


@contextmanager
def nginx(body: bytes) -> Iterator[Server]:
    """nginx with one worker and one file, `/list.json`."""
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="clinicast-bench-"))
    folder.chmod(0o755)
    (folder / "list.json").write_bytes(body)
    (folder / "nginx.conf").write_text(
        "daemon off; worker_processes 1; error_log stderr crit; pid nginx.pid;\n"
        "events {}\nhttp { access_log off; keepalive_requests 1000000;\n"
        f" types {{ application/json json; }}\n"
        f" server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    command = [program or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    try:
        with _running(command, port, "/list.json", {}) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(
    command: list[str], port: int, path: str, environ: Mapping[str, str]
) -> Iterator[Server]:
    process = subprocess.Popen(
        ["/usr/bin/env", "taskset", "-c", str(SERVER_CORE), *command],
        cwd=BASE_DIR,
        env={**os.environ, **environ},
    )

    def is_up() -> bool:
        with suppress(OSError):
            address = f"http://127.0.0.1:{port}{path}"
            with urllib.request.urlopen(address, timeout=20) as answer:
                return bool(answer.status == 200)
        return process.poll() is not None

    try:
        if not until(is_up, within_s=90) or process.poll() is not None:
            sys.exit(f"Did not start: {' '.join(command)}")
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


class Backends:
    """The database's processes, through a connection of its own."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._connection = psycopg2.connect(
            dbname=settings["NAME"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            host=settings["HOST"],
            port=settings["PORT"] or None,
        )
        self._connection.autocommit = True

    def pin(self) -> None:
        """Put the backends of this database onto the server's core."""
        for (pid,) in self._rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        ):
            with suppress(OSError):
                os.sched_setaffinity(pid, {SERVER_CORE})

    def _rows(self, statement: str) -> list[tuple[int, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
