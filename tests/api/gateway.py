"""Asking as a web server does: through WSGI, with nothing of Django around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin
from wsgiref.util import setup_testing_defaults

Answer = tuple[str, dict[str, str], bytes]


def asked(
    application: Callable[..., Any],
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Status, headers and body; `path` may be one below /api/v1/."""
    address, _, query = urljoin("/api/v1/", path).partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "192.0.2.1",
        **{f"HTTP_{name}": text for name, text in (headers or {}).items()},
    }
    setup_testing_defaults(environ)
    said: list[Any] = []
    answer = application(environ, lambda status, given: said.append((status, given)))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    [(status, given)] = said
    return status, dict(given), body
