"""How many statements answers take: what the server runs, in a process of its own.

python -m tests.bench.counting MODULE

Reads lines of JSON, `[path, headers, whether it has been asked for already]`, and
prints for each how many statements the answer took. Nobody else is there, so that they
are its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import count
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.bench.rows import Row  # noqa: E402

ACCEPT = "application/json, x/{}"
Headers = Mapping[str, str]


def asked(rows: Sequence[Row]) -> str:
    """What the program reads, for `rows` that name no places any more."""
    lines = ([row.path, dict(row.headers), not row.script] for row in rows)
    return "\n".join(map(json.dumps, lines))


def answered(application: Any, path: str, headers: Headers) -> None:
    given = {"Host": "localhost", **headers}
    environ = RequestFactory().get(path, headers=given).environ
    answer = application(environ, lambda status, headers, *args: None)
    b"".join(answer)
    if close := getattr(answer, "close", None):
        close()


def main() -> None:
    module, name = sys.argv[1].split(":")
    application = getattr(import_module(module), name)
    others = count()
    for line in sys.stdin:
        path, headers, is_known = json.loads(line)
        for _ in range(2):
            # In other words than the last time, unless it shall be known.
            if not is_known:
                headers["Accept"] = ACCEPT.format(next(others))
            with CaptureQueriesContext(connection) as statements:
                answered(application, path, headers)
        print(len(statements), flush=True)


if __name__ == "__main__":
    main()
