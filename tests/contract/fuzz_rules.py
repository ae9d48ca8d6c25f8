"""What no schema can say of a request: rules between its parameters.

A request that breaks one of them is valid by each parameter's schema, and refused by
name all the same. Nothing else is excused, and only from having to be accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

Query = Mapping[str, Any]

RULES: Mapping[str, Callable[[Query], bool]] = {
    "no value has a NUL": lambda query: any(
        "\0" in str(one)
        for value in query.values()
        for one in (value if isinstance(value, list) else [value])
    ),
    "a cursor is signed, so any other text is none": lambda query: "cursor" in query,
    "a checkpoint is signed, too": lambda query: "since" in query,
    "an open channel has to exist": lambda query: (
        query.get("channel", "public") != "public"
    ),
    "other formats than JSON have no fields to choose": lambda query: (
        "fields" in query and query.get("format", "json") != "json"
    ),
    "a radius is one around a place": lambda query: (
        "radius_km" in query and "near" not in query
    ),
    "groups have no pages": lambda query: (
        str(query.get("grouped", "false")).lower() == "true"
        and int(query.get("offset", 0)) > 0
    ),
    "what is ranked is paged up to 1,000": lambda query: (
        bool({"q", "near"} & query.keys()) and int(query.get("offset", 0)) > 1_000
    ),
}


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether `failure` is one: not where a rule above was broken, and told by 400."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 400:
        return True
    query = case.query or {}
    return not any(is_broken(query) for is_broken in RULES.values())
