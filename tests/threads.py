"""Several people at once, in threads with a database connection each."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*tasks: Callable[[], object]) -> list[Exception]:
    """Run `tasks` in a thread each; the errors with which they ended."""
    errors: list[Exception] = []

    def run(task: Callable[[], object]) -> None:
        try:
            task()
        except Exception as error:  # noqa: BLE001 - it is what the test asks for
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return errors
