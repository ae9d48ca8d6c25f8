"""A whole demo for tests: as from a terminal, on ports and in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cms.database.cluster import Cluster
from cms.demo import leftovers, supervisor
from cms.demo.parts import Ports
from cms.readers import BASE_DIR
from tests.machine import PORTS, until

READY = "Clinicast is ready."
FIRST_S = 240
# For a machine that does other things as well; `make demo` alone takes half of it.
AGAIN_S = 60


def free_ports() -> Ports:
    """Ports on which nobody listens, one after another."""
    row = len(Ports(0, 0, 0).all)
    web = PORTS.give(in_a_row=row)
    return Ports(web, web + 1, web + 2)


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


@contextmanager
def demo_of_its_own() -> Iterator[Demo]:
    """A demo that was not started yet; it is stopped and forgotten at the end."""
    # Not pytest's folder, which is closed to PostgreSQL's user where root runs this.
    folder = Path(tempfile.mkdtemp(prefix="clinicast-demo-"))
    folder.chmod(0o755)
    demo = Demo(folder)
    try:
        yield demo
    finally:
        demo.again("--stop")
        shutil.rmtree(folder)
