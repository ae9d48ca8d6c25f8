"""The moment at which all pictures are taken, and a demo that lives in it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from cms.demo.parts import Ports
from tests import demo

# A Tuesday at 10:30 in New Jersey: the clinics are open.
MOMENT = datetime(2026, 10, 6, 14, 30, tzinfo=UTC)
CLOCK = Path(__file__).parent / "clock"


class DemoThen(demo.Demo):
    """A demo on ports that are known, since pictures show them, at MOMENT."""

    def __init__(self, data_dir: Path, ports: Ports) -> None:
        super().__init__(data_dir)
        self.ports = ports
        self._shift_s = MOMENT.timestamp() - time.time()

    @property
    def environ(self) -> dict[str, str]:
        path = os.pathsep.join([str(CLOCK), os.environ.get("PYTHONPATH", "")])
        shift = {"CLINICAST_CLOCK_SHIFT_S": str(self._shift_s), "PYTHONPATH": path}
        return super().environ | shift

    @contextmanager
    def then(self) -> Iterator[None]:
        """Let this process, too, live in the demo's time."""
        with time_machine.travel(time.time() + self._shift_s, tick=True):
            yield
