"""What is started to be measured, each on its core: servers, and the database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2

from cms.demo import parts
from cms.readers import BASE_DIR
from tests.edge.varnish import TOKEN, varnish
from tests.machine import free_port, until

from .databases import COPY
from .rows import LIST

# The door that production serves.
OURS = "cms.wsgi:application"
RIVAL = "tests.bench.rivals.wsgi:application"
# As in docs/operating.md.
THREADS = 8

# The server and its database share one core, the load and the editor have the other.
SERVER_CORE, LOAD_CORE = 0, 1


# What a core that rests does at most, percent; how long that is looked at, waited for.
BUSY, LOOKED_S, RESTED_S = 10, 0.2, 90


def rested() -> None:
    """Wait until nobody works on the servers' core.

    A slow server has still to answer those who left, and would take from the next one.
    """

    def is_idle() -> bool:
        return bool(psutil.cpu_percent(LOOKED_S, percpu=True)[SERVER_CORE] < BUSY)

    if not until(is_idle, within_s=RESTED_S):
        sys.exit("The servers' core does not come to rest: stop what else runs.")


class Server:
    """One server process: its port, and what it and its children take of memory."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid

    @property
    def memory_mb(self) -> float:
        """The resident memory of its largest process: of the one worker."""
        return memory_mb(self.pid)


def memory_mb(pid: int) -> float:
    """The resident memory of the largest of a process and its children."""
    return max(_resident_mb(one) for one in (pid, *_children(pid)))


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
def granian(application: str, path: str, **environ: str) -> Iterator[Server]:
    """`application` as the docs start the web server, but with one worker."""
    port = free_port()
    command = parts.web(port)
    command[-1] = application
    command[command.index("--workers") + 1] = "1"
    command[command.index("--blocking-threads") + 1] = str(THREADS)
    command[-1:-1] = ["--log-level", "error"]
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
def behind_varnish() -> Iterator[Server]:
    """Ours behind Varnish as the docs set both up, with the worker that tells it.

    Raises NoVarnish.
    """
    port = free_port()
    ours = {"EDGES": f"http://127.0.0.1:{port}", "EDGE_TOKEN": TOKEN}
    ours |= {"TRUSTED_PROXIES": "1"}
    core = ["/usr/bin/env", "taskset", "-c"]
    with ExitStack() as stack:
        origin = stack.enter_context(granian(OURS, "/health", **ours))
        edge = stack.enter_context(
            varnish(origin.port, port, before=[*core, str(SERVER_CORE)])
        )
        # It works for all that is published, so it is no part of what is measured.
        worker = subprocess.Popen(
            [*core, str(LOAD_CORE), sys.executable, "manage.py", "worker"],
            cwd=BASE_DIR,
            env={**os.environ, **ours, "LOG_LEVEL": "ERROR"},
        )
        stack.callback(_ended, worker)

        def is_told() -> bool:
            with urllib.request.urlopen(f"http://127.0.0.1:{origin.port}{LIST}") as got:
                return got.headers["CDN-Cache-Control"].startswith("max-age=600")

        if not until(is_told, within_s=90):
            sys.exit("The worker does not tell Varnish what is out of date.")
        yield Server(edge.port, edge.pid)


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
        yield Server(port, process.pid)
    finally:
        _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
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
        # Those to come begin on the cores of their parent, if that is on this machine.
        self._parent = _parent_of(self._connection.info.backend_pid)

    def close(self) -> None:
        self._connection.close()
        self._begin_on(list(range(psutil.cpu_count())))

    def pin(self) -> None:
        """Put the backends of this database and its copy onto the server's core.

        Also those to come, of any database, until this is closed.
        """
        self._begin_on([SERVER_CORE])
        for (pid,) in self._rows(
            "SELECT pid FROM pg_stat_activity "
            f"WHERE datname IN (current_database(), current_database() || '{COPY}')"
        ):
            with suppress(OSError):
                os.sched_setaffinity(pid, {SERVER_CORE})

    def _begin_on(self, cores: list[int]) -> None:
        with suppress(psutil.Error, OSError):
            if self._parent:
                self._parent.cpu_affinity(cores)

    def _rows(self, statement: str) -> list[tuple[int, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


def _parent_of(backend: int) -> psutil.Process | None:
    with suppress(psutil.Error):
        parent: psutil.Process | None = psutil.Process(backend).parent()
        return parent if parent and parent.name() == "postgres" else None
    return None
