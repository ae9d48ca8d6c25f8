"""Tells the worker, with a commit, that there is something to do."""

from __future__ import annotations

from django.db import connection

from .models import NOTIFY_CHANNEL


def wake_worker() -> None:
    """Wake every worker: with the commit, or at once where there is no transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [NOTIFY_CHANNEL])
