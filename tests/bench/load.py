"""Load from outside: wrk on a core of its own, and what it says."""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .rows import Row
from .serving import LOAD_CORE, rested

MISSING = "make bench needs wrk; on Debian: apt-get install wrk"
_MS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Run:
    """What one run of the load came to: requests a second, milliseconds, failures."""

    rate: float
    p50_ms: float
    p99_ms: float
    failed: int
    # How many articles were published meanwhile, each second.
    published: float = 0


def options(parser: argparse.ArgumentParser, rounds: int, seconds: int) -> None:
    """What whoever measures rows may ask for."""
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seconds", type=int, default=seconds)
    parser.add_argument("--only", default="", help="a pattern of names of rows")


@cache
def wrk() -> str:
    """Where it is; ends the program where it is not."""
    return shutil.which("wrk") or sys.exit(MISSING)


def command(port: int, row: Row, seconds: int) -> list[str]:
    """The load of `row`, which names no places any more, for so long."""
    given = [
        part for name, to in row.headers.items() for part in ("-H", f"{name}: {to}")
    ]
    script = ["-s", row.script] if row.script else []
    return [
        *("taskset", "-c", str(LOAD_CORE), wrk(), "-t1", f"-c{row.connections}"),
        *(f"-d{seconds}s", "--latency", "--timeout", "30s", *script, *given),
        f"http://127.0.0.1:{port}{row.path}",
    ]


def run(port: int, row: Row, seconds: int) -> Run:
    if not row.is_edited:
        rested()
    said = subprocess.run(
        command(port, row, seconds), capture_output=True, text=True, check=True
    ).stdout
    errors = re.findall(r"Non-2xx or 3xx responses: (\d+)", said)
    for counts in re.findall(r"Socket errors: (.*)", said):
        errors += re.findall(r"\d+", counts)
    return Run(
        float(_found(r"Requests/sec:\s+([\d.]+)", said)[0]),
        _ms(said, "50%"),
        _ms(said, "99%"),
        sum(map(int, errors)),
    )


def _ms(said: str, percentile: str) -> float:
    number, unit = _found(rf"{percentile}\s+([\d.]+)(us|ms|s|m)", said)
    return float(number) * _MS[unit]


def _found(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"wrk said something else:\n{text}")
    return found.groups()


def ask(
    port: int, path: str, headers: Mapping[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One answer: status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=dict(headers or {}))
    got = connection.getresponse()
    answer = got.status, got.headers, got.read()
    connection.close()
    return answer
