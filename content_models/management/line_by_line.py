"""What commands share that read one item a line and answer with one JSON object a line.

An item that has several lines of its own is given as a JSON string: "line\\nline".
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO


def answer(
    answered: Callable[[str], dict[str, Any]],
    source: BinaryIO | None = None,
    write: Callable[[str], Any] | None = None,
) -> None:
    """Write the answer to each line of `source` (standard input) as one line of JSON.

    The order is that of the lines, and an empty line is answered too.
    """
    write = write or sys.stdout.write
    for item in _items(source or sys.stdin.buffer):
        write(json.dumps(answered(item), ensure_ascii=False) + "\n")


def _items(lines: Iterable[bytes]) -> Iterator[str]:
    for line in lines:
        # Half of a surrogate pair cannot be written again; nor can broken UTF-8.
        yield _unquoted(line.decode("utf-8", "replace").rstrip("\r\n"))


def _unquoted(line: str) -> str:
    if len(line) > 1 and line[0] == line[-1] == '"' and "\\" in line:
        try:
            text = json.loads(line)
        except ValueError:
            return line
        if isinstance(text, str):
            return text.encode("utf-8", "replace").decode("utf-8")
    return line
