"""What the Varnish of the docs does when it is told to forget something."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.edge import varnish as telling
from api.edge.purging import SETTLES_AFTER
from tests.edge.test_configuration import VARY, Origin
from tests.edge.varnish import TOKEN, Edge

pytestmark = pytest.mark.slow

KEY = "a0123456789abcdef"
KEPT = {"CDN-Cache-Control": "max-age=600", "Surrogate-Key": f"h0 {KEY}"} | VARY
# From a change to the start of a request, in seconds.
PROMISED_S = 1.0


@pytest.fixture
def origin() -> Iterator[Origin]:
    origin = Origin()
    origin.headers = KEPT
    yield origin
    origin.server.shutdown()


@pytest.fixture
def edge(origin: Origin, edge_before: Callable[[int], Edge]) -> Edge:
    edge = edge_before(origin.port)
    origin.asked.clear()
    return edge


def forget(edge: Edge, *keys: str, token: str = TOKEN) -> None:
    telling.purge(f"http://127.0.0.1:{edge.port}", token, keys)


def test_what_carries_the_key_is_forgotten_and_the_rest_is_kept(
    edge: Edge, origin: Origin
) -> None:
    edge.ask("/api/v1/one/")
    origin.headers = KEPT | {"Surrogate-Key": "h0 b0123456789abcdef"}
    edge.ask("/api/v1/other/")

    forget(edge, KEY)

    assert not edge.ask("/api/v1/one/").was_kept
    assert edge.ask("/api/v1/other/").was_kept


def test_a_thousand_keys_at_once_are_understood(edge: Edge, origin: Origin) -> None:
    edge.ask("/api/v1/one/")

    forget(edge, *(f"c{number:016x}" for number in range(1_000)), KEY)

    assert not edge.ask("/api/v1/one/").was_kept


def test_nobody_else_can_have_it_forget_anything(edge: Edge, origin: Origin) -> None:
    edge.ask("/api/v1/one/")

    with pytest.raises(telling.NotPurged, match="403"):
        forget(edge, KEY, token="a guess")
    assert edge.ask("/api/v1/one/", "PURGE", Purge_Keys=KEY).status == 403
    assert edge.ask("/api/v1/one/").was_kept
    assert len(origin.asked) == 1


@pytest.mark.parametrize("takes_s", [0.1, 0.25, 0.4, 0.8])
def test_what_was_being_fetched_when_it_was_told_is_not_kept_either(
    edge: Edge, origin: Origin, takes_s: float
) -> None:
    """The origin read before the change, and its answer is stored after the purge."""
    origin.takes_s = takes_s
    with ThreadPoolExecutor(1) as pool:
        began_at = time.monotonic()
        early = pool.submit(edge.ask, "/api/v1/one/")
        time.sleep(0.05)
        origin.body, origin.takes_s = b"next", 0
        changed_at = time.monotonic()
        forget(edge, KEY)
        time.sleep(SETTLES_AFTER.total_seconds())
        forget(edge, KEY)
        assert early.result().body == b"first"
    time.sleep(max(0, began_at + PROMISED_S - time.monotonic()))

    assert edge.ask("/api/v1/one/").body == b"next"
    assert time.monotonic() - changed_at < PROMISED_S + 0.2


def test_its_keys_are_for_it_alone(edge: Edge, origin: Origin) -> None:
    headers = edge.ask("/api/v1/one/").headers

    assert not {"xkey", "Surrogate-Key", "Cache-Tag"} & set(headers)
