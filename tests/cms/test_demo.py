"""`make demo` as a whole, on ports and a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from cms.database.cluster import Cluster
from cms.demo import leftovers
from cms.management.commands.demo import PASSWORD
from cms.sample.accounts import ADMINISTRATOR
from tests.demo import AGAIN_S, FIRST_S, Demo, demo_of_its_own, free_ports
from tests.machine import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with demo_of_its_own() as demo:
        yield demo


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


def test_a_mirror_hears_of_a_change_at_the_one_address(running: Demo):
    since = ask(running, "/api/v1/sync/?types=tag&limit=1000")["checkpoint"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, running, f"/api/v1/sync/?since={since}&wait=30")
        time.sleep(2)
        assert not waiting.done()
        add_tag(running, "news")
        changes = waiting.result(timeout=10)["changes"]

    assert [one["document"]["slug"] for one in changes] == ["news"]


def add_tag(demo: Demo, slug: str) -> None:
    """As staff do, in the admin."""
    cms, session = f"{demo.ports.base_url}/cms", requests.Session()
    session.get(f"{cms}/login/")
    for path, fields in (
        ("login", {"username": ADMINISTRATOR, "password": PASSWORD}),
        ("snippets/content_models/tag/add", {"name": slug, "slug": slug}),
    ):
        fields["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
        answer = session.post(f"{cms}/{path}/", fields, allow_redirects=False)
        assert answer.status_code == 302, answer.text


def newest_sequence(demo: Demo) -> int:
    return int(ask(demo, "/health")["newest_sequence"])


def ask(demo: Demo, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(demo.ports.base_url + path) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
