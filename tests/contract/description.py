"""The OpenAPI document, ready to be asked: operations, their answers, schemas."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from api import openapi


@dataclass(frozen=True)
class Operation:
    """One address with one method, as the document describes it."""

    path: str
    described: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.described["operationId"])

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return list(self.described.get("parameters", []))

    def response(self, status: int) -> dict[str, Any] | None:
        """What is said of answers with `status`; `default` speaks of errors only."""
        responses = self.described["responses"]
        fallback = responses.get("default") if status >= 400 else None
        found: dict[str, Any] | None = responses.get(str(status), fallback)
        return found


@cache
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(openapi.text())
    return read


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, those with a fixed address first, as OpenAPI has them win."""
    found = [
        Operation(path, item["get"])
        for path, item in document()["paths"].items()
        if "get" in item
    ]
    return tuple(sorted(found, key=lambda one: one.path.count("{")))


def operation_at(path: str) -> Operation | None:
    """The operation that answers GET and HEAD for `path`, which is not encoded."""
    for operation in operations():
        if _pattern(operation.path).fullmatch(path):
            return operation
    return None


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """What checks a value against a schema of the document, formats included."""
    return _compiled(json.dumps(schema))


def whole(schema: Any) -> Any:
    """`schema` without the choice of an answer of which `fields` left something out."""
    if isinstance(schema, list):
        return [whole(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: whole(one) for name, one in schema.items()}
    if "anyOf" in kept:
        kept["anyOf"] = [one for one in kept["anyOf"] if not _is_selection(one)]
    return kept


def _is_selection(schema: dict[str, Any]) -> bool:
    return str(schema.get("$ref", "")).endswith("Selection")


@cache
def _compiled(schema: str) -> Draft202012Validator:
    # The components lie where their references look for them.
    whole = {**json.loads(schema), "components": document()["components"]}
    return Draft202012Validator(whole, validate_formats=True)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)), re.DOTALL)
