"""How many statements answers take: what the server runs, in a process of its own.

python -m tests.bench.counting MODULE

Reads lines of JSON, `[path, headers, whether it has been asked for already, whether its
word is written in other letters each time]`, and prints for each how many statements
the answer took. Nobody else is there, so that they are its own.
"""

from __future__ import annotations

import json
import re
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

from tests.bench.rows import SEARCHED, Row  # noqa: E402

ACCEPT = "application/json, x/{}"
Headers = Mapping[str, str]


def asked(rows: Sequence[Row]) -> str:
    """What the program reads, for `rows` that name no places any more."""
    lines = (
        [row.path, dict(row.headers), not row.script, row.script == SEARCHED]
        for row in rows
    )
    return "\n".join(map(json.dumps, lines))


def respelled(path: str, number: int) -> str:
    """`path` with the word that it searches in letters of its own, large and small."""

    def spelled(word: re.Match[str]) -> str:
        letters = enumerate(word[1])
        return "q=" + "".join(
            one.upper() if number >> place & 1 else one for place, one in letters
        )

    return re.sub("q=([a-z]+)", spelled, path)


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
        path, headers, is_known, is_respelled = json.loads(line)
        for _ in range(2):
            # In other words than the last time, unless it shall be known.
            number = next(others)
            if not is_known:
                headers["Accept"] = ACCEPT.format(number)
            asked_for = respelled(path, number) if is_respelled else path
            with CaptureQueriesContext(connection) as statements:
                answered(application, asked_for, headers)
        print(len(statements), flush=True)


if __name__ == "__main__":
    main()
