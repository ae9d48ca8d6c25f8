"""Whose pages may have to do with drafts: the sites that show them, and nobody else."""

from __future__ import annotations

from urllib.parse import urlsplit

from content_models import previews

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """The origin of `url` as browsers write it; empty where it names no host.

    Source: RFC 6454, section 6.2 (ASCII serialization of an origin).
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:
        return ""
    if not host or parts.scheme not in _DEFAULT_PORTS:
        return ""
    host = f"[{host}]" if ":" in host else host
    is_usual = port in (None, _DEFAULT_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")


def site_origins() -> list[str]:
    """The origins of all sites that show drafts, each once."""
    found = (origin_of(site.url) for site in previews.sites())
    return list(dict.fromkeys(filter(None, found)))
