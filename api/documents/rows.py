"""Many rows of one table in one statement.

The ORM compiles each INSERT anew, column by column and row by row, which takes longer
than PostgreSQL takes to write them. Here a statement is put together once, and only
values are new. They are psycopg's to quote as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models


class Rows:
    """Rows of `model`, put in or over those that have the same `key`."""

    def __init__(
        self,
        model: type[models.Model],
        *,
        key: Sequence[str] = (),
        kept: Sequence[str] = (),
        computed: Mapping[str, str] | None = None,
    ) -> None:
        """Without a `key` all rows are new.

        None of its fields may be JSON, which psycopg knows nothing of.

        Of a row that is there, `kept` fields stay. `computed` has SQL for fields that
        the database makes, with `%s` in the places of values.
        """
        computed = computed or {}
        if any(isinstance(field, models.JSONField) for field in model._meta.fields):
            raise TypeError(f"{model.__name__} has JSON, which psycopg cannot quote.")
        self._table = model._meta.db_table
        self._fields = [
            field
            for field in model._meta.concrete_fields
            if not isinstance(field, models.AutoField) and field.name not in computed
        ]
        column = {one.name: str(one.column) for one in model._meta.concrete_fields}
        names = [field.name for field in self._fields] + list(computed)
        templates = [*map(_template, self._fields), *computed.values()]
        self._row = f"({', '.join(templates)})"
        columns = _listed(names, column)
        # Only names of tables and columns are put in.
        self._into = f'INSERT INTO "{self._table}" ({columns}) VALUES '  # noqa: S608
        self._over = ""
        if key:
            written = [name for name in names if name not in {*key, *kept}]
            new, old = (
                _listed(written, column, of) for of in ("EXCLUDED.", "present.")
            )
            self._into = self._into.replace(" (", " AS present (", 1)
            self._over = (
                f" ON CONFLICT ({_listed(key, column)}) DO UPDATE SET "
                f"({_listed(written, column)}) = ROW({new}) "
                # What says the same stays as it is: no row version, no index entry.
                f"WHERE ({old}) IS DISTINCT FROM ({new})"
            )

    def write(
        self, rows: Iterable[models.Model], computed: Iterable[Sequence[Any]] = ()
    ) -> None:
        """Write `rows`; `computed` has the values of each for what is computed."""
        values = [self._values(row) for row in rows]
        if not values:
            return
        for own, others in zip(values, computed, strict=False):
            own += others
        with connection.cursor() as cursor:
            # By psycopg, which quotes each value.
            quoted = [cursor.mogrify(self._row, own).decode() for own in values]
            cursor.execute(self._into + ", ".join(quoted) + self._over)

    def _values(self, row: models.Model) -> list[Any]:
        return [getattr(row, field.attname) for field in self._fields]


def _template(field: Any) -> str:
    # An empty list has no type of its own.
    return f"%s::{field.db_type(connection)}" if isinstance(field, ArrayField) else "%s"


def _listed(names: Iterable[str], column: Mapping[str, str], of: str = "") -> str:
    return ", ".join(f'{of}"{column[name]}"' for name in names)
