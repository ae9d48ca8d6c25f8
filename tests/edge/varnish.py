"""Varnish as the docs set it up, before an origin on this machine."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cms.readers import BASE_DIR
from tests.machine import free_port, until

MISSING = "no varnishd; on Debian: apt-get install varnish varnish-modules"
# By which an edge knows the server that tells it what to forget.
TOKEN = "a token of which only the test knows"
DOCS = BASE_DIR / "docs" / "edge.md"


class NoVarnish(Exception):
    """There is none on this machine; the message says how to have it."""


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def was_kept(self) -> bool:
        return self.headers["X-Cache"] == "hit"


class Edge:
    """Where Varnish listens and works, and one question to it."""

    # Of its process, once it runs.
    pid = 0

    def __init__(self, port: int, work: Path) -> None:
        self.port = port
        self._work = work

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """`Name_1="…"` is sent as `Name-1`; write `__` for a real underscore."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers=named(headers))
        got = connection.getresponse()
        answer = Answer(got.status, got.headers, got.read())
        connection.close()
        return answer

    def counted(self, what: str) -> int:
        """One of the counters that Varnish keeps of itself."""
        # It writes them down about once a second.
        time.sleep(1.2)
        counters = ["varnishstat", "-1", "-n", str(self._work), "-f", f"MAIN.{what}"]
        said = subprocess.run(counters, capture_output=True, text=True, check=True)
        return int(said.stdout.split()[1])


def named(headers: dict[str, str]) -> dict[str, str]:
    return {
        name.replace("__", "\0").replace("_", "-").replace("\0", "_"): text
        for name, text in headers.items()
    }


def configuration(origin_port: int) -> str:
    """The VCL of the docs, with the port of another origin and another token."""
    blocks = re.findall(r"```vcl\n(.*?)```", DOCS.read_text(), re.DOTALL)
    (vcl,) = blocks
    written, changes = re.subn(r'\.port = "8000";', f'.port = "{origin_port}";', vcl)
    assert changes == 1
    written, changes = re.subn('"Bearer EDGE_TOKEN"', f'"Bearer {TOKEN}"', written)
    assert changes == 1
    return written


def command() -> list[str]:
    """How the docs start it."""
    (line,) = re.findall(r"^varnishd .*$", DOCS.read_text(), re.MULTILINE)
    return line.split()


@contextmanager
def varnish(
    origin_port: int, port: int | None = None, before: Sequence[str] = ()
) -> Iterator[Edge]:
    """Varnish, on a free port if none is given. Raises NoVarnish.

    Its folder is open to the user that it runs as. `before` are words before its
    command, such as a core to run on.
    """
    program = shutil.which("varnishd", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        raise NoVarnish(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="clinicast-edge-"))
    folder.chmod(0o755)
    (folder / "default.vcl").write_text(configuration(origin_port))
    edge = Edge(port or free_port(), folder / "work")
    given = {":6081": f"127.0.0.1:{edge.port}"}
    given |= {"/etc/varnish/default.vcl": str(folder / "default.vcl")}
    arguments = [given.get(word, word) for word in command()[1:]]
    said = (folder / "said").open("w+")
    process = subprocess.Popen(
        [*before, program, "-F", "-n", str(folder / "work"), *arguments],
        stdout=said,
        stderr=subprocess.STDOUT,
    )

    edge.pid = process.pid

    def is_up() -> bool:
        try:
            return bool(edge.ask("/").status)
        except OSError:
            return process.poll() is not None

    try:
        assert until(is_up, within_s=60)
        assert process.poll() is None, (folder / "said").read_text()
        yield edge
    finally:
        process.terminate()
        process.wait(timeout=20)
        said.close()
        shutil.rmtree(folder, ignore_errors=True)
