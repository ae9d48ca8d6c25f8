"""Who is asking, as far as an address tells."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from api.remembering import remembered

# What one household or server is given; a caller can take any address in it.
IPV6_PREFIX = 64


def caller_of(meta: Mapping[str, Any], trusted_proxies: int) -> str:
    """The client's IPv4 address, or its IPv6 network, as text; "" for a local socket.

    `meta` is the `META` of a request, which is the environment of WSGI.

    Each of the `trusted_proxies` in front of us has appended the address that it saw to
    `X-Forwarded-For`, so the client's is that many places from the end. What stands
    before it is what the client says of itself, and counts for nothing. A request with
    fewer entries has not come through all of them: it counts as its socket's.
    """
    socket = _network(meta.get("REMOTE_ADDR", ""))
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not trusted_proxies or len(forwarded) < trusted_proxies:
        return socket
    return _network(forwarded[-trusted_proxies]) or socket


# Most requests of a minute come from few, or through few.
@remembered(1_000)
def _network(text: str) -> str:
    address = _address(text.strip())
    if address is None:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX), strict=False))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, also as some proxies write it: with a port, or in brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ip_address(text)
    except ValueError:
        return None
