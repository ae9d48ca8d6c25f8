"""How soon it is there, how much goes over the wire, and what it takes of memory.

`make bench-clock`: the home page of a microsite, the start of web and worker, and their
memory at rest and after some minutes of load with an editor.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from statistics import median
from urllib.parse import urlsplit

from django.db import connection
from playwright.sync_api import Request, sync_playwright

from cms.readers import BASE_DIR
from tests import browser
from tests.machine import free_port, until

from . import corpus, load, report, rows, serving
from .serving import LOAD_CORE, OURS, Server, memory_mb

ARTICLES, MINUTES = 1_000, 5
ASKED = 50
SITE = "place-0"
# What is asked under load, one after the other.
LOADED = (
    "list, missed",
    "detail, missed",
    "search, missed",
    "change feed, all articles",
)
LISTENING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query ~ '^LISTEN'"
)


@dataclass(frozen=True)
class Visit:
    """What a browser fetched for one page: how often, and bytes over the wire."""

    requests: int
    size_b: int


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, default=MINUTES)


def main(asked: argparse.Namespace) -> None:
    load.wrk()
    corpus.made(ARTICLES, is_kept=asked.kept)
    lines = [
        f"- {report.machine()}; {ARTICLES:,} articles on {corpus.CHANNELS} channels, "
        f"one web worker of {serving.THREADS} threads; the load: "
        f"{asked.minutes:g} minutes of {', '.join(LOADED)}, with an editor",
        "",
        "| what | measured |",
        "|---|---:|",
    ]
    with ExitStack() as stack:
        began = time.monotonic()
        web = stack.enter_context(serving.granian(OURS, "/health"))
        web_s = time.monotonic() - began
        worker, worker_s = stack.enter_context(_worker())
        site = stack.enter_context(_microsite(web))
        lines += _home_page(site)
        lines += [
            f"| a web worker starts, to its first answer | {web_s:.1f} s |",
            f"| the worker starts, until it listens | {worker_s:.1f} s |",
        ]
        before = web.memory_mb, memory_mb(worker)
        _load(web, asked.minutes * 60)
        after = web.memory_mb, memory_mb(worker)
    for name, rest, loaded in zip(("web", "worker"), before, after, strict=True):
        lines.append(
            f"| memory of {name}, at rest and after the load | "
            f"{rest:.0f} MB, {loaded:.0f} MB |"
        )
    text = "\n".join([*lines, ""])
    print(text)
    if asked.write:
        report.keep(text, "make bench-clock")


@contextmanager
def _worker() -> Iterator[tuple[int, float]]:
    """The worker's process, and how many seconds it took to listen."""
    listening = _listening()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=BASE_DIR,
        env={**os.environ, "LOG_LEVEL": "ERROR"},
    )
    try:
        if not until(lambda: _listening() > listening, within_s=90):
            sys.exit("The worker did not start.")
        yield process.pid, time.monotonic() - began
    finally:
        process.terminate()
        process.wait(timeout=30)


def _listening() -> int:
    with connection.cursor() as cursor:
        cursor.execute(LISTENING, [connection.settings_dict["NAME"]])
        return int(cursor.fetchone()[0])


@contextmanager
def _microsite(web: Server) -> Iterator[int]:
    """The port of a location's site."""
    port = free_port()
    command = [sys.executable, "frontend_stub/serve.py", "microsite"]
    command += ["--api", f"http://localhost:{web.port}/api/v1"]
    command += ["--location", SITE, "--port", str(port)]
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.DEVNULL)
    try:
        if not until(lambda: _is_up(port), within_s=30):
            sys.exit("The microsite did not start.")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _is_up(port: int) -> bool:
    try:
        return load.ask(port, "/")[0] == 200
    except OSError:
        return False


def _home_page(port: int) -> list[str]:
    first_ms, size_b = _first_byte(port)
    visit = _visit(port)
    return [
        f"| home page, first byte (p50 of {ASKED}) | {first_ms:.1f} ms |",
        f"| home page, HTML over the wire (gzip) | {size_b / 1_024:.1f} KiB |",
        f"| home page with all that it fetches, a first visit | "
        f"{visit.size_b / 1_024:.0f} KiB in {visit.requests} requests |",
    ]


def _first_byte(port: int) -> tuple[float, int]:
    """The median of milliseconds until an answer begins, and its bytes."""
    took, size_b = [], 0
    for _ in range(ASKED):
        client = http.client.HTTPConnection("localhost", port, timeout=30)
        began = time.perf_counter()
        client.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        answer = client.getresponse()
        took.append((time.perf_counter() - began) * 1_000)
        size_b = len(answer.read())
        client.close()
    return median(took), size_b


def _visit(port: int) -> Visit:
    finished: list[Request] = []
    with sync_playwright() as running:
        chromium = running.chromium.launch(
            executable_path=browser.chromium(), args=browser.flags()
        )
        page = chromium.new_page()
        page.on("requestfinished", lambda request: finished.append(request))
        page.goto(f"http://localhost:{port}/", wait_until="networkidle")
        wired = [one for one in finished if urlsplit(one.url).scheme == "http"]
        sizes = [one.sizes() for one in wired]
        chromium.close()
    total_b = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
    return Visit(len(wired), total_b)


def _load(web: Server, seconds: float) -> None:
    """Readers and an editor, so that the worker has something to do as well."""
    by_name = {row.name: row for row in rows.OURS}
    turns = [replace(by_name[name], is_edited=True) for name in LOADED]
    each_s = max(1, round(min(20.0, seconds / len(turns))))
    command = [sys.executable, "-m", "tests.bench.editor", str(seconds)]
    pinned = ["/usr/bin/env", "taskset", "-c", str(LOAD_CORE), *command]
    editing = subprocess.Popen(pinned, stdout=subprocess.DEVNULL)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            for row in turns:
                load.run(web.port, row, each_s)
    finally:
        editing.terminate()
        editing.wait()
