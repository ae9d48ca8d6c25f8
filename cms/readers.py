"""From the text of an environment variable to its value.

A reader raises ValueError with words that complete the sentence "NAME …".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
WORDS = {"true": True, "1": True, "yes": True, "on": True}
WORDS |= {"false": False, "0": False, "no": False, "off": False}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def text(raw: str) -> str:
    return raw


def flag(raw: str) -> bool:
    if raw.lower() not in WORDS:
        raise ValueError(f"is {raw!r}; write true or false")
    return WORDS[raw.lower()]


def names(raw: str) -> list[str]:
    return [name.strip() for name in raw.split(",") if name.strip()]


def number(most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 0 to `most`."""

    def read(raw: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", raw) or int(raw) > most:
            raise ValueError(f"is {raw!r}; write a whole number from 0 to {most}")
        return int(raw)

    return read


def folder(raw: str) -> Path:
    path = Path(raw).expanduser()
    return path if path.is_absolute() else (BASE_DIR / path).resolve()


def log_level(raw: str) -> str:
    if raw.upper() not in LOG_LEVELS:
        raise ValueError(f"is {raw!r}; write one of {', '.join(LOG_LEVELS)}")
    return raw.upper()


def base_url(raw: str) -> str:
    """An absolute http(s) address, without a slash at its end."""
    try:
        parts = urlsplit(raw)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        raise ValueError(f"is {raw!r}, which is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"is {raw!r}; write it like https://cms.example.org")
    if parts.query or parts.fragment or parts.username:
        raise ValueError(f"is {raw!r}; leave out name, password, ? and #")
    return raw.rstrip("/")


def base_urls(raw: str) -> list[str]:
    """Several of them, comma-separated, each once."""
    return list(dict.fromkeys(base_url(one) for one in names(raw)))


def database(raw: str) -> dict[str, Any] | None:
    """Django's settings for one PostgreSQL database; None asks for the embedded one."""
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in ("postgres", "postgresql"):
        # The value may hold a password, so no message repeats it.
        raise ValueError(
            "does not name a PostgreSQL database, the only kind that is supported; "
            "write it like postgres://user:password@host:5432/name"
        )
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("names no database; add its name after the last slash")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is not a number up to 65535") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def redis_server(raw: str) -> str:
    """The address of a Redis server as it is written; empty for none."""
    if not raw:
        return raw
    parts = urlsplit(raw)
    is_server = parts.scheme in ("redis", "rediss") and bool(parts.hostname)
    is_socket = parts.scheme == "unix" and bool(parts.path)
    if not (is_server or is_socket) or parts.query:
        # The value may hold a password, so no message repeats it.
        raise ValueError(
            "does not name a Redis server; write it like redis://host:6379/0, "
            "rediss:// for one with TLS, or unix:///path, without options"
        )
    try:
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        raise ValueError("has a port that is not a number up to 65535") from None
    return raw


def mail_server(raw: str) -> dict[str, Any] | None:
    """Django's EMAIL_ settings for an SMTP server; None keeps mail in files."""
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(
            "is not like smtp://user:password@host:587 or smtps://host:465"
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }
