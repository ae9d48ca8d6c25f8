"""Take a picture of every screen: `make screenshots`.

Runs a demo of its own, at a moment that is always the same, and writes into
docs/screenshots. ONLY=article takes the screens with that in their name. A picture
that shows what it showed before is left as it is; one of no screen is removed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import rmtree
from tempfile import mkdtemp

import django
from playwright.sync_api import Error

from cms.database.cluster import Cluster
from cms.demo.parts import Ports

from .camera import Camera, Sites, browsing, cookies_of
from .moment import DemoThen, making
from .pictures import FOLDER, remove_others
from .screens import FILES, SCREENS, Screen

# The server of the demo is busy as well.
JOBS = 2
# A machine that does much else takes ten times as long as one that does not.
START_S = 900


def main() -> int:
    began = time.monotonic()
    arguments = command_line().parse_args()
    parts = arguments.only.split(",")
    wanted = [screen for screen in SCREENS if any(one in screen.name for one in parts)]
    FOLDER.mkdir(exist_ok=True)
    ports = Ports(
        arguments.port,
        arguments.microsite_port,
        arguments.partner_port,
        arguments.others_port,
    )
    with demo_then(ports) as demo:
        words = made(demo)
        demo.start(within_s=START_S)
        failed = take_all(wanted, seen(demo, words))
    for name in remove_others(FILES):
        say(f"{name}: removed, as no screen is called so")
    size_mb = sum(path.stat().st_size for path in FOLDER.iterdir()) / 1e6
    took_s = time.monotonic() - began
    say(f"{len(wanted)} screens in {took_s:.0f} s; {size_mb:.1f} MB in all.")
    return 1 if failed else 0


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--microsite-port", type=int, default=8001)
    parser.add_argument("--partner-port", type=int, default=8002)
    parser.add_argument("--others-port", type=int, default=0)
    parser.add_argument("--only", default="", help="a part of the names of screens")
    return parser


@contextmanager
def demo_then(ports: Ports) -> Iterator[DemoThen]:
    """A demo that has not started; it is stopped and forgotten at the end."""
    folder = Path(mkdtemp(prefix="clinicast-screenshots-"))
    # PostgreSQL runs as another user where root runs this.
    folder.chmod(0o755)
    demo = DemoThen(folder, ports)
    try:
        yield demo
    finally:
        demo.again("--stop")
        rmtree(folder)


def made(demo: DemoThen) -> dict[str, str]:
    """Make the content of `demo`; the words that paths have in braces."""
    Cluster(demo.data_dir).start()
    os.environ |= demo.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "PUBLIC_BASE_URL": demo.ports.base_url,
    }
    with making():
        django.setup()
        # Django's models can be imported from here on, and not before.
        from cms.demo import preparation

        from . import staging

        preparation.prepare(demo.ports)
        return staging.stage()


def seen(demo: DemoThen, words: dict[str, str]) -> Sites:
    """The sites of `demo`, for those who look at them: all roles are logged in."""
    web = demo.ports.base_url
    origins = {"web": web, "partner": demo.ports.partner_url, **demo.ports.site_urls}
    roles = {screen.role for screen in SCREENS} - {""}
    from cms.management.commands.demo import PASSWORD

    with browsing() as browser:
        logins = {role: cookies_of(role, browser, web, PASSWORD) for role in roles}
    return Sites(origins, words, logins)


def take_all(screens: list[Screen], sites: Sites) -> int:
    """Take `screens`; how many could not be taken."""
    looking = [screen for screen in screens if not screen.changes_content]
    changing = [screen for screen in screens if screen.changes_content]
    # One after the other, or the admin would show that somebody else is at the form.
    forms = [screen for screen in looking if screen.is_edited]
    others = [[screen] for screen in looking if not screen.is_edited]
    return take_batches([forms, *others], sites) + take_batches([changing], sites)


def take_batches(batches: list[list[Screen]], sites: Sites) -> int:
    """Take some batches at a time, each in its order; how many screens failed."""
    waiting: SimpleQueue[list[Screen]] = SimpleQueue()
    for batch in batches:
        waiting.put(batch)
    with ThreadPoolExecutor(JOBS) as pool:
        failed = [pool.submit(work_off, waiting, sites) for _ in range(JOBS)]
        return sum(number.result() for number in failed)


def work_off(waiting: SimpleQueue[list[Screen]], sites: Sites) -> int:
    """Take batches until none waits, in a browser of its own; how many failed."""
    failed = 0
    with browsing() as browser, suppress(Empty):
        camera = Camera(browser, sites)
        while True:
            for screen in waiting.get_nowait():
                failed += not succeeds(camera, screen)
    return failed


def succeeds(camera: Camera, screen: Screen) -> bool:
    began = time.monotonic()
    try:
        changed = camera.take(screen)
    except (AssertionError, Error) as error:
        say(f"{screen.name}: NOT TAKEN. {error}")
        return False
    say(f"{screen.name}: {changed} changed ({time.monotonic() - began:.1f} s)")
    return True


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
