"""`make demo` as a whole, on ports and a data folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cms.database.cluster import Cluster
from cms.demo import leftovers, supervisor
from cms.demo.__main__ import is_free
from cms.demo.parts import Ports, WrongPorts
from cms.management.commands.demo import PASSWORD
from cms.readers import BASE_DIR
from cms.sample.accounts import ADMINISTRATOR
from tests.machine import free_port, until

pytestmark = pytest.mark.slow

READY = "Clinicast is ready."
FIRST_S = 240
# For a machine that does other things as well; `make demo` alone takes half of it.
AGAIN_S = 60


def free_ports() -> Ports:
    """Ports on which nobody listens; those of the other microsites in one row."""
    while True:
        ports = Ports(free_port(), free_port(), free_port(), free_port())
        with suppress(WrongPorts):
            ports.check()
            if all(map(is_free, ports.all)):
                return ports


class Demo:
    """One demo, started and stopped as from a terminal."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.ports = free_ports()
        self.output = data_dir / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *more: str) -> list[str]:
        ports = ["--port", str(self.ports.web)]
        ports += ["--microsite-port", str(self.ports.microsite)]
        ports += ["--partner-port", str(self.ports.partner)]
        ports += ["--others-port", str(self.ports.others)]
        return [sys.executable, "-m", "cms.demo", *ports, *more]

    @property
    def environ(self) -> dict[str, str]:
        ours = {"CLINICAST_DATA_DIR": str(self.data_dir), "DATABASE_URL": ""}
        return os.environ | ours

    def start(self, within_s: float = AGAIN_S) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command(),
                cwd=BASE_DIR,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        process = self.process
        is_settled = until(
            lambda: READY in self.said or process.poll() is not None, within_s
        )
        assert is_settled, self.said
        assert READY in self.said, self.said

    def again(self, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*more),
            cwd=BASE_DIR,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        urls = [f"{self.ports.base_url}/health"]
        urls += [*self.ports.site_urls.values(), self.ports.partner_url]
        return all(map(supervisor.answers, urls))

    def is_gone(self) -> bool:
        cluster = Cluster(self.data_dir)
        return not leftovers.of(self.data_dir) and not cluster.answers()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    # Not pytest's folder, which is closed to PostgreSQL's user where root runs this.
    folder = Path(tempfile.mkdtemp(prefix="clinicast-demo-"))
    folder.chmod(0o755)
    demo = Demo(folder)
    yield demo
    demo.again("--stop")
    shutil.rmtree(folder)


@pytest.fixture
def running(demo: Demo) -> Demo:
    if not demo.is_running:
        demo.start()
    return demo


def test_the_first_demo_shows_its_content_on_three_origins(demo: Demo):
    demo.start(within_s=FIRST_S)

    assert demo.answers()
    assert ask(demo, "/api/v1/articles/")["count"] >= 12
    assert f"log in as {ADMINISTRATOR} with {PASSWORD}" in demo.said


def test_a_second_one_is_refused_while_it_runs(running: Demo):
    done = running.again()

    assert done.returncode == 1
    assert "A demo is running already" in done.stdout
    assert running.answers()


@pytest.mark.parametrize("part", ["web", "microsite", "partner", "worker"])
def test_a_part_that_is_killed_comes_back_by_itself(running: Demo, part: str):
    main = min(leftovers.of(running.data_dir, part), key=lambda p: p.create_time())
    main.kill()

    assert until(lambda: f"{part} was killed" in running.said, AGAIN_S)
    assert until(running.answers, AGAIN_S)


def test_a_database_that_is_killed_comes_back_by_itself(running: Demo):
    pid = Cluster(running.data_dir).pid_in_file()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    assert until(Cluster(running.data_dir).answers, AGAIN_S)
    assert until(running.answers, AGAIN_S)


def test_the_next_demo_works_after_everything_was_killed(running: Demo):
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    for process in leftovers.of(running.data_dir, "web")[:1]:
        process.kill()
    pid_file = Cluster(running.data_dir).data / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    pid_file.write_text("")

    running.start()

    assert "that an earlier demo left running" in running.said
    assert running.answers()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_that_it_started(running: Demo, number: signal.Signals):
    assert running.process is not None
    running.process.send_signal(number)

    assert running.process.wait(timeout=AGAIN_S) == 0
    assert running.is_gone()


def test_it_can_be_stopped_from_another_terminal(running: Demo):
    assert running.process is not None

    done = running.again("--stop")

    assert done.returncode == 0
    assert running.process.wait(timeout=AGAIN_S) == 0
    assert running.is_gone()


def test_a_second_demo_keeps_what_was_there(running: Demo):
    before = newest_sequence(running)
    running.again("--stop")

    running.start()

    assert newest_sequence(running) == before > 0


def test_other_ports_are_in_every_address_of_the_next_demo(running: Demo):
    running.again("--stop")
    running.ports = free_ports()

    running.start()

    article = ask(running, "/api/v1/articles/")["results"][0]
    assert article["url"].startswith(running.ports.base_url)
    assert article["canonical_url"].startswith(running.ports.microsite_url)
    pictures = [one["url"] for one in article["image"]["renditions"]]
    assert all(url.startswith(running.ports.base_url) for url in pictures)


def test_each_location_has_a_site_of_its_own(running: Demo):
    places = ask(running, "/api/v1/locations/?fields=*")["results"]

    sites = {place["slug"]: place["site_url"] for place in places}
    assert sites == running.ports.site_urls
    for slug, url in sites.items():
        with urllib.request.urlopen(f"{url}/config.json") as answer:
            assert json.load(answer)["location"] == slug


def newest_sequence(demo: Demo) -> int:
    return int(ask(demo, "/health")["newest_sequence"])


def ask(demo: Demo, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(demo.ports.base_url + path) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
