"""The real server, as the demo starts it, for what no test client can send or show."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import urlopen

import psutil
from django.conf import settings

from cms.demo.parts import web
from tests.machine import free_port, until

STARTED_S = 60


@dataclass(frozen=True)
class Server:
    """A running server with its worker processes."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def resident_bytes(self) -> dict[int, int]:
        """What each worker process holds in memory, by its id."""
        return {one.pid: one.memory_info().rss for one in self.workers()}


@contextmanager
def serving(database: str) -> Iterator[Server]:
    """The server, on the database of that name beside the one of the tests."""
    port = free_port()
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.contract.server_settings",
        "CLINICAST_TEST_DATABASE": database,
        "CLINICAST_TEST_MEDIA": str(settings.MEDIA_ROOT),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(web(port), cwd=settings.BASE_DIR, env=environ)
    server = Server(port, process)
    try:
        assert until(lambda: _answers(server.url), STARTED_S), "No server came up."
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        return bool(urlopen(f"{url}/health").status == 200)
    except OSError:
        return False
