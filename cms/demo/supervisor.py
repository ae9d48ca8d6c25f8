"""Starts the parts of a demo, watches them, and leaves nothing behind.

Every part runs in a session of its own: Ctrl-C reaches the supervisor only, which then
ends the others in order. Their output goes to files, so none depends on its reader.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cms.demo import leftovers
from cms.demo.parts import Part
from cms.readers import BASE_DIR

START_S = 90
ASK_EVERY_S = 0.1
WATCH_EVERY_S = 0.5
LOOK_AT_DATABASE_EVERY_S = 5
# A part that ends so often within so many seconds is not mended by starting it.
TRIES = 5
TRIES_WITHIN_S = 60
LOG_LINES = 15


class DemoFailed(Exception):
    """The demo cannot go on; the message is for the person at the terminal."""


def say(line: str) -> None:
    # The terminal may be gone, and that must not keep us from stopping the rest.
    with suppress(OSError):
        print(line, flush=True)  # noqa: T201


@dataclass
class Child:
    """One part as a process."""

    part: Part
    data_dir: Path
    ended_at: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        return self.data_dir / "logs" / f"{self.part.name}.log"

    def start(self) -> None:
        marks = leftovers.marks(self.data_dir, self.part.name)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.part.command,
                cwd=BASE_DIR,
                env={
                    **os.environ,
                    **self.part.environ,
                    **marks,
                    "PYTHONUNBUFFERED": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait until it answers. Raises DemoFailed when it ends, or takes too long."""
        if self.part.port is None:
            return
        deadline = time.monotonic() + START_S
        while not answers(self.part.url):
            if self.process.poll() is not None:
                raise DemoFailed(f"{self.obituary()}\n{self.log_end()}")
            if time.monotonic() > deadline:
                raise DemoFailed(
                    f"{self.part.name} has not answered at {self.part.url} within "
                    f"{START_S} s.\n{self.log_end()}"
                )
            time.sleep(ASK_EVERY_S)

    def revive(self) -> None:
        """Start it again after an end that nobody asked for.

        Raises DemoFailed when that has happened too often.
        """
        now = time.monotonic()
        self.ended_at = [t for t in self.ended_at if now - t < TRIES_WITHIN_S] + [now]
        if len(self.ended_at) >= TRIES:
            raise DemoFailed(
                f"{self.obituary()} This happened {TRIES} times within "
                f"{TRIES_WITHIN_S} s.\n{self.log_end()}"
            )
        say(f"{self.obituary()} Starting it again.")
        # Its own children may live on and hold its port.
        leftovers.end(leftovers.of(self.data_dir, self.part.name))
        self.start()

    def obituary(self) -> str:
        code = self.process.poll()
        if code is not None and code < 0:
            cause = f"was killed ({signal.Signals(-code).name})"
        else:
            cause = f"ended by itself (exit code {code})"
        return f"{self.part.name} {cause}."

    def log_end(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        return "\n".join([f"The end of {self.log}:", *(f"  {line}" for line in lines)])


@dataclass
class Supervisor:
    """All parts of one demo. `keep_database` is asked regularly to mend what it can."""

    parts: Sequence[Part]
    data_dir: Path
    keep_database: Callable[[], None]
    children: list[Child] = field(default_factory=list)

    def start(self) -> None:
        """Start every part, and wait until all that have an address answer.

        Those without one come last: nobody waits for them, and they would compete.
        """
        (self.data_dir / "logs").mkdir(parents=True, exist_ok=True)
        for has_port in (True, False):
            for part in self.parts:
                if bool(part.port) == has_port:
                    child = Child(part, self.data_dir)
                    child.log.write_bytes(b"")
                    child.start()
                    self.children.append(child)
            for child in self.children:
                child.wait_until_ready()

    def watch(self) -> None:
        """Look after everything until a signal interrupts it. Raises DemoFailed."""
        looked_at = 0.0
        while True:
            if time.monotonic() - looked_at > LOOK_AT_DATABASE_EVERY_S:
                self.keep_database()
                looked_at = time.monotonic()
            for child in self.children:
                if child.process.poll() is not None:
                    child.revive()
            time.sleep(WATCH_EVERY_S)

    def stop(self) -> None:
        leftovers.end(leftovers.of(self.data_dir))
        for child in self.children:
            child.process.wait()


def answers(url: str) -> bool:
    """Whether `url` gives any answer that is not an error."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False
