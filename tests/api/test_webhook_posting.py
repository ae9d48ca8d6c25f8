"""One request ends in time, whatever the receiver does, and goes where was checked."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from api.webhooks import addresses, posting
from tests.api.receivers import receiving
from tests.machine import free_port


def post(url: str, deadline_s: float = 5) -> posting.Answer:
    return posting.post(url, b"{}", {"webhook-id": "msg_1"}, deadline_s)


def test_a_receiver_gets_the_bytes_and_its_answer_is_kept():
    with receiving(status=202, body=b"thanks") as receiver:
        answer = post(receiver.url)

    assert (answer.status, answer.body, answer.error) == (202, b"thanks", "")
    assert answer.is_success
    (got,) = receiver.got
    assert got.body == b"{}"
    assert got.headers["host"] == f"localhost:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == "msg_1"


def test_one_that_says_nothing_is_given_up():
    with receiving(wait_s=60) as receiver:
        answer = post(receiver.url, 0.5)

    assert answer.status is None
    assert answer.error == "No answer within 0.5 seconds."
    assert answer.took_s < 10


def test_one_that_drips_its_head_byte_by_byte_is_given_up():
    with receiving(drips=True) as receiver:
        answer = post(receiver.url, 0.7)

    assert answer.error == "No answer within 0.7 seconds."
    assert answer.took_s < 10


def test_an_answer_of_100_mb_counts_by_its_status_and_is_not_read():
    with receiving(status=200, body_length=100_000_000) as receiver:
        answer = post(receiver.url, 60)

    assert answer.is_success
    assert answer.took_s < 10
    assert len(answer.body) == posting.MOST_READ
    assert receiver.sent < 20_000_000


def test_a_body_that_never_ends_does_not_undo_the_status():
    with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc") as port:
        answer = post(f"http://localhost:{port}/", 0.6)

    assert (answer.status, answer.body) == (200, b"abc")
    assert answer.took_s < 10


def test_one_that_hangs_up_gave_no_answer():
    with receiving(hangs_up=True) as receiver:
        answer = post(receiver.url)

    assert (answer.status, answer.error) == (None, "It hung up without an answer.")


def test_one_that_is_not_there_gave_no_answer():
    answer = post(f"http://localhost:{free_port()}/")

    assert answer.error == (
        "Nobody answers at that address: the connection was refused."
    )


def test_what_is_not_http_is_no_answer():
    with listening(b"SSH-2.0-OpenSSH_9.9\r\n") as port:
        answer = post(f"http://localhost:{port}/")

    assert answer.error == "It answered with something that is not HTTP."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int):
    with (
        receiving() as inside,
        receiving(status=status, headers={"Location": inside.url}) as receiver,
    ):
        answer = post(receiver.url)

    assert (answer.status, answer.is_success) == (status, False)
    assert inside.got == []


def test_a_name_that_leads_elsewhere_by_now_is_refused_when_it_is_used(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
):
    settings.WEBHOOKS_REACH_LOOPBACK = False
    monkeypatch.setattr(addresses, "lookup", lambda host, port: ["93.184.215.14"])
    url = "https://gazette.example/hooks"
    addresses.check(url)

    monkeypatch.setattr(addresses, "lookup", lambda host, port: ["169.254.169.254"])
    answer = post(url)

    assert answer.error == (
        "gazette.example leads to 169.254.169.254, which is not a public address."
    )


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch,
):
    """A second look at the name would lead elsewhere: nobody takes one."""
    looks: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        looks.append(host)
        return ["127.0.0.1"] if len(looks) == 1 else ["10.0.0.1"]

    def resolve(host: str, *args: object, **kwargs: object) -> list[object]:
        assert host == "127.0.0.1", f"asked for {host} again"
        return genuine(host, *args, **kwargs)

    genuine = socket.getaddrinfo
    monkeypatch.setattr(addresses, "lookup", lookup)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with receiving() as receiver:
        answer = post(receiver.url)

    assert answer.status == 204
    assert looks == ["localhost"]


def test_the_second_address_is_tried_when_the_first_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(addresses, "lookup", lambda *of: ["::1", "127.0.0.1"])
    with receiving() as receiver:
        assert post(receiver.url).status == 204


@pytest.mark.parametrize("asked", ["120", "date"])
def test_it_says_how_long_it_wants_to_be_left_alone(asked: str):
    if asked == "date":
        in_two_minutes = timezone.now() + timedelta(seconds=120)
        asked = format_datetime(in_two_minutes, usegmt=True)
    with receiving(status=503, headers={"Retry-After": asked}) as receiver:
        answer = post(receiver.url)

    assert answer.retry_after_s == pytest.approx(120, abs=3)


@pytest.mark.parametrize(
    "asked",
    ["soon", "-5", "", "Thu, 99 Foo 2026", f"Mon, 1 Jan 2020 00:00:00 -{9**13}"],
)
def test_nonsense_about_that_is_not_heard(asked: str):
    with receiving(status=503, headers={"Retry-After": asked}) as receiver:
        assert post(receiver.url).retry_after_s is None


# --- TLS ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key in one file, for `gazette.example` alone."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=gazette.example "
        "-addext subjectAltName=DNS:gazette.example -keyout key.pem -out cert.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(
        (folder / "cert.pem").read_text() + (folder / "key.pem").read_text()
    )
    return both


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("gazette.example", 200),
        ("other.example", "Its certificate does not hold: Hostname mismatch"),
    ],
)
def test_the_certificate_has_to_be_that_of_the_name(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, name: str, outcome: int | str
):
    monkeypatch.setattr(addresses, "lookup", lambda *of: ["127.0.0.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    answer_text = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with listening(answer_text, certificate) as port:
        answer = post(f"https://{name}:{port}/")

    if isinstance(outcome, int):
        assert answer.status == outcome
    else:
        assert answer.error.startswith(outcome)


def test_a_handshake_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch):
    with listening(b"") as port:
        answer = post(f"https://localhost:{port}/", 0.5)

    assert answer.error == "No answer within 0.5 seconds."
    assert answer.took_s < 10


class listening:
    """Somebody who answers with `text` whatever is said, and holds the line."""

    def __init__(self, text: bytes, certificate: Path | None = None) -> None:
        self._text, self._context = text, None
        self._released = threading.Event()
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)

    def __enter__(self) -> int:
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._run, daemon=True).start()
        return int(self._socket.getsockname()[1])

    def _run(self) -> None:
        line, _ = self._socket.accept()
        try:
            if self._context is not None:
                line = self._context.wrap_socket(line, server_side=True)
            line.recv(65_536)
            line.sendall(self._text)
            self._released.wait(60)
        except OSError:
            pass
        finally:
            line.close()

    def __exit__(self, *args: object) -> None:
        self._released.set()
        self._socket.close()
