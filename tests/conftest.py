from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from api.documents import healing
from tests.contract import middleware

pytest_plugins = ["tests.browser", "tests.machine", "tests.redis"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: a plain failure should be known before they start."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(autouse=True)
def every_answer_kept_the_contract() -> Iterator[None]:
    """Fail a test in which an answer broke the contract unseen."""
    middleware.broken.clear()
    yield
    assert not middleware.broken, "\n".join(map(str, middleware.broken))


@pytest.fixture
def frozen() -> Callable[[datetime], time_machine.travel]:
    """Stand still at a moment: `with frozen(NOON): …`."""
    return lambda moment: time_machine.travel(moment, tick=False)


@pytest.fixture
def in_days() -> Callable[[int], datetime]:
    """The moment that many days from now."""
    return lambda days: datetime.now(UTC) + timedelta(days=days)


@pytest.fixture
def assert_healed() -> Callable[[], None]:
    """Every document is what a fresh render would be."""

    def assert_it() -> None:
        assert healing.check() == []

    return assert_it
