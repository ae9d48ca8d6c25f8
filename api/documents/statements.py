"""Statements that are put together once, and run with other values each time.

On the way of every reader, making a queryset and compiling it costs several times what
the statement does. So it is written as a queryset, with a mark in the place of each
value that differs, and compiled once in each form. What every request begins with is
also prepared in the database, past Django's cursors, since planning it takes longer
than running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakSet

from django.db import (
    InterfaceError,
    NotSupportedError,
    OperationalError,
    connection,
)
from django.db.models import QuerySet


class Statement:
    """What `queryset` asks, for any values in the places of its `marks`.

    `marks` are values that the queryset has in no other place, by the name of what
    they stand for. What is selected has to be of types that need no conversion.
    """

    def __init__(
        self, queryset: QuerySet[Any, Any], marks: Mapping[str, object], end: str = ""
    ) -> None:
        """`end` is SQL behind it, with `%(name)s` in the places of more values."""
        sql, parameters = queryset.query.sql_with_params()
        self._constants: dict[str, Any] = {}
        places = []
        for place, parameter in enumerate(parameters):
            name = _name_of(parameter, marks)
            if name is None:
                name = f"_{place}"
                self._constants[name] = parameter
            places.append(f"%({name})s")
        self._sql = sql % tuple(places) + end

    def rows(self, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """The rows for these `values`, each by the name of its mark."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, {**self._constants, **values})
            return cursor.fetchall()


def _name_of(parameter: object, marks: Mapping[str, object]) -> str | None:
    for name, mark in marks.items():
        if type(mark) is type(parameter) and mark == parameter:
            return name
    return None


class Prepared:
    """A statement with one value, `%s`, of which each connection knows the plan."""

    def __init__(self, name: str, sql: str) -> None:
        self._sql = sql
        self._prepare = f"PREPARE {name} (text) AS {sql.replace('%s', '$1')}"
        self._execute = f"EXECUTE {name} (%s)"
        # The connections that know the statement.
        self._known: WeakSet[Any] = WeakSet()

    def row(self, value: str) -> tuple[Any, ...] | None:
        """The one row for `value`, None if there is none.

        It is the first statement of a request, and so takes the place of Django's
        question whether the connection is alive: one that is not is made anew, once.
        Raises django.db.Error.
        """
        if connection.queries_logged:
            with connection.cursor() as cursor:
                cursor.execute(self._sql, [value])
                return cursor.fetchone()
        try:
            return self._row(value)
        # The last where a migration has changed what the plan was made for.
        except (OperationalError, InterfaceError, NotSupportedError):
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._row(value)

    def _row(self, value: str) -> tuple[Any, ...] | None:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            raw = connection.connection
            with raw.cursor() as cursor:
                if raw not in self._known:
                    cursor.execute(self._prepare)
                    self._known.add(raw)
                cursor.execute(self._execute, (value,))
                found: tuple[Any, ...] | None = cursor.fetchone()
        connection.health_check_done = True  # type: ignore[attr-defined]
        return found
