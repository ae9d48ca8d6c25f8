"""One request to a receiver: to an address that was checked, and no longer than agreed.

Whatever a receiver does (says nothing, drips bytes, sends without end, redirects), the
request is over after `DEADLINE_S`, and no more of the answer is read than is kept.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from django.utils import timezone

from . import addresses
from .addresses import Target

DEADLINE_S = 15
MOST_READ = 64 * 1024
USER_AGENT = "Clinicast-Webhooks/1"


@dataclass(frozen=True)
class Answer:
    """What came of one request."""

    took_s: float
    # None where there was no answer; then `error` says why, in a sentence.
    status: int | None = None
    error: str = ""
    body: bytes = b""
    # How long the receiver asks to be left alone.
    retry_after_s: float | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str, body: bytes, headers: dict[str, str], deadline_s: float = DEADLINE_S
) -> Answer:
    """Send `body`, and what came of it; nothing is raised for what a receiver does."""
    started = time.monotonic()
    try:
        status, read, retry_after_s = _exchange(
            url, body, headers, started + deadline_s
        )
    except addresses.Refused as error:
        return Answer(time.monotonic() - started, error=str(error))
    except ssl.SSLCertVerificationError as error:
        sentence = f"Its certificate does not hold: {error.verify_message}."
        return Answer(time.monotonic() - started, error=sentence)
    except (OSError, http.client.HTTPException, ValueError) as error:
        took_s = time.monotonic() - started
        if took_s >= deadline_s or isinstance(error, TimeoutError):
            return Answer(took_s, error=f"No answer within {deadline_s:g} seconds.")
        return Answer(took_s, error=_sentence(error))
    took_s = time.monotonic() - started
    return Answer(took_s, status, body=read, retry_after_s=retry_after_s)


def _exchange(
    url: str, body: bytes, headers: dict[str, str], until: float
) -> tuple[int, bytes, float | None]:
    target = addresses.read(url)
    found = addresses.resolve(target, until - time.monotonic())
    connection = _connection(target, found, until)
    # Each byte that drips in would begin any other time limit anew.
    watch = threading.Timer(max(until - time.monotonic(), 0), connection.cut)
    watch.daemon = True
    watch.start()
    try:
        sent = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "Connection": "close",
        }
        connection.request("POST", target.path, body, sent | headers)
        response = connection.getresponse()
        with response:
            retry_after_s = _seconds(response.getheader("Retry-After"))
            return response.status, _excerpt(response), retry_after_s
    finally:
        watch.cancel()
        connection.close()


def _excerpt(response: http.client.HTTPResponse) -> bytes:
    """The beginning of the answer; it counts by its status, however its body ends."""
    read = b""
    try:
        while len(read) < MOST_READ:
            more = response.read1(MOST_READ - len(read))
            if not more:
                break
            read += more
    except (OSError, http.client.HTTPException, ValueError):
        pass
    return read


class _Pinned(http.client.HTTPConnection):
    """Connects to addresses that were checked, whatever the name leads to by now."""

    def __init__(self, target: Target, found: list[str], until: float) -> None:
        super().__init__(target.host, target.port)
        self._found, self._until = found, until
        # The same as `sock`, which is given up before the answer has been read.
        self._wire: socket.socket | None = None
        self._is_cut = False

    def connect(self) -> None:
        for place, address in enumerate(self._found, start=1):
            left_s = self._until - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            # One that does not answer leaves some time for the next.
            share_s = left_s if place == len(self._found) else left_s / 2
            try:
                self.sock = socket.create_connection((address, self.port), share_s)
                break
            except OSError:
                if place == len(self._found):
                    raise
        self.sock.settimeout(max(self._until - time.monotonic(), 0.001))
        self._hold(self.sock)

    def _hold(self, wire: socket.socket) -> None:
        self._wire = wire
        if self._is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """Hang up; whoever waits in another thread is woken."""
        self._is_cut = True
        if self._wire is not None:
            # Not the method of TLS, which would change what the other one reads.
            with suppress(OSError):
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)


class _PinnedTLS(_Pinned):
    """The same; the certificate has to be that of the name."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self._hold(self.sock)
        self.sock.do_handshake()


def _connection(target: Target, found: list[str], until: float) -> _Pinned:
    kind = _PinnedTLS if target.scheme == "https" else _Pinned
    return kind(target, found, until)


def _seconds(retry_after: str | None) -> float | None:
    """RFC 9110, section 10.2.3: seconds, or a date."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
        return max((at - timezone.now()).total_seconds(), 0)
    except (ValueError, TypeError, OverflowError):
        return None


def _sentence(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "Nobody answers at that address: the connection was refused."
        case http.client.RemoteDisconnected() | ConnectionError():
            return "It hung up without an answer."
        case ssl.SSLError():
            return f"No safe connection: {error.reason or 'the handshake failed'}."
        case http.client.HTTPException() | ValueError():
            return "It answered with something that is not HTTP."
    return f"No connection: {getattr(error, 'strerror', None) or type(error).__name__}."
