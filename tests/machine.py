"""What tests use of their machine: its database, and nothing outside of it."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.database.cluster import Cluster
from cms.demo.__main__ import is_free

LOOPBACK = ("127.", "::1", "localhost")


class OutsideWorld(Exception):
    """A test has tried to reach another machine."""


class FreePorts:
    """Ports for the servers of one test run's process, each in its turn.

    Below those that the system lends to whoever connects (from 32768 on Linux, 49152
    elsewhere): one of these may be somebody's by the time its server starts. Each
    process of a test run has a thousand of its own.
    """

    FIRST, EACH, PROCESSES = 20_000, 1_000, 12

    def __init__(self, process: int) -> None:
        self.first = self.FIRST + process % self.PROCESSES * self.EACH
        # Another run on this machine at this time starts elsewhere, most likely.
        self.given = random.randrange(self.EACH)

    def give(self, in_a_row: int = 1) -> int:
        """The first of some ports one after another on which nobody listens."""
        for _ in range(self.EACH):
            if self.given + in_a_row > self.EACH:
                self.given = 0
            port = self.first + self.given
            self.given += in_a_row
            if all(map(is_free, range(port, port + in_a_row))):
                return port
        raise LookupError(f"No port of {self.first} to {port} is free.")


PORTS = FreePorts(int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))


def free_port() -> int:
    return PORTS.give()


def url_of(database: BaseDatabaseWrapper) -> str:
    """What DATABASE_URL has to be for another process to use this database."""
    known = {key: quote(str(it), safe="") for key, it in database.settings_dict.items()}
    url = f"postgres://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}"
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    return f"{url}?host={known['HOST']}{port}"


def until(is_so: Callable[[], object], within_s: float = 10) -> bool:
    """Wait until something is so; False if that takes too long."""
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="session", autouse=True)
def embedded_database_ends() -> Iterator[None]:
    """Stop the embedded PostgreSQL after the last of the test runs that share it."""
    data_dir: Path | None = settings.DATABASES["default"].get("DATA_DIR")
    if data_dir is None:
        yield
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "in-use.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        Cluster(data_dir).stop()


@pytest.fixture(scope="session", autouse=True)
def nobody_outside_is_asked() -> Iterator[None]:
    """Let connections go to this machine only: a test that needs others is wrong."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        is_internet = self.family in (socket.AF_INET, socket.AF_INET6)
        if is_internet and not str(address[0]).startswith(LOOPBACK):
            raise OutsideWorld(f"A test tried to connect to {address[0]}.")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()
