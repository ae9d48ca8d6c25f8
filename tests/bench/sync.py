"""The change feed of many articles on many channels: `make bench-sync`.

One consumer reads all of a channel in lines, and then ten changes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from django.db import connection

from . import copies, corpus, counting, editor, load, report, serving
from .rivals import bare
from .rows import Row
from .serving import LOAD_CORE, OURS, RIVAL, Backends, Server

ARTICLES, CHANNELS = 10_000, 30
ROUNDS, CHANGES, ASKED = 3, 10, 200
# Of the documents that are there from the start, so that somebody can edit them.
WITH_CONTENT = 1_000
# The last of the channels.
START = "/api/v1/sync/?channel=copy-{}&format=ndjson"
WANTED_RATE, FLAT_MB = 5_000, 20
READ_B = 1 << 20


@dataclass(frozen=True)
class Full:
    """One reading of all that a channel carries."""

    documents: int
    size_mb: float
    took_s: float
    checkpoint: str

    @property
    def rate(self) -> float:
        return self.documents / self.took_s


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--channels", type=int, default=CHANNELS)


def main(asked: argparse.Namespace) -> None:
    with_content = min(WITH_CONTENT, asked.articles)
    corpus.made(with_content, is_on_one_channel=True, is_kept=asked.kept)
    corpus.grow(asked.articles, with_content=False)
    copies.channels(asked.channels)
    start = START.format(asked.channels - 1)
    os.sched_setaffinity(0, {LOAD_CORE})
    with ExitStack() as stack:
        server = stack.enter_context(serving.granian(OURS, "/health"))
        module = "tests.bench.rivals.bare_settings"
        one_select = stack.enter_context(
            serving.granian(RIVAL, "/unchanged", DJANGO_SETTINGS_MODULE=module)
        )
        backends = Backends(connection.settings_dict)
        stack.callback(backends.close)
        read_all(server.port, start)
        backends.pin()
        at_rest_mb = server.memory_mb
        with peak(server) as seen_mb:
            full = [read_all(server.port, start) for _ in range(ROUNDS)]
        for pk in editor.articles()[:CHANGES]:
            editor.publish(pk, "changed")
        delta = f"{start}&since={full[-1].checkpoint}".replace("ndjson", "json")
        told = load.ask(server.port, delta)[2].decode()
        bare.store({"delta": told})
        delta_ms = took_ms(server.port, delta)
        select_ms = took_ms(one_select.port, "/stored/delta")
        statements = counted(delta)
    changes = json.loads(told)["changes"]
    rate = median(one.rate for one in full)
    grown_mb = max(seen_mb) - at_rest_mb
    text = "\n".join(
        [
            f"- {report.machine()}; {asked.articles:,} articles on "
            f"{asked.channels} channels, one web worker, one consumer",
            f"- all of one channel in lines: {full[-1].documents:,} documents, "
            f"{full[-1].size_mb:.0f} MB; median of {ROUNDS}",
            "",
            "| what | wanted | measured | |",
            "|---|---:|---:|---|",
            _line(
                "documents a second", f"≥ {WANTED_RATE:,}", rate, rate >= WANTED_RATE
            ),
            _line(
                f"memory above the {at_rest_mb:.0f} MB of before, at most, MB",
                f"≤ {FLAT_MB}",
                grown_mb,
                grown_mb <= FLAT_MB,
            ),
            f"| a delta of {len(changes)} changes: statements | | {statements} | |",
            f"| a delta of {len(changes)} changes: p50 ms | | {delta_ms:.2f} | |",
            f"| bare Django, one SELECT of the same: p50 ms | | {select_ms:.2f} | |",
            "",
        ]
    )
    print(text)
    if asked.write:
        report.keep(text, "make bench-sync")


def _line(what: str, wanted: str, measured: float, is_reached: bool) -> str:
    verdict = "reached" if is_reached else "not reached"
    return f"| {what} | {wanted} | {measured:,.0f} | {verdict} |"


def read_all(port: int, path: str) -> Full:
    """All that the channel carries, as a consumer reads it; nothing is kept."""
    documents, size_b = 0, 0
    began = time.perf_counter()
    while True:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", path)
        answer, end = client.getresponse(), b""
        while part := answer.read1(READ_B):
            documents += part.count(b"\n")
            size_b += len(part)
            end = (end + part)[-4_096:]
        client.close()
        # The last line says where to go on.
        documents -= 1
        place = json.loads(end.splitlines()[-1])
        if not place["more"]:
            break
        path = f"/api/{place['next'].partition('/api/')[2]}"
    took_s = time.perf_counter() - began
    return Full(documents, size_b / 1e6, took_s, place["checkpoint"])


@contextmanager
def peak(server: Server) -> Iterator[list[float]]:
    """What `server` took of memory meanwhile, MB, looked at twenty times a second."""
    seen, is_over = [server.memory_mb], threading.Event()

    def look() -> None:
        while not is_over.wait(0.05):
            seen.append(server.memory_mb)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        is_over.set()
        looking.join()


def took_ms(port: int, path: str) -> float:
    """The median of asking one after the other on one connection."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        client.request("GET", path)
        client.getresponse().read()
        took.append((time.perf_counter() - began) * 1_000)
    client.close()
    return median(took)


def counted(path: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.counting", OURS],
        input=counting.asked([Row("delta", "ours", path)]),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)
