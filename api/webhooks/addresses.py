"""Where messages may be sent: to public addresses, never into somebody's network.

Who may enter an address could otherwise have this server ask its own neighbours, or the
machine that hands out the credentials of a cloud, and read their answers in the log.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from django.conf import settings

PORTS = {"https": 443, "http": 80}
LONGEST_URL = 500

# Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (2025). Python's own
# `is_global` differs by its version. 168.63.129.16 is Azure's, public by its number.
_CLOSED_4 = [
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
# All that is public lies in here; NAT64 (64:ff9b::/96), mapped and local ones do not.
_OPEN_6 = ipaddress.IPv6Network("2000::/3")
# Teredo and its like, documentation, and 6to4, which wraps any IPv4 address.
_CLOSED_6 = [
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]*|[0-9]+)\.?$")


class Refused(ValueError):
    """Nothing is sent there; the message says why, in a sentence for staff."""


@dataclass(frozen=True)
class Target:
    """An address taken apart; `host` is a name in ASCII, or a number."""

    scheme: str
    host: str
    port: int
    # With its query.
    path: str


def read(url: str) -> Target:
    """`url`, taken apart; nobody is asked. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("This is not a web address.") from error
    if parts.scheme not in PORTS or not parts.hostname or len(url) > LONGEST_URL:
        raise Refused("This is not a web address. It begins with https:// and a name.")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise Refused("A web address has no blanks or control characters.")
    if parts.username is not None or parts.password is not None:
        raise Refused(
            "Leave out the user name and password: the signature of each message tells "
            "your site who sent it."
        )
    host = _ascii(parts.hostname)
    if parts.scheme == "http" and not (_reaches_loopback() and _is_loopback_name(host)):
        raise Refused("It must begin with https://, so that nobody reads along.")
    if port == 0:
        raise Refused("There is no port 0.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Refused("Write letters beyond A to Z in their encoded form, such as %C3.")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def resolve(target: Target, within_s: float) -> list[str]:
    """The addresses of `target`, all of them public, to connect to and to no other.

    Raises Refused, and TimeoutError where nobody answers in time.
    """
    found = _asked(target, within_s)
    for address in found:
        if not _is_allowed(address):
            which = f"{target.host} leads to {address}, which"
            if target.host == str(address):
                which = target.host
            raise Refused(f"{which} is not a public address.")
    return [str(address) for address in found]


def check(url: str, within_s: float = 5) -> None:
    """Raises Refused where nothing may be sent to `url`."""
    target = read(url)
    try:
        resolve(target, within_s)
    except TimeoutError as error:
        raise Refused(
            f"Nobody could say where {target.host} is. Try again in a minute."
        ) from error


def _ascii(host: str) -> str:
    host = host.rstrip(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    # "127.1", "0177.0.0.1", "2130706433" and "0x7f.1" are addresses to a resolver.
    # Source: WHATWG URL, "ends in a number checker".
    if ":" in host or _NUMBER.match(host.rpartition(".")[2]):
        raise Refused("Write the name of the site, not a number.")
    try:
        return host.encode("idna").decode()
    except UnicodeError as error:
        raise Refused(f"“{host}” is not the name of a site.") from error


def _asked(target: Target, within_s: float) -> list[IPv4Address | IPv6Address]:
    # The resolver knows no time limit: who has waited too long leaves it alone.
    answers: queue.Queue[list[str] | OSError] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(lookup(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True, name="resolver").start()
    try:
        answer = answers.get(timeout=max(within_s, 0))
    except queue.Empty as error:
        raise TimeoutError("Nobody could say in time where it is.") from error
    if isinstance(answer, OSError) or not answer:
        raise Refused(f"There is no site with the name {target.host}.")
    # A scope names an interface of this machine: such an address is local.
    return [ipaddress.ip_address(each.partition("%")[0]) for each in answer]


def lookup(host: str, port: int) -> list[str]:
    """What the resolver says, each address once, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _is_allowed(address: IPv4Address | IPv6Address) -> bool:
    if is_public(address):
        return True
    # Not the mapped form, which nobody writes for an honest reason.
    return _reaches_loopback() and address.is_loopback


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet may reach it, and it is one machine's own."""
    if isinstance(address, IPv4Address):
        return not any(address in closed for closed in _CLOSED_4)
    return address in _OPEN_6 and not any(address in closed for closed in _CLOSED_6)


def _is_loopback_name(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reaches_loopback() -> bool:
    return bool(settings.WEBHOOKS_REACH_LOOPBACK)
