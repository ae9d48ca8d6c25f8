"""Sites that receive webhooks, on this machine: good ones and bad ones."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.body)
        return message

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def place(self) -> int:
        return int(self.message["data"]["sequence"])


@dataclass
class Receiver:
    """What a site does with what it gets; changed while it runs.

    `answers` are the next statuses, then it is `status`. `wait_s` holds back every
    answer for so long, or until `released` is set, as it is in the end. `drips` sends
    the head of it byte by byte, `body` is what follows it. With `hangs_up` there is no
    answer.
    """

    port: int = 0
    status: int = 204
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0
    released: threading.Event = field(default_factory=threading.Event)
    body: bytes = b""
    body_length: int | None = None
    drips: bool = False
    hangs_up: bool = False
    got: list[Received] = field(default_factory=list)
    # How much of a long body was sent before the other side hung up.
    sent: int = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hooks"

    @property
    def places(self) -> list[int]:
        return [one.place for one in self.got]


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, receiver: Receiver, *args: Any) -> None:
        self.receiver = receiver
        super().__init__(*args)

    def do_POST(self) -> None:
        receiver = self.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver.got.append(Received(headers, body, time.monotonic()))
        receiver.released.wait(receiver.wait_s)
        if receiver.hangs_up:
            self.close_connection = True
            return
        with suppress(ConnectionError):
            self._answer(receiver)

    def do_GET(self) -> None:
        self.receiver.got.append(Received({}, b"", time.monotonic()))
        self._answer(self.receiver)

    def _answer(self, receiver: Receiver) -> None:
        status = receiver.answers.pop(0) if receiver.answers else receiver.status
        if receiver.drips:
            for _ in range(600):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: "[_ : _ + 1] or b"a")
                time.sleep(0.1)
            return
        length = receiver.body_length
        self.send_response(status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length or len(receiver.body)))
        self.end_headers()
        if length is None:
            self.wfile.write(receiver.body)
            return
        while receiver.sent < length:
            receiver.sent += self.wfile.write(b"x" * 65_536)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *args: Any) -> None:
        """That we hung up is no news."""


@contextmanager
def receiving(**behaviour: Any) -> Iterator[Receiver]:
    """A receiver on a port of its own, or on the one that is given."""
    receiver = Receiver(**behaviour)
    with _Server(("127.0.0.1", receiver.port), partial(_Handler, receiver)) as server:
        receiver.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
