"""Varnish before an origin, for tests.

They are skipped where there is none; CLINICAST_REQUIRE_EDGE=1 makes that a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.edge import varnish as installed
from tests.edge.varnish import Edge, NoVarnish

REQUIRED = "CLINICAST_REQUIRE_EDGE"
UNTESTED = "NOT TESTED BEHIND AN EDGE"


@contextmanager
def varnish(origin_port: int) -> Iterator[Edge]:
    """Varnish before the origin on that port; without one the test ends here."""
    with ExitStack() as stack:
        try:
            edge = stack.enter_context(installed.varnish(origin_port))
        except NoVarnish as error:
            said = f"{UNTESTED}: {error}"
            if os.environ.get(REQUIRED):
                pytest.fail(said)
            pytest.skip(said)
        yield edge


@pytest.fixture
def edge_before() -> Iterator[Callable[[int], Edge]]:
    """`edge_before(port)`: Varnish before an origin on that port."""
    with ExitStack() as stack:
        yield lambda port: stack.enter_context(varnish(port))
