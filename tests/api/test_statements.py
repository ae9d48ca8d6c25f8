"""Statements that are prepared once, on connections that live long."""

from __future__ import annotations

import time

import pytest
from django.db import OperationalError, connection

from api.documents.statements import Prepared
from cms.wsgi import Application
from tests.api.gateway import asked

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


def test_a_connection_past_its_time_is_given_up_before_the_next_answer():
    connection.ensure_connection()
    before = connection.connection
    connection.close_at = time.monotonic()

    status, _, _ = asked(Application(), "sync/")

    assert status == "200 OK"
    assert connection.connection is not before


def test_a_connection_that_the_database_has_ended_costs_no_answer():
    with pytest.raises(OperationalError):
        execute("SELECT pg_terminate_backend(pg_backend_pid())")

    status, _, _ = asked(Application(), "sync/")

    assert status == "200 OK"
