"""The embedded PostgreSQL, for real: started, killed, damaged, and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cms import database
from cms.database import account, processes
from cms.database.cluster import Cluster
from cms.readers import BASE_DIR

START = """
import sys
from pathlib import Path
from cms.database.cluster import Cluster
print(Cluster(Path(sys.argv[1])).start())
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # pytest's own folders are closed to the user that runs the server for root.
    folder = Path(tempfile.mkdtemp(prefix="clinicast test "))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


@pytest.fixture
def running(cluster: Cluster) -> Cluster:
    cluster.start()
    return cluster


def ask(cluster: Cluster, query: str) -> Any:
    with closing(cluster.connect(database.NAME)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def kill(cluster: Cluster) -> int:
    pid = cluster.pid_in_file()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while cluster.answers():
        time.sleep(0.01)
    return pid


def write_pid_file(cluster: Cluster, text: str) -> None:
    (cluster.data / "postmaster.pid").write_text(text)


def test_processes_that_ask_at_once_get_one_server(cluster: Cluster):
    command = [sys.executable, "-c", START, str(cluster.data_dir)]

    def start(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=BASE_DIR, capture_output=True, text=True, check=False
        )

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(start, range(3)))

    assert [one.stderr for one in done] == ["", "", ""]
    assert {one.stdout.strip() for one in done} == {cluster.url}
    postmasters = [p for p in processes.of(cluster.data) if "-D" in p.cmdline()]
    assert len(postmasters) == 1


def test_it_knows_letters_beyond_ascii_and_listens_on_no_port(running: Cluster):
    assert ask(running, "SELECT lower('É')") == "é"
    assert ask(running, "SHOW listen_addresses") == ""


def test_only_its_user_can_enter_its_folders(running: Cluster):
    for folder in (running.home, running.data, running.socket_dir):
        assert folder.stat().st_mode & 0o077 == 0
    assert running.home.stat().st_uid != 0


def test_what_was_committed_survives_a_kill(running: Cluster):
    ask(running, "CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS value")
    kill(running)

    running.start()

    assert ask(running, "SELECT value FROM kept") == 42


def test_it_starts_after_a_kill_that_left_a_truncated_pid_file(running: Cluster):
    kill(running)
    write_pid_file(running, "")

    running.start()

    assert running.has_postmaster()


def test_it_starts_after_a_kill_when_its_pid_was_given_to_somebody_else(
    running: Cluster,
):
    text = (running.data / "postmaster.pid").read_text()
    pid = kill(running)
    write_pid_file(running, text.replace(str(pid), str(os.getpid()), 1))

    running.start()

    assert running.pid_in_file() != os.getpid()


def test_a_server_that_lost_its_pid_file_is_stopped_all_the_same(running: Cluster):
    write_pid_file(running, "")

    running.stop()

    assert processes.of(running.data) == []
    running.start()
    assert running.has_postmaster()


def test_stopping_twice_is_stopping(running: Cluster):
    running.stop()
    running.stop()

    assert not running.answers()


def test_a_long_path_gets_a_socket_that_can_be_reached(tmp_path: Path):
    deep = tmp_path / ("folder" * 20)

    assert len(str(database.socket_dir(deep))) < database.SOCKET_PATH_BYTES
    assert database.socket_dir(deep) != database.socket_dir(tmp_path)


def test_somebody_elses_folder_is_not_taken_over(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "socket").symlink_to(elsewhere)

    with pytest.raises(account.NoEmbeddedDatabase, match="belongs to somebody else"):
        account.private_folder(tmp_path / "socket", account.account(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
def test_a_checkout_in_a_closed_folder_keeps_it_closed(tmp_path: Path):
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    owner = account.system_user()

    real = account.settle(closed / "postgres", owner)

    assert real.parent == account.SHELTER
    assert (closed / "postgres").resolve() == real
    assert closed.stat().st_mode & 0o777 == 0o700
    real.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
def test_programs_in_a_closed_folder_are_copied_to_the_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    programs = Path(account.PACKAGE, account.INSTALL, "bin")
    packages = tmp_path / "closed"
    (packages / programs).mkdir(parents=True)
    (packages / programs / "postgres").touch(mode=0o700)
    (packages / f"{account.PACKAGE}.libs").mkdir()
    monkeypatch.setattr(account, "SHELTER", tmp_path / "open")

    account.shelter(packages, tmp_path / "open" / "copy")

    copy = tmp_path / "open" / "copy"
    assert (copy / programs / "postgres").stat().st_mode & 0o777 == 0o755
    assert (copy / f"{account.PACKAGE}.libs").is_dir()
    assert list((tmp_path / "open").iterdir()) == [copy]
