"""A server between a site and its API, which does what an API in trouble does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PASSED_ON = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cache-Control",
    "Content-Type",
    "ETag",
    "Retry-After",
)


@dataclass
class Between:
    """Passes questions on to `api`, unless it is told to fail.

    `delay_s` holds back every answer; `status` answers with that instead; `is_away`
    hangs up without a word; `stalls` stops in the middle of one. `retry_after` is what
    a failure says of when to come back; `asked` counts the questions.
    """

    api: str
    port: int = 0
    delay_s: float = 0
    status: int | None = None
    is_away: bool = False
    stalls: bool = False
    retry_after: str | None = None
    asked: int = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/api/v1"

    def recover(self) -> None:
        self.delay_s, self.status = 0, None
        self.is_away = self.stalls = False
        self.retry_after = None


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, between: Between, *args: Any) -> None:
        self.between = between
        super().__init__(*args)

    def do_GET(self) -> None:
        between = self.between
        between.asked += 1
        time.sleep(between.delay_s)
        if between.is_away:
            self.close_connection = True
            self.connection.close()
            return
        if between.status:
            headers = {"Access-Control-Allow-Origin": "*"}
            if between.retry_after:
                headers["Retry-After"] = between.retry_after
                headers["Access-Control-Expose-Headers"] = "Retry-After"
            self._send(between.status, headers, b"{}")
            return
        path = self.path.removeprefix("/api/v1/")
        question = Request(
            f"{between.api}/{path}", headers={"Accept": "application/json"}
        )
        try:
            with urlopen(question) as answer:
                self._send(answer.status, dict(answer.headers), answer.read())
        except HTTPError as error:
            self._send(error.code, dict(error.headers), error.read())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name in PASSED_ON:
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.between.stalls:
            self.wfile.write(body[: len(body) // 2])
            time.sleep(60)
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: Any) -> None:
        """A browser that hung up, or that we hung up on, is no news."""


@contextmanager
def between(api: str) -> Iterator[Between]:
    """Stand in front of the API at `api`, on a port of its own."""
    made = Between(api)
    with _Server(("127.0.0.1", 0), partial(_Handler, made)) as server:
        made.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
