"""What only a raw connection can send: the server refuses it and lives on."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from urllib.request import urlopen

import pytest

from tests.contract.serving import Server

# The marker has the test database made, of which the server has a copy.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WAIT_S = 10
LIST = b"/api/v1/articles/"


def get(
    *lines: bytes, target: bytes = LIST, version: bytes = b"HTTP/1.1", body: bytes = b""
) -> bytes:
    """The bytes of a request, with whatever is given for its parts."""
    head = [b"GET %s %s" % (target, version), b"Host: localhost", *lines]
    return b"\r\n".join([*head, b"Connection: close", b"", body])


CHUNKED = b"Transfer-Encoding: chunked"
REFUSED = {
    "no request line": b"\r\n\r\n\r\n\r\n",
    "no request": b"hello\r\n\r\n",
    "binary": bytes(range(256)) * 8,
    "TLS where none is spoken": bytes.fromhex("1603010200010001fc0303") + b"\0" * 500,
    "HTTP/0.9": b"GET %s\r\n\r\n" % LIST,
    "a version that is none": get(version=b"HTTP/9.9"),
    "a line break in the address": get(target=b"/a\r\nb"),
    "an address of 200 kB": get(target=b"/" + b"a" * 200_000),
    "a header of 1 MB": get(b"X-A: " + b"a" * 1_000_000),
    "10,000 headers": get(*[b"X-A: b"] * 10_000),
    "a NUL in a header": get(b"X-Request-ID: a\0b"),
    "a header without a name": get(b": a"),
    "two lengths": get(b"Content-Length: 3", b"Content-Length: 5", body=b"abcde"),
    "a length that is none": get(b"Content-Length: -1"),
    "a length beyond all": get(b"Content-Length: 99999999999999999999999"),
    "a length and chunks": get(
        b"Content-Length: 3", CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n"
    ),
    "chunks on a GET": get(CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n"),
    "a chunk that never ends": get(CHUNKED, body=b"ffffffff\r\nabc"),
    "a chunk without a size": get(CHUNKED, body=b"xyz\r\nabc\r\n"),
    "raw bytes in the address": get(target=b"/api/v1/\xff\xfe/"),
    "raw UTF-8 in the query": get(target=LIST + "?q=é".encode()),
    "an absolute address": get(target=b"http://evil.test" + LIST),
    "a character set that cannot be": get(b"Content-Type: a/b; charset*=utf-8''%00"),
    "no host": b"GET %s HTTP/1.1\r\nConnection: close\r\n\r\n" % LIST,
    "a body of 1 MB that nobody reads": get(
        b"Content-Length: 1000000", body=b"a" * 1_000_000
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_that_is_none_stops_nobody_else(server: Server, name: str) -> None:
    alive = set(server.resident_bytes())

    answer = sent(server, REFUSED[name])

    status = answer.partition(b"\r\n")[0]
    assert not status or status.split(b" ")[1] < b"500", status
    assert b"Traceback" not in answer
    assert b"evil.test" not in answer
    assert set(server.resident_bytes()) == alive
    assert is_served(server)


def test_those_who_send_half_a_request_and_wait_do_not_keep_others_waiting(
    server: Server,
) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    try:
        for one in slow:
            one.sendall(b"GET %s HTTP/1.1\r\nHost: loc" % LIST)

        assert is_served(server)
    finally:
        for one in slow:
            one.close()


def sent(server: Server, request: bytes) -> bytes:
    """What comes back until the server hangs up; nothing if it does so at once."""
    parts = []
    with socket.create_connection(("127.0.0.1", server.port), WAIT_S) as connection:
        # It may hang up before all is sent, and owes no answer to what is no request.
        with suppress(ConnectionError):
            connection.sendall(request)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while part := connection.recv(65_536):
                parts.append(part)
    return b"".join(parts)


def is_served(server: Server) -> bool:
    with urlopen(f"{server.url}/api/v1/articles/", timeout=WAIT_S) as answer:
        return bool(json.load(answer)["results"])
