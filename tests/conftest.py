from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from api.delivery import counts
from api.documents import healing, reading
from api.sync import checkpoints
from tests.contract import middleware

pytest_plugins = ["tests.machine", "tests.browser", "tests.live", "tests.redis"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come late: a plain failure should be known before they start.

    Tests that commit come later still, since they leave the database without the rows
    that migrations have made.
    """
    items.sort(key=lambda item: (_commits(item), _has(item, "browser")))


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    is_asked_for = bool(marker and marker.kwargs.get("transaction"))
    return is_asked_for or bool(fixtures & {"live_server", "transactional_db"})


def _has(item: pytest.Item, marker: str) -> bool:
    return item.get_closest_marker(marker) is not None


@pytest.fixture(autouse=True)
def every_answer_kept_the_contract() -> Iterator[None]:
    """Fail a test in which an answer broke the contract unseen."""
    middleware.broken.clear()
    yield
    assert not middleware.broken, "\n".join(map(str, middleware.broken))


@pytest.fixture(autouse=True)
def keys_and_counts_of_this_database() -> None:
    """What another test made is gone with its transaction."""
    checkpoints.forget_keys()
    reading.forget_channels()
    counts.lengths.clear()
    counts.values.clear()
    counts.rankings.clear()
    counts.common.clear()


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
