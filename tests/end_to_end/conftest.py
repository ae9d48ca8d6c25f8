"""Three origins, real HTTP between real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from api.documents import publishing
from content_models.models import Practice
from tests import factories as make
from tests.machine import free_port, until

from .desk import Desk

# Puts a page onto an origin of its own, and returns that: the page's HTML, the clinic's
# server, which is `{origin}` in it, and a policy.
Elsewhere = Callable[..., str]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def api(live_server: Any, settings: Any) -> str:
    settings.PUBLIC_BASE_URL = live_server.url
    return f"{live_server.url}/api/v1"


def serve(site: str, api: str, *options: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "frontend_stub/serve.py", site, "--port", str(port)]
    process = subprocess.Popen([*command, "--api", api, *options], cwd=ROOT)
    url = f"http://localhost:{port}"

    def answers() -> bool:
        try:
            return urlopen(f"{url}/config.json").status == 200
        except OSError:
            return False

    try:
        assert until(answers)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def microsite(api: str) -> Iterator[str]:
    """The site of the Edison clinic, which is the practice's own address here."""
    make.home_section()
    make.LocationFactory(slug="edison", name="Edison")
    for url in serve("microsite", api, "--location", "edison"):
        practice = Practice.load()
        practice.base_url = url
        with publishing.publishing():
            practice.save()
        yield url


@pytest.fixture
def partner(api: str) -> Iterator[str]:
    yield from serve("partner", api)


@pytest.fixture
def desk(live_server: Any, page: Page, settings: Any) -> Desk:
    """The admin before somebody logs in; one article on knees, and one that is not."""
    settings.PUBLIC_BASE_URL = live_server.url
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    make.home_section()
    knee = make.CategoryFactory(name="Knee")
    make.ArticleFactory(title="On knees", slug="knees", categories=[knee])
    make.ArticleFactory(title="On hips", slug="hips")
    return Desk(page, f"{live_server.url}/cms")


# --- Somebody else's pages --------------------------------------------------------

POLICY = (
    "default-src 'none'; script-src {origin}/embed/v1/clinic-feed.js; "
    "connect-src {origin}; img-src {origin}; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)


class _Somebody(BaseHTTPRequestHandler):
    """Answers every address with the server's `html`, under its strict `policy`."""

    def do_GET(self) -> None:
        body = self.server.html.encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(page: Page) -> Iterator[Elsewhere]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Somebody) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def shown(html: str, origin: str, policy: str = POLICY) -> str:
            own = f"http://localhost:{server.server_address[1]}"
            server.html = html.replace("{origin}", origin)  # type: ignore[attr-defined]
            server.policy = policy.replace("{origin}", origin)  # type: ignore[attr-defined]
            page.goto(own)
            return own

        yield shown
        server.shutdown()


@pytest.fixture
def origin(live_server: Any, api: str) -> str:
    """The clinic's server, with a practice and no articles yet."""
    make.home_section()
    make.PracticeFactory(name="Lakeside", base_url="https://lakeside.example")
    return str(live_server.url)
