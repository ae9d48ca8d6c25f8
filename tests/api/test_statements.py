"""Statements that are prepared once, on connections that live long."""

from __future__ import annotations

import pytest
from django.db import connection

from api.documents.statements import Prepared

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_migration_under_way_makes_no_statement_fail_for_ever():
    execute("CREATE TABLE probe (name varchar(10), said varchar(10))")
    try:
        execute("INSERT INTO probe VALUES ('knee', 'bend it')")
        probe = Prepared("SELECT said FROM probe WHERE name = %(name)s")
        before = probe.row(name="knee")

        execute("ALTER TABLE probe ALTER COLUMN said TYPE varchar(20)")

        assert probe.row(name="knee") == before == ("bend it",)
        assert probe.row(name="hip") is None
    finally:
        execute("DROP TABLE probe")
