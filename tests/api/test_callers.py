"""A caller is who it is, whatever it says of itself."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from api.callers import caller_of

PROXY = "10.0.0.1"
CLIENT = "203.0.113.7"


def caller(socket: str, forwarded: str | None = None, proxies: int = 0) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=socket)
    return caller_of(request.META, proxies)


@pytest.mark.parametrize("forwarded", [None, CLIENT, "1.1.1.1, 2.2.2.2", "", ",,"])
def test_without_proxies_only_the_connection_counts(forwarded: str | None) -> None:
    assert caller(PROXY, forwarded) == PROXY


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [
        (1, CLIENT),
        (1, f"1.1.1.1, {CLIENT}"),
        (1, f"1.1.1.1,2.2.2.2 , {CLIENT} "),
        (1, f"<script>,{CLIENT}"),
        (2, f"{CLIENT}, 10.0.0.2"),
        (2, f"1.1.1.1, {CLIENT}, 10.0.0.2"),
        (1, f"{CLIENT}:51234"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_of_our_proxies_saw(
    proxies: int, forwarded: str
) -> None:
    assert caller(PROXY, forwarded, proxies) == CLIENT


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [(1, None), (1, ""), (1, "unknown"), (2, CLIENT), (3, f"1.1.1.1, {CLIENT}")],
)
def test_what_did_not_come_through_every_proxy_counts_as_its_connection(
    proxies: int, forwarded: str | None
) -> None:
    assert caller(PROXY, forwarded, proxies) == PROXY


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", CLIENT, True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_a_network_of_64_bits_is_one_caller(
    one: str, other: str, is_same: bool
) -> None:
    assert (caller(PROXY, one, 1) == caller(PROXY, other, 1)) is is_same


def test_a_local_socket_is_one_caller_and_its_proxys_clients_are_told_apart() -> None:
    assert caller("") == ""
    assert caller("", CLIENT, 1) == CLIENT


def test_a_long_header_is_read_from_its_end() -> None:
    assert caller(PROXY, "1.1.1.1," * 50_000 + CLIENT, 1) == CLIENT
