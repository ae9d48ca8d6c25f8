"""What rows name and only the server can tell, looked up before they are asked."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from typing import Any

from api.pagination import DEEPEST

from . import editor, load, rows
from .rows import Row

DELTA = 10


class Places:
    """Those of one server of ours with so many articles."""

    def __init__(self, port: int, articles: int) -> None:
        self._port, self._articles = port, articles
        self._end = ""
        self._found: dict[str, str] = {}

    def renew(self) -> None:
        """Look up the cursor, and have ten articles change behind the checkpoint."""
        since = f"&since={self._end}" if self._end else "&types=article"
        self._end = self._read_on(f"/api/v1/sync/?format=ndjson{since}")
        for pk in editor.articles()[:DELTA]:
            editor.publish(pk, f"{time.monotonic()}")
        skipped = min(self._articles * 9 // 10, DEEPEST)
        deep = f"{rows.LIST}?limit=20&offset={skipped}"
        path = self._json(deep)["next"].partition("/api/")[2]
        self._found = {"{since}": self._end, "{deep}": f"/api/{path}"}

    def asked(self, row: Row, port: int) -> Row:
        """`row` as the server at `port` is asked now.

        Ends the program where the answer is another one than the row is about.
        """
        path = row.path
        for name, text in self._found.items():
            path = path.replace(name, text)
        found = replace(row, path=path)
        if row.is_held:
            etag = load.ask(port, path, row.headers)[1]["ETag"]
            found = replace(found, headers={**row.headers, "If-None-Match": etag})
        status, _, body = load.ask(port, path, found.headers)
        if status != (304 if "If-None-Match" in found.headers else 200):
            sys.exit(f"{row.name}: {status} {body[:300]!r}")
        return found

    def _read_on(self, path: str) -> str:
        """The checkpoint behind all that there is from `path` on."""
        while True:
            place = json.loads(load.ask(self._port, path)[2].splitlines()[-1])
            if not place["more"]:
                return str(place["checkpoint"])
            path = f"/api/{place['next'].partition('/api/')[2]}"

    def _json(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(load.ask(self._port, path)[2])
        return answer
