"""A real browser for the tests that are marked `browser`.

Tests ask for pytest-playwright's own fixtures (`page`, `context`, `browser`); here they
are given a Chromium that is there, else Playwright's own, else Debian's package. Where
none can be had the tests are skipped, which the last lines of the run say aloud;
CLINICAST_REQUIRE_BROWSER=1 turns that into a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHOSEN = "CLINICAST_CHROMIUM"
REQUIRED = "CLINICAST_REQUIRE_BROWSER"
WITHOUT = "WITHOUT A BROWSER"
DOWNLOAD_S = 300
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that needs another machine fails on every machine alike.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


class NoBrowser(Exception):
    """Where no Chromium was found, and what to do about it."""


@cache
def chromium() -> str:
    """The path of a Chromium that starts. Raises NoBrowser.

    What is there is preferred; then Playwright's download is tried, then apt-get.
    """
    if chosen := os.environ.get(CHOSEN):
        if not starts(chosen):
            raise NoBrowser(f"{CHOSEN} is {chosen}, which does not start.")
        return chosen
    for candidate in candidates():
        if candidate and starts(candidate):
            return candidate
    raise NoBrowser(f"No Chromium could be found or installed. Set {CHOSEN} to one.")


def candidates() -> Iterator[str | None]:
    """Paths to try, cheapest first; a step is only taken when all before it failed."""
    yield from map(shutil.which, NAMES)
    own = playwrights_own()
    yield own
    if attempt(sys.executable, "-m", "playwright", "install", "chromium"):
        yield own
    is_debian = os.geteuid() == 0 and shutil.which("apt-get")
    if is_debian and attempt("apt-get", "update"):
        attempt("apt-get", "install", "-y", "--no-install-recommends", "chromium")
        yield shutil.which("chromium")


def playwrights_own() -> str:
    """Where Playwright keeps its download, whether it is there or not."""
    # In a process of its own: Playwright can be started once in each thread.
    asked = "from playwright.sync_api import sync_playwright as s; p = s().start(); "
    asked += "print(p.chromium.executable_path); p.stop()"
    command = [sys.executable, "-c", asked]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def attempt(*command: str) -> bool:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=DOWNLOAD_S)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def starts(path: str) -> bool:
    return attempt(path, "--version")


def flags() -> list[str]:
    """Its sandbox refuses to work for root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    try:
        path = chromium()
    except NoBrowser as error:
        pytest.skip(f"{WITHOUT}: {error}")
    # Playwright runs an event loop in this thread, in which Django would refuse to
    # touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return {"executable_path": path, "args": flags()}


@pytest.fixture(scope="session")
def playwright(browser_type_launch_args: dict[str, Any]) -> Iterator[Playwright]:
    """Playwright, with Django's connections kept.

    Where an event loop runs, Django looks for its connections in another place; it
    would find none, and open new ones that know nothing of the test database.
    """
    before = {alias: connections[alias] for alias in connections}
    running = sync_playwright().start()
    for alias, connection in before.items():
        connections[alias] = connection
    yield running
    running.stop()


skipped: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # Not those that miss something else, such as real input.
    if report.skipped and WITHOUT in str(report.longrepr):
        skipped.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if skipped and os.environ.get(REQUIRED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS WERE SKIPPED")
        terminalreporter.write_line("\n".join(sorted(skipped)))
