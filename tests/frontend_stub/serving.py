"""The example sites as processes of their own, and questions to them over HTTP."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

SERVE = Path(__file__).parents[2] / "frontend_stub" / "serve.py"

Ask = Callable[..., tuple[http.client.HTTPResponse, bytes]]


@contextmanager
def running(
    *arguments: str, serve: Path = SERVE
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The server as a process of its own on a free port."""
    command = [sys.executable, str(serve), *arguments, "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, urlsplit(line.split()[-1]).port or 0
    finally:
        process.kill()
        process.wait()


def asking(port: int) -> Ask:
    def ask(
        path: str, method: str = "GET", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        # Sent as it is written: http.client does not tidy up "..".
        connection.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    return ask
