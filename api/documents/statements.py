"""Statements that are put together once, and run with other values each time.

On the way of every reader, making a queryset and compiling it costs several times what
the statement does, and planning it more than running it. So it is written as a
queryset, with a mark in the place of each value that differs, compiled once in each
form, and prepared once in each connection, past Django's cursors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakSet

from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    connections,
)
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

from api.channels.models import Channel, Extent

# Values that nothing has: each stands for what differs by request.
MARKS: dict[str, Any] = {
    "channel": -1_984_001,
    "type": "\x01type",
    "now": datetime(1984, 1, 1, 0, 0, 0, 1984, tzinfo=UTC),
    "value": "\x01value",
    "quoted": '\x01"quoted"',
    "id": UUID(int=1984),
    "locale": "\x01locale",
    "sequence": -1_984_002,
    "newest": -1_984_003,
    "begun_at": -1_984_004,
}
_numbers = count(1)
_VALUE = re.compile(r"%\((\w+)\)s")


def begin() -> None:
    """Give up the connection if it is past its time or broken.

    As Django does around requests, for the one that doors use; not in a transaction.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


class Prepared:
    """A statement of which each connection knows the plan.

    The plan is made without values: there must be none with which another one would
    be much better, such as a limit that decides between two indexes.
    """

    def __init__(self, sql: str, constants: Mapping[str, Any] | None = None) -> None:
        """`sql` has `%(name)s` in the place of each value; `constants` never differ."""
        self._sql, self._constants = sql, dict(constants or {})
        named = dict.fromkeys(_VALUE.findall(sql))
        self._names = [name for name in named if name not in self._constants]
        given = ", ".join(f"%({name})s" for name in self._names)
        self._name = f"clinicast_{next(_numbers)}"
        # How a connection that knows it runs it, with its values by name.
        self.call = f"EXECUTE {self._name}" + (f" ({given})" if given else "")
        # The connections that know the statement.
        self._known: WeakSet[Any] = WeakSet()

    def row(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row for these `values`, None if there is none."""
        found = self.rows(values)
        return found[0] if found else None

    def rows(self, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """The rows for these `values`, each by its name.

        What is the first statement of a request takes the place of Django's question
        whether the connection is alive: one that is not is made anew, once. Raises
        django.db.Error.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.queries_logged:
            return unprepared(self._sql, {**self._constants, **values})
        try:
            return self._rows(connection, values)
        # The last where a migration has changed what the plan was made for.
        except (OperationalError, InterfaceError, NotSupportedError):
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._rows(connection, values)

    def _rows(
        self, connection: Any, values: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            raw = connection.connection
            with raw.cursor() as cursor:
                if raw not in self._known:
                    cursor.execute(self._prepare(cursor))
                    self._known.add(raw)
                cursor.execute(self.call, values)
                found: list[tuple[Any, ...]] = cursor.fetchall()
        connection.health_check_done = True
        return found

    def _prepare(self, cursor: Any) -> bytes:
        places = {name: f"${place}" for place, name in enumerate(self._names, 1)}
        sql = _VALUE.sub(lambda one: places.get(one[1], one[0]), self._sql)
        statement: bytes = cursor.mogrify(
            f"PREPARE {self._name} AS {sql}", self._constants
        )
        return statement


class Question(NamedTuple):
    """A statement that is known, and the values that it is asked with."""

    statement: Prepared
    values: Mapping[str, Any]

    def rows(self) -> Sequence[tuple[Any, ...]]:
        """Its rows. Raises django.db.Error."""
        return self.statement.rows(self.values)


class Anew(NamedTuple):
    """A statement that is planned for its values each time."""

    sql: str
    constants: Mapping[str, Any]

    def rows(self, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """The rows for these `values`, each by its name. Raises django.db.Error."""
        return unprepared(self.sql, {**self.constants, **values})


class Compiled:
    """What `queryset` asks, for any values in the places of `MARKS`.

    What is selected has to be of types that need no conversion.
    """

    def __init__(self, queryset: QuerySet[Any, Any], prefix: str = "_") -> None:
        """`prefix` tells its constants from those of another one in the same SQL."""
        sql, parameters = queryset.query.sql_with_params()
        self.constants: dict[str, Any] = {}
        places = []
        for place, parameter in enumerate(parameters):
            name = _name_of(parameter)
            if name is None:
                name = f"{prefix}{place}"
                self.constants[name] = parameter
            places.append(f"%({name})s")
        self.sql = sql % tuple(places)

    def prepared(self, around: str = "%s") -> Prepared:
        """It for good, in the place of `%s` in other SQL that may have more values."""
        return Prepared(around.replace("%s", self.sql, 1), self.constants)

    def rows(
        self, values: Mapping[str, Any], end: str = ""
    ) -> Sequence[tuple[Any, ...]]:
        """The rows for these `values`, planned for them; `end` is SQL behind it."""
        return Anew(self.sql + end, self.constants).rows(values)


class Part:
    """Columns of a model in a row, and the instance that they make.

    All of them, or those that are named: others are read when somebody asks for them.
    """

    def __init__(self, model: type[Model], *named: str) -> None:
        self.model = model
        self.fields = [
            field
            for field in model._meta.concrete_fields
            if not named or field.attname in named
        ]
        self.names = [field.attname for field in self.fields]

    def instance(self, values: Iterable[Any]) -> Any:
        """What has these `values`: those of `names` in their order, and maybe more.

        As `Model.from_db` makes it, without asking each field, and without a signal.
        """
        made = self.model.__new__(self.model)
        made._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        made.__dict__.update(zip(self.names, values, strict=False))
        return made


def unprepared(sql: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """The rows of `sql`, planned for these values. Raises django.db.Error."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def marked_channel(extent: Extent) -> Channel:
    """One that stands for any that carries `extent` and is not settling."""
    channel = Channel(pk=MARKS["channel"], extent=extent)
    # Nobody has to look.
    channel._state.fields_cache["settling"] = None
    return channel


def _name_of(parameter: object) -> str | None:
    for name, mark in MARKS.items():
        if type(mark) is type(parameter) and mark == parameter:
            return name
    return None
