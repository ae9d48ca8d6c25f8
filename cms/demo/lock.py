"""One demo at a time for each data folder, also after a kill."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ASK_EVERY_S = 0.1


class DemoLock:
    """A file lock, which the system takes back from a process however it ends.

    The file says who holds it; that is only true while somebody does.
    """

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.file = (data_dir / "demo.lock").open("a+")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()

    def take(self, within_s: float = 0) -> bool:
        """Take the lock and write down who did; False if somebody else keeps it."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(ASK_EVERY_S)
            else:
                self.file.truncate(0)
                self.file.write(str(os.getpid()))
                self.file.flush()
                return True

    def holder(self) -> int:
        """The process that has the lock; 0 where it has not said so yet."""
        self.file.seek(0)
        return int(self.file.read() or 0)
