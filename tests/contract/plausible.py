"""Documents that the schema allows, for tests that are about few of their members.

They follow the OpenAPI document by themselves: what is added there is here too.
"""

from __future__ import annotations

from typing import Any

from .description import document

BY_FORMAT = {
    "date": "2026-03-01",
    "date-time": "2026-03-01T12:00:00Z",
    "uri": "https://cms.test/",
    "uri-reference": "/",
    "uuid": "6f1c1a52-0f4e-4a2e-9d3a-5b3f6c1d2e4f",
}
EMPTY: dict[str, Any] = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "null": None,
}


def of_component(name: str, **members: Any) -> dict[str, Any]:
    """The least that the schema `name` allows, with `members` put into it."""
    made: dict[str, Any] = of_schema({"$ref": f"#/components/schemas/{name}"})
    return made | members


def of_schema(schema: dict[str, Any]) -> Any:
    """The least value that `schema` allows: empty, null, zero, what is promised."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return of_schema(document()["components"]["schemas"][name])
    for choices in ("oneOf", "anyOf", "allOf"):
        if choices in schema:
            return of_schema(_least(schema[choices]))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type", "object")
    if isinstance(types, list):
        return None if "null" in types else of_schema({**schema, "type": types[0]})
    if types == "object":
        properties = schema.get("properties", {})
        promised = schema.get("required", properties)
        return {
            name: of_schema(one) for name, one in properties.items() if name in promised
        }
    if types == "string":
        return BY_FORMAT.get(schema.get("format", ""), "")
    return EMPTY[types]


def _least(choices: list[dict[str, Any]]) -> dict[str, Any]:
    null = {"type": "null"}
    return null if null in choices else choices[0]
