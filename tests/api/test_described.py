"""The OpenAPI document explains every word, and gives each body block a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from django.test import Client

from api import openapi
from api.documents.serializers.blocks import VALUES
from api.documents.serializers.body import BodyRenderer
from tests.factories import ArticleFactory, ImageFactory, ReferenceFactory

TABLE = {
    "data": [["Week", "Load"], ["1", "None"]],
    "first_row_is_table_header": True,
    "first_col_is_header": False,
    "table_caption": "How much to load",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(openapi.text())
    return read


class Described:
    """Which places of a document say nothing about what they hold."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.schemas = document["components"]["schemas"]

    def silent(self) -> list[str]:
        named = (
            place
            for name, schema in self.schemas.items()
            for place in self._within(name, schema)
        )
        return sorted({*named, *self._silent_in_paths()})

    def _silent_in_paths(self) -> Iterator[str]:
        for path, methods in self.document["paths"].items():
            operation = methods["get"]
            if not operation.get("summary"):
                yield path
            for parameter in operation["parameters"]:
                if not parameter.get("description"):
                    yield f"{path} {parameter['name']}"
            for status, answer in operation["responses"].items():
                if not answer.get("description"):
                    yield f"{path} {status}"
                for name, header in answer.get("headers", {}).items():
                    if not header.get("description"):
                        yield f"{path} {status} {name}"
                for content in answer.get("content", {}).values():
                    yield from self._within(f"{path} {status}", content["schema"])

    def _within(self, place: str, schema: dict[str, Any]) -> Iterator[str]:
        for name, member in schema.get("properties", {}).items():
            if not self._says_something(member):
                yield f"{place}.{name}"
            yield from self._within(f"{place}.{name}", member)
        for keyword in ("oneOf", "anyOf", "allOf"):
            for part in schema.get(keyword, []):
                yield from self._within(place, part)
        if "items" in schema:
            yield from self._within(place, schema["items"])

    def _says_something(self, schema: dict[str, Any]) -> bool:
        if schema.get("description"):
            return True
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._says_something(self.schemas[name])
        parts = [schema["items"]] if "items" in schema else []
        for keyword in ("oneOf", "anyOf", "allOf"):
            parts += schema.get(keyword, [])
        return any(self._says_something(part) for part in parts)


def test_every_parameter_every_answer_and_every_member_is_explained(
    document: dict[str, Any],
) -> None:
    assert Described(document).silent() == []


def test_a_member_that_nobody_explained_is_found(document: dict[str, Any]) -> None:
    wrong = deepcopy(document)
    del wrong["components"]["schemas"]["Article"]["properties"]["title"]["description"]
    del wrong["paths"]["/api/v1/articles/"]["get"]["parameters"][0]["description"]

    assert Described(wrong).silent() == ["/api/v1/articles/ limit", "Article.title"]


def test_an_explanation_says_more_than_the_name(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for member, described in schema.get("properties", {}).items():
            said = described.get("description", "").rstrip(".").lower()

            assert said != member.replace("_", " "), f"{name}.{member}"


# --- Body blocks ------------------------------------------------------------------


@pytest.fixture
def blocks(client: Client, db: None) -> list[dict[str, Any]]:
    """A published body that has every block there is, as the API gives it."""
    image = ImageFactory()
    picture = {"image": image.pk, "decorative": False, "alt_text": "A squat"}
    ArticleFactory(
        slug="everything",
        references=[ReferenceFactory()],
        body=json.dumps(
            [
                {"type": "text", "value": "<p>Six weeks [1].</p>"},
                {"type": "heading", "value": {"text": "How long?", "level": "2"}},
                {
                    "type": "image",
                    "value": {"image": picture, "caption": "Down", "credit": ""},
                },
                {"type": "quote", "value": {"text": "Keep on.", "attribution": "A."}},
                {
                    "type": "callout",
                    "value": {
                        "kind": "seek-care",
                        "title": "When to see a doctor",
                        "text": "<p>After a fall.</p>",
                    },
                },
                {
                    "type": "video",
                    "value": {
                        "url": "https://video.test/squat",
                        "title": "A squat",
                        "transcript": "",
                    },
                },
                {"type": "table", "value": TABLE},
                {
                    "type": "exercise",
                    "value": {
                        "title": "Bridge",
                        "intro": "",
                        "image": None,
                        "steps": ["Lie down.", "Lift."],
                        "dosage": "2 sets of 10",
                    },
                },
                {
                    "type": "faq",
                    "value": {
                        "items": [{"question": "Why?", "answer": "<p>It helps.</p>"}]
                    },
                },
            ]
        ),
    )
    body: list[dict[str, Any]] = client.get("/api/v1/articles/everything/").json()[
        "body"
    ]
    return body


def assert_is_a_block(document: dict[str, Any], block: dict[str, Any]) -> None:
    schema = {
        "$ref": "#/components/schemas/Block",
        "components": document["components"],
    }
    jsonschema.Draft202012Validator(schema).validate(block)


def test_every_type_of_block_is_as_its_schema_says(
    document: dict[str, Any], blocks: list[dict[str, Any]]
) -> None:
    assert [block["type"] for block in blocks] == list(BodyRenderer.TYPES)
    assert set(VALUES) == set(BodyRenderer.TYPES)
    for block in blocks:
        assert_is_a_block(document, block)


def test_a_block_has_what_its_own_type_promises_and_not_what_another_does(
    document: dict[str, Any], blocks: list[dict[str, Any]]
) -> None:
    for block, next_one in zip(blocks, [*blocks[1:], blocks[0]], strict=True):
        with pytest.raises(jsonschema.ValidationError):
            assert_is_a_block(document, {**block, "type": next_one["type"]})
        for member in block["value"]:
            rest = {k: v for k, v in block["value"].items() if k != member}
            with pytest.raises(jsonschema.ValidationError):
                assert_is_a_block(document, {**block, "value": rest})
    with pytest.raises(jsonschema.ValidationError):
        assert_is_a_block(document, {**blocks[0], "type": "unknown"})


def test_the_schemas_of_blocks_name_exactly_what_is_published(
    document: dict[str, Any], blocks: list[dict[str, Any]]
) -> None:
    schemas = document["components"]["schemas"]
    for block in blocks:
        promised = schemas[f"{block['type'].capitalize()}Value"]["properties"]

        assert set(promised) == set(block["value"])
