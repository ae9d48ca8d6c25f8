"""The OpenAPI document as things to be shown: operations, their answers, schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from api import openapi

from .texts import line
from .wording import Schema, Wording

# An answer to a list has some members of the full document, and one to `fields` any.
PARTS = {
    "Summary": "The members of {} that a list shows.",
    "Selection": "The members of {} that `fields` asks for; none is promised.",
}
MANY = 6


@dataclass(frozen=True)
class Field:
    """A parameter, a header or a member of an object."""

    anchor: str
    name: str
    type: SafeString
    description: SafeString
    allowed: Sequence[str] = ()
    limits: str = ""
    pattern: str = ""
    default: str = ""
    note: str = ""

    @property
    def has_many(self) -> bool:
        """Whether what is allowed is too long to be read in passing."""
        return len(self.allowed) > MANY


@dataclass(frozen=True)
class Answer:
    status: str
    description: SafeString
    # Media type and what it holds.
    contents: Sequence[tuple[str, SafeString]]
    fields: Sequence[Field]
    headers: Sequence[Field]


@dataclass(frozen=True)
class Operation:
    id: str
    path: str
    tag: str
    summary: str
    parameters: Sequence[Field]
    answers: Sequence[Answer]

    @property
    def group(self) -> str:
        """What it is about: `locations`, also for `locations.geojson`."""
        return self.tag.partition(".")[0]

    @property
    def short(self) -> str:
        """Its path below `/api/v1`."""
        return self.path.removeprefix("/api/v1")


@dataclass(frozen=True)
class Described:
    """A schema. One that is a part of another names its members and no more."""

    name: str
    description: SafeString
    fields: Sequence[Field]
    whole: str = ""
    members: Sequence[str] = ()
    choices: SafeString | None = None


@dataclass(frozen=True)
class Reference:
    groups: Sequence[tuple[str, Sequence[Operation]]]
    schemas: Sequence[Described]


def reference() -> Reference:
    """All of the document that this server describes itself with."""
    return Reading(json.loads(openapi.text())).reference()


class Reading:
    """One OpenAPI document, being read."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        self.schemas: dict[str, Schema] = document["components"]["schemas"]
        self.wording = Wording(self.schemas)

    def reference(self) -> Reference:
        operations = sorted(
            (self._operation(path, item["get"]) for path, item in self.paths.items()),
            key=lambda one: (one.group != "index", one.group),
        )
        groups = groupby(operations, key=lambda one: one.group)
        shown = (
            self._described(name, schema)
            for name, schema in self.schemas.items()
            if "properties" in schema or "oneOf" in schema
        )
        return Reference([(tag, list(ones)) for tag, ones in groups], list(shown))

    def _operation(self, path: str, operation: dict[str, Any]) -> Operation:
        id = operation["operationId"]
        return Operation(
            id=id,
            path=path,
            tag=operation["tags"][0],
            summary=operation["summary"],
            parameters=[
                self._field(
                    id,
                    one["name"],
                    {**one["schema"], "description": one["description"]},
                    "in the path" if one["in"] == "path" else "",
                )
                for one in operation["parameters"]
            ],
            answers=[
                self._answer(f"{id}-{status}", status, answer)
                for status, answer in operation["responses"].items()
            ],
        )

    def _answer(self, place: str, status: str, answer: dict[str, Any]) -> Answer:
        contents = answer.get("content", {})
        # Media types and alternatives may share members: each is said once.
        fields = {
            field.anchor: field
            for content in contents.values()
            for schema in (content["schema"], *content["schema"].get("anyOf", []))
            for field in self._members(place, schema)
        }
        return Answer(
            status="other" if status == "default" else status,
            description=line(answer["description"]),
            contents=[
                (media_type, self.wording.type_of(content["schema"]))
                for media_type, content in contents.items()
            ],
            fields=list(fields.values()),
            headers=[
                self._field(
                    place,
                    name,
                    {**one["schema"], "description": one["description"]},
                )
                for name, one in answer.get("headers", {}).items()
            ],
        )

    def _described(self, name: str, schema: Schema) -> Described:
        description = line(schema.get("description", ""))
        whole = self._whole_of(name, schema)
        if whole:
            suffix = name.removeprefix(whole)
            members = list(schema["properties"])
            said = line(PARTS[suffix].format(f"[{whole}](#{whole})"))
            return Described(name, said, (), whole, members)
        if "oneOf" in schema:
            choices = self.wording.type_of(schema)
            return Described(name, description, (), choices=choices)
        return Described(name, description, list(self._members(name, schema)))

    def _whole_of(self, name: str, schema: Schema) -> str:
        """The schema of which this one has only some members, each the same."""
        for suffix in PARTS:
            whole = name.removesuffix(suffix)
            members = self.schemas.get(whole, {}).get("properties", {})
            own = schema.get("properties", {})
            if whole != name and own and own.items() <= members.items():
                return whole
        return ""

    def _members(self, place: str, schema: Schema, within: str = "") -> Iterator[Field]:
        """The members of an object, and those of nameless objects within it."""
        required = schema.get("required", ())
        for name, member in schema.get("properties", {}).items():
            note = "" if name in required else "may be missing"
            yield self._field(place, f"{within}{name}", member, note)
            inner = member.get("items", member)
            yield from self._members(place, inner, f"{within}{name}.")

    def _field(self, place: str, name: str, schema: Schema, note: str = "") -> Field:
        default = schema.get("default")
        return Field(
            anchor=f"{place}-{name}",
            name=name,
            type=self.wording.type_of(schema),
            description=line(schema.get("description") or self._said_of(schema)),
            allowed=self.wording.allowed(schema),
            limits=self.wording.limits(schema),
            pattern=self.wording.pattern(schema),
            default=default if isinstance(default, str) else _as_sent(default),
            note=note,
        )

    def _said_of(self, schema: Schema) -> str:
        """What the schema that is referred to says, where the member says nothing."""
        for part in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
            if "$ref" in part:
                named = self.schemas[part["$ref"].rpartition("/")[2]]
                return str(named.get("description", ""))
        return ""


def _as_sent(default: Any) -> str:
    """A default as a query has it: `false`, not `False`; empty without one."""
    return "" if default is None else json.dumps(default)
