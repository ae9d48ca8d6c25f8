"""What tests with a live server need, whose pages go on asking when a test is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract import middleware
from tests.machine import until


@pytest.fixture(autouse=True)
def nobody_is_answered_while_the_database_is_emptied(
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """Wait for what a page that was left has still asked for.

    Its answer and TRUNCATE could each wait for the other.
    """
    if "live_server" not in request.fixturenames:
        yield
        return
    # Which empties it: before the page is opened, and so after it was closed.
    request.getfixturevalue("transactional_db")
    yield
    assert until(middleware.under_way.is_none), "An answer has not ended."
