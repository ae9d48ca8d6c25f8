"""JSON Schema in words: what a value is, and what it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Schema = dict[str, Any]

FORMATS = {
    "uuid": "UUID",
    "uri": "URL",
    "uri-reference": "path",
    "date": "date",
    "date-time": "date and time",
    "time": "time",
    "double": "number",
}
TYPES = {"array": "list", "integer": "whole number", "boolean": "true or false"}


def name_of(reference: str) -> str:
    return reference.rpartition("/")[2]


class Wording:
    """Says what schemas mean; `schemas` are those that may be referred to."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas

    def type_of(self, schema: Schema) -> SafeString:
        """`list of Article`, with links to what is described elsewhere."""
        if "$ref" in schema:
            name = name_of(schema["$ref"])
            named = self.schemas[name]
            if "properties" not in named and "oneOf" not in named:
                return self.type_of(named)
            return format_html('<a href="#{0}">{0}</a>', name)
        for keyword in ("oneOf", "anyOf", "allOf"):
            if keyword in schema:
                return self._either(schema[keyword])
        if "const" in schema:
            return format_html("always <code>{}</code>", schema["const"])
        types = schema.get("type", "anything")
        listed = [types] if isinstance(types, str) else types
        return format_html_join(
            " or ", "{}", ((self._single(one, schema),) for one in listed)
        )

    def allowed(self, schema: Schema) -> Sequence[str]:
        """The words that it may be; empty where it may be any."""
        if "$ref" in schema:
            schema = self.schemas[name_of(schema["$ref"])]
        for part in (schema, *schema.get("allOf", []), schema.get("items", {})):
            if part is not schema and "$ref" in part:
                part = self.schemas[name_of(part["$ref"])]
            if "enum" in part:
                return [str(value) for value in part["enum"] if value is not None]
        return []

    def limits(self, schema: Schema) -> str:
        """`1 to 100`, `at most 200 characters`: bounds that are not in the type."""
        said = []
        low, high = schema.get("minimum"), schema.get("maximum")
        if low is not None or high is not None:
            said.append(_between(low, high))
        shortest, longest = schema.get("minLength"), schema.get("maxLength")
        if longest is not None:
            said.append(f"{_between(shortest, longest)} characters")
        if schema.get("maxItems") is not None:
            said.append(f"at most {schema['maxItems']} values")
        return ", ".join(said)

    def pattern(self, schema: Schema) -> str:
        """The regular expression that it, or each of its values, matches."""
        return schema.get("pattern") or schema.get("items", {}).get("pattern", "")

    def _either(self, parts: Sequence[Schema]) -> SafeString:
        return format_html_join(" or ", "{}", ((self.type_of(one),) for one in parts))

    def _single(self, type: str, schema: Schema) -> SafeString:
        if type == "array":
            items = schema.get("items", {})
            return format_html("list of {}", self.type_of(items))
        if type == "string" and schema.get("format") in FORMATS:
            return format_html("{}", FORMATS[schema["format"]])
        return format_html("{}", TYPES.get(type, type))


def _between(low: Any, high: Any) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"
