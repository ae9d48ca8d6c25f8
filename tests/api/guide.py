"""What the developers' guide says, done: its commands run, its outputs compared.

The sample content that `make demo` shows is served by a thread that shares the test's
connection, so that all of it is undone by one rollback.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections, transaction
from django.test import override_settings
from PIL import Image

from api.channels import keys
from api.channels.models import Channel
from api.developers import texts
from api.documents import publishing
from cms.sample import content, demo, loading
from cms.sample.loading import Loading
from content_models.models import Article
from tests.factories import ArticleFactory

LEFT_OUT = "…"
SHOWN = (
    "carpal-tunnel-night-splint",
    "start-running-without-injury",
    "sprained-ankle-first-week",
    "rotator-cuff-tear-surgery",
)
FORMER, WITHDRAWN = "splint-at-night", "heel-spur-shoes"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Requests are not news."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of this process's own API, on the connection of this thread."""
    shared, one_at_a_time = connections["default"], threading.Lock()
    application = get_wsgi_application()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        with one_at_a_time:
            connections["default"] = shared
            return application(environ, start)

    shared.inc_thread_sharing()
    # Between requests it would be taken for a connection that was left in disorder.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with make_server("localhost", 0, answer, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    shared.dec_thread_sharing()


@contextmanager
def published() -> Iterator[str]:
    """The address of a server that has what the guide's examples ask for."""
    patch = pytest.MonkeyPatch()
    every = content.articles
    patch.setattr(
        content,
        "articles",
        lambda language="en": [one for one in every(language) if one.slug in SHOWN],
    )
    # Drawing takes most of the time, and no example shows a picture.
    patch.setattr(loading, "draw", lambda name: Image.new("RGB", (64, 48)))
    with transaction.atomic(), serving() as url:
        with override_settings(PUBLIC_BASE_URL=url):
            demo.load(Loading(with_renditions=False), "http://localhost:8001")
            _rename_one_and_withdraw_another()
            _, key = keys.issue(Channel.objects.get(slug="public"), "The guide")
            patch.setenv("CLINICAST_KEY", key)
            yield url
        transaction.set_rollback(True)
    patch.undo()


def _rename_one_and_withdraw_another() -> None:
    article = Article.objects.get(slug=SHOWN[0])
    for slug in (FORMER, SHOWN[0]):
        article.slug = slug
        with publishing.publishing():
            article.save_revision().publish()
        article.refresh_from_db()
    withdrawn = ArticleFactory(slug=WITHDRAWN)
    with publishing.publishing():
        withdrawn.unpublish()


# --- Snippets ---------------------------------------------------------------------


def follow(markdown: str, url: str, folder: Path) -> int:
    """Do what a text says, from top to bottom, in `folder`; how many commands that was.

    Raises AssertionError where a command answers otherwise than the text shows.
    """
    done = 0
    for snippet in texts.snippets(markdown.replace(texts.DEMO, url)):
        if snippet.language == "python":
            (folder / snippet.name).write_text(snippet.text)
        if snippet.language == "console":
            for command, shown in session(snippet.text):
                assert_says(run(command, folder), shown, command)
                done += 1
    return done


def session(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a terminal session with what it is shown to answer."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", "").partition("\n")
        yield command, shown


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


def assert_says(answered: str, shown: str, what: str) -> None:
    """`answered` is what is shown, but for line breaks and what is left out."""
    pattern = ".*".join(re.escape(_squeezed(one)) for one in shown.split(LEFT_OUT))
    assert re.fullmatch(pattern, _squeezed(answered)), (
        f"{what}\n--- shown\n{shown}\n--- answered\n{answered}"
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())
