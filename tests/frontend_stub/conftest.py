"""The two sites for a browser, without an API behind them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.frontend_stub.serving import running

# Nothing listens on port 9.
NO_API = "http://127.0.0.1:9/api/v1"


@pytest.fixture(scope="package")
def microsite() -> Iterator[str]:
    with running("microsite", "--api", NO_API) as (_, port):
        yield f"http://localhost:{port}"


@pytest.fixture(scope="package")
def partner() -> Iterator[str]:
    with running("partner", "--api", NO_API) as (_, port):
        yield f"http://localhost:{port}"
