"""The receivers that the developers' guide shows verify what is sent to them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from api.developers import texts
from api.webhooks import sending
from tests.api.factories import EndpointFactory
from tests.factories import ArticleFactory
from tests.machine import free_port, until
from tests.node import program

pytestmark = pytest.mark.django_db

RECEIVERS = ("receiver.py", "receiver.mjs")


@contextmanager
def running(name: str, folder: Path, port: int, secret: str) -> Iterator[Path]:
    """The snippet `name` of the guide as a server; the file with what it prints."""
    snippets = texts.snippets(texts.source("webhooks"))
    (text,) = [one.text for one in snippets if one.name == name]
    (folder / name).write_text(text)
    run = sys.executable
    if name.endswith(".mjs"):
        run = program("node", "runs the guide's receiver")
    printed = folder / "printed.txt"
    with printed.open("w") as file:
        process = subprocess.Popen(
            [run, name],
            cwd=folder,
            env=os.environ | {"WEBHOOK_SECRET": secret, "PORT": str(port)},
            stdout=file,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert until(lambda: answers(port, {}) == 401)
            yield printed
        finally:
            process.kill()
            process.wait()


def answers(port: int, headers: dict[str, str], body: bytes = b"{}") -> int | None:
    question = Request(f"http://127.0.0.1:{port}/", body, headers)
    try:
        with urlopen(question) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return None


@pytest.mark.parametrize("name", RECEIVERS)
def test_a_receiver_of_the_guide_takes_what_is_genuine(name: str, tmp_path: Path):
    port = free_port()
    endpoint = EndpointFactory(
        url=f"http://127.0.0.1:{port}/", events=["article.published"]
    )
    with running(name, tmp_path, port, endpoint.secret) as printed:
        ArticleFactory(slug="knees")
        # While a secret is replaced, one of two signatures is right.
        endpoint.new_secret()
        due = sending.claim(timezone.now())
        assert due is not None
        sending.serve(due)

        assert until(lambda: printed.read_text() == "article.published knees\n")
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.confirmed_at is None) == (0, False)


@pytest.mark.parametrize("name", RECEIVERS)
def test_a_receiver_of_the_guide_refuses_what_is_not(name: str, tmp_path: Path):
    port = free_port()
    endpoint = EndpointFactory(url=f"http://127.0.0.1:{port}/")
    other = EndpointFactory(url="http://localhost:1/")
    with running(name, tmp_path, port, other.secret) as printed:
        endpoint.ask_for_test()
        due = sending.claim(timezone.now())
        assert due is not None
        sending.serve(due)

        assert printed.read_text() == ""
    assert endpoint.deliveries.get().attempts.get().status == 401
