"""The project as an app, with its system checks.

The environment is checked when settings are read; these checks hold what settings
must never become, whoever edits them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.backends.postgresql.psycopg_any import is_psycopg3


class CmsConfig(AppConfig):
    """The top floor: wiring, the desk, what visitors send."""

    name = "cms"
    verbose_name = "Clinicast"

    def ready(self) -> None:
        checks.register(promises)


def promises(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """What the rest of the code takes for granted."""
    found: list[checks.CheckMessage] = []
    if settings.TIME_ZONE != "UTC" or not settings.USE_TZ:
        found.append(
            checks.Error(
                "Storage and API are in UTC.",
                hint="Set TIME_ZONE = 'UTC' and USE_TZ = True; people see the "
                "practice's own time zone.",
                id="cms.E001",
            )
        )
    database = settings.DATABASES["default"]
    if database.get("ATOMIC_REQUESTS"):
        found.append(
            checks.Error(
                "ATOMIC_REQUESTS is on: publishing could not be the last act of a "
                "transaction, and readers would hold one.",
                hint="Set it to False.",
                id="cms.E002",
            )
        )
    if driver() != "psycopg2":
        found.append(
            checks.Error(
                f"The PostgreSQL driver is {driver()}, not psycopg2.",
                hint="Django prefers psycopg 3 as soon as it is installed: "
                "python -m pip uninstall psycopg.",
                id="cms.E003",
            )
        )
    if settings.PUBLIC_BASE_URL.endswith("/"):
        found.append(
            checks.Error(
                "PUBLIC_BASE_URL ends with a slash; addresses are built by adding a "
                "path to it.",
                id="cms.E004",
            )
        )
    if is_lumping():
        found.append(
            checks.Warning(
                "Behind a proxy all visitors share one limit of requests.",
                hint="Set TRUSTED_PROXIES to the number of proxies in front, or "
                "RATE_LIMIT to 0.",
                id="cms.W001",
            )
        )
    return found


def is_lumping() -> bool:
    """Whether whoever comes through the proxy that speaks https counts as one."""
    is_https = settings.PUBLIC_BASE_URL.startswith("https://")
    return is_https and settings.RATE_LIMIT > 0 and not settings.TRUSTED_PROXIES


def driver() -> str:
    """The module through which Django speaks to PostgreSQL."""
    return "psycopg" if is_psycopg3 else "psycopg2"
