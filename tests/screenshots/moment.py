"""The moments in which the content is made and the pictures are taken."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from cms.demo.parts import Ports
from tests import demo

# A Tuesday at 10:30 in New Jersey: the clinics are open.
MOMENT = datetime(2026, 10, 6, 14, 30, tzinfo=UTC)
# "2 days ago" is true all the while that pictures are taken, "1 minute ago" is not.
MADE_BEFORE = timedelta(days=2, hours=5)
CLOCK = Path(__file__).parent / "clock"


class DemoThen(demo.Demo):
    """A demo at MOMENT, on ports that are known, since pictures show them."""

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
def making() -> Iterator[None]:
    """Let this process live in the time in which the content is made."""
    with time_machine.travel(MOMENT - MADE_BEFORE, tick=True):
        yield
