"""The demo's supervisor, with small processes in the place of big ones."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms.demo import __main__ as demo
from cms.demo import leftovers, supervisor
from cms.demo.lock import DemoLock
from cms.demo.parts import LOCATIONS, Part, Ports, WrongPorts
from cms.demo.supervisor import Child, DemoFailed, Supervisor
from cms.sample import content
from tests.machine import free_port, until

SLEEP = "import time; time.sleep(600)"
# Like a web server whose main process is killed while its workers go on.
WITH_CHILD = (
    f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{SLEEP}'])"
)


def website() -> Part:
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    return Part("site", command, port)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    def started(*parts: Part) -> Supervisor:
        running = Supervisor(parts, tmp_path, keep_database=lambda: None)
        running.start()
        return running

    yield started
    leftovers.end(leftovers.of(tmp_path))


def test_it_has_started_when_every_part_answers(run: Callable[..., Supervisor]):
    part = website()

    run(part, Part("sleeper", [sys.executable, "-c", SLEEP]))

    assert supervisor.answers(part.url)


def test_stopping_leaves_no_process_not_even_a_grandchild(
    run: Callable[..., Supervisor], tmp_path: Path
):
    running = run(website(), Part("parent", [sys.executable, "-c", WITH_CHILD]))
    assert until(lambda: len(leftovers.of(tmp_path, "parent")) == 2)

    running.stop()

    assert leftovers.of(tmp_path) == []


def test_a_part_that_was_killed_is_reported_and_started_again(
    run: Callable[..., Supervisor], capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    running = run(Part("parent", [sys.executable, "-c", WITH_CHILD]))
    child = running.children[0]
    assert until(lambda: len(leftovers.of(tmp_path)) == 2)
    before = child.process.pid
    os.kill(before, signal.SIGKILL)
    child.process.wait()

    child.revive()

    assert "parent was killed (SIGKILL). Starting it again." in capsys.readouterr().out
    assert child.process.pid != before
    # The orphan of the first is gone: it might have held a port.
    assert until(lambda: len(leftovers.of(tmp_path)) == 2)


def test_a_part_that_cannot_start_is_shown_with_the_end_of_its_log(tmp_path: Path):
    words = "raise SystemExit('no such thing')"
    part = Part("broken", [sys.executable, "-c", words], free_port())

    with pytest.raises(DemoFailed) as caught:
        Supervisor([part], tmp_path, keep_database=lambda: None).start()

    assert "broken ended by itself (exit code 1)" in str(caught.value)
    assert "no such thing" in str(caught.value)


def test_a_part_that_keeps_ending_is_given_up(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    child = Child(Part("broken", [sys.executable, "-c", ""]), tmp_path)
    child.start()

    with pytest.raises(DemoFailed, match="5 times within 60 s"):
        for _ in range(supervisor.TRIES):
            child.process.wait()
            child.revive()


def test_the_processes_of_another_demo_are_left_alone(
    run: Callable[..., Supervisor], tmp_path: Path
):
    run(Part("sleeper", [sys.executable, "-c", SLEEP]))

    # It is known by its environment, which it has once it runs its own program.
    assert until(lambda: len(leftovers.of(tmp_path)) == 1)
    assert leftovers.of(tmp_path / "another") == []


def test_only_one_demo_has_a_data_folder_and_a_dead_one_gives_it_back(tmp_path: Path):
    with DemoLock(tmp_path) as first, DemoLock(tmp_path) as second:
        assert first.take()
        assert not second.take()
        assert second.holder() == os.getpid()

    with DemoLock(tmp_path) as third:
        assert third.take()


def test_a_port_that_is_taken_is_named_with_its_holder():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with pytest.raises(DemoFailed, match=rf"port {taken} \(.*{os.getpid()}\)"):
            demo.refuse_taken_ports(Ports(taken, free_port(), free_port()))


def test_every_location_of_the_sample_is_given_a_site():
    assert set(LOCATIONS) == set(content.table("locations"))
    assert Ports(8000, 8001, 8002).sites == dict(
        zip(LOCATIONS, [8001, 8003, 8004, 8005, 8006], strict=True)
    )


@pytest.mark.parametrize(
    "ports",
    [Ports(8000, 8000, 8002), Ports(0, 8001, 8002), Ports(8000, 8001, 8002, 7999)],
)
def test_ports_that_cannot_be_are_refused(ports: Ports):
    with pytest.raises(WrongPorts):
        ports.check()
