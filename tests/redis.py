"""Redis servers for tests: the machine's, and ones that may be killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis

from tests.machine import free_port, until

# A database that nothing else uses.
MACHINES = "redis://127.0.0.1:6379/9"


class Server:
    """A server of the test's own, with nothing on disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        program = shutil.which("redis-server") or ""
        self.process = subprocess.Popen(
            [program, *options],
            stdout=subprocess.DEVNULL,
            cwd="/tmp",  # noqa: S108
        )
        assert until(lambda: answers(self.url))

    def send(self, sign: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(sign)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_timeout=1).ping())
    except redis.RedisError:
        return False


@pytest.fixture
def own_redis() -> Iterator[Server]:
    if shutil.which("redis-server") is None:
        pytest.skip("NOT TESTED WITHOUT REDIS: there is no redis-server")
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def any_redis() -> Iterator[str]:
    """The address of the machine's server, or of one that is started for the test."""
    if answers(MACHINES):
        yield MACHINES
        return
    if shutil.which("redis-server") is None:
        pytest.skip(f"NOT TESTED WITHOUT REDIS: none answers as {MACHINES}")
    server = Server()
    server.start()
    yield server.url
    server.kill()


@pytest.fixture
def buckets(any_redis: str) -> Iterator[str]:
    """The name of a policy that nobody else counts; its keys are deleted."""
    name = uuid4().hex
    yield name
    client = redis.Redis.from_url(any_redis)
    for key in client.scan_iter(f"clinicast:limit:{name}:*"):
        client.delete(key)
