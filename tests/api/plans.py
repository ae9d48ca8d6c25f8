"""PostgreSQL's own plans of what an answer asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.documents.statements import Prepared

# What many articles make large.
LARGE = {"documents_placement", "documents_placementhistory", "documents_document"}


def plans(client: Client, address: str) -> list[dict[str, Any]]:
    """The plan of each statement that an answer takes, but for the channel's."""
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content
    found = []
    with connection.cursor() as cursor:
        for statement in statements.captured_queries[1:]:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement['sql']}")
            (read,) = cursor.fetchone()
            found.append(read if isinstance(read, list) else json.loads(read))
    return [plan[0]["Plan"] for plan in found]


def generic_plan(statement: Prepared, **values: Any) -> dict[str, Any]:
    """How a prepared statement is run for any values, of which these are some."""
    # From here on this connection knows it.
    statement.row(**values)
    with connection.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement.call}", values)
        (read,) = cursor.fetchone()
    plan: dict[str, Any] = read[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def scanned(plan: dict[str, Any]) -> set[str]:
    """The tables that are read from end to end."""
    return {
        node["Relation Name"]
        for node in nodes(plan)
        if node["Node Type"].endswith("Seq Scan")
    }


def indexes(plan: dict[str, Any]) -> set[str]:
    return {node["Index Name"] for node in nodes(plan) if "Index Name" in node}
