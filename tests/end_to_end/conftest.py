"""Three origins, real HTTP between real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from api.documents import publishing
from content_models.models import Practice
from tests import factories as make
from tests.machine import free_port, until

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
