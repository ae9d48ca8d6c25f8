"""The databases that measurements fill and copy."""

from __future__ import annotations

import os

from django.db import connection

from tests.machine import url_of

# What the name of a copy has besides that of the original.
COPY = "_copy"


def use(name: str) -> None:
    """Have this process, and what it starts from now on, work with `name`."""
    connection.close()
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = url_of(connection)


def used() -> str:
    """The name of the database in use."""
    return str(connection.settings_dict["NAME"])


def is_there(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def make(name: str, like: str = "template1") -> None:
    """Make `name` anew, as a copy of another one; nobody may be using either."""
    connection.close()
    drop(name)
    with connection._nodb_cursor() as cursor:
        made, model = map(connection.ops.quote_name, (name, like))
        cursor.execute(f"CREATE DATABASE {made} TEMPLATE {model}")


def copied() -> str:
    """Make a copy of what is in use; returns its DATABASE_URL."""
    original = used()
    name = original + COPY
    make(name, like=original)
    use(name)
    url = os.environ["DATABASE_URL"]
    use(original)
    return url


def drop(name: str) -> None:
    quoted = connection.ops.quote_name(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
