"""Messages leave for public addresses only, whatever is written or resolved."""

from __future__ import annotations

import ipaddress
import threading
import time

import pytest
from pytest_django import Settings

from api.webhooks import addresses
from api.webhooks.addresses import Refused

PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def in_production(settings: Settings) -> None:
    settings.WEBHOOKS_REACH_LOOPBACK = False


def resolving(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    monkeypatch.setattr(addresses, "lookup", lambda host, port: list(found))


@pytest.mark.parametrize(
    "url",
    [
        "http://gazette.example/hooks",
        "ftp://gazette.example/hooks",
        "file:///etc/passwd",
        "//gazette.example/hooks",
        "gazette.example/hooks",
        "https://",
        "https:///hooks",
        "https://user:word@gazette.example/",
        "https://gazette.example:99999/",
        "https://gazette.example:0/",
        "https://gazette.example/a b",
        "https://gazette.example/a\r\nHost: other",
        "https://gazette.example\\@10.0.0.1/",
        "https://[::1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://0/",
        "https://gazette.1/",
        "https://1.2.3.4.5/",
        "https://" + "a" * 64 + ".example/",
        "https://gazette.example/" + "a" * 500,
    ],
)
def test_what_is_no_public_https_address_is_refused_unasked(
    monkeypatch: pytest.MonkeyPatch, url: str
):
    def lookup(host: str, port: int) -> list[str]:
        raise AssertionError("Nobody need be asked.")

    monkeypatch.setattr(addresses, "lookup", lookup)

    with pytest.raises(Refused):
        addresses.check(url)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - that nothing is sent there is the test
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.8.8",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:93.184.215.14",
        "::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::5db8:d70e",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_name_that_leads_to_no_public_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
):
    resolving(monkeypatch, address)

    with pytest.raises(Refused, match="not a public address"):
        addresses.check("https://gazette.example/hooks")


@pytest.mark.parametrize("host", ["10.0.0.1", "[::1]", "[::ffff:7f00:1]", "[fe80::1]"])
def test_an_address_that_is_written_out_is_held_to_the_same(host: str):
    with pytest.raises(Refused):
        addresses.check(f"https://{host}/hooks")


def test_one_that_leads_into_a_network_spoils_all(monkeypatch: pytest.MonkeyPatch):
    resolving(monkeypatch, PUBLIC, "10.0.0.1")

    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        addresses.check("https://gazette.example/hooks")


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_taken(monkeypatch: pytest.MonkeyPatch, address: str):
    resolving(monkeypatch, address)
    target = addresses.read("https://Gazette.Example:8443/hooks?site=1")

    assert (target.host, target.port, target.path) == (
        "gazette.example",
        8443,
        "/hooks?site=1",
    )
    assert addresses.resolve(target, 1) == [address]


def test_names_in_other_scripts_are_asked_for_in_ascii():
    assert addresses.read("https://müller.example/").host == ("xn--mller-kva.example")


def test_a_scope_does_not_hide_a_local_address(monkeypatch: pytest.MonkeyPatch):
    resolving(monkeypatch, "fe80::1%eth0")

    with pytest.raises(Refused):
        addresses.check("https://gazette.example/")


def test_a_name_that_nobody_knows_is_said_so(monkeypatch: pytest.MonkeyPatch):
    resolving(monkeypatch)

    with pytest.raises(Refused, match=r"no site with the name gazette\.example"):
        addresses.check("https://gazette.example/")


def test_a_resolver_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
):
    released = threading.Event()
    monkeypatch.setattr(
        addresses, "lookup", lambda host, port: released.wait(60) and []
    )
    started = time.monotonic()

    with pytest.raises(Refused, match="Try again"):
        addresses.check("https://gazette.example/", within_s=0.1)

    took_s = time.monotonic() - started
    released.set()
    assert took_s < 10


@pytest.mark.parametrize(
    "url", ["http://localhost:8123/", "http://127.0.0.1/", "http://[::1]:8123/"]
)
def test_on_ones_own_machine_a_receiver_may_be_there_too(settings: Settings, url: str):
    with pytest.raises(Refused):
        addresses.check(url)

    settings.WEBHOOKS_REACH_LOOPBACK = True

    addresses.check(url)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://gazette.example/"])
def test_on_ones_own_machine_nothing_else_is_sent_in_the_clear(
    settings: Settings, url: str
):
    settings.WEBHOOKS_REACH_LOOPBACK = True

    with pytest.raises(Refused):
        addresses.check(url)


def test_every_network_of_the_private_kind_is_closed():
    # Whatever Python's own table knows to be closed.
    for text in ("10.1.2.3", "169.254.1.1", "192.0.2.7", "240.0.0.1"):
        address = ipaddress.ip_address(text)
        assert not address.is_global
        assert not addresses.is_public(address)
