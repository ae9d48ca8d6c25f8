"""The OpenAPI document says what the API does."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.validation import validate_schema

from api import openapi
from api.delivery import filters
from api.delivery.kinds import COLLECTIONS
from tests.api.factories import article
from tests.factories import (
    AffiliationFactory,
    ArticleFactory,
    AuthorFactory,
    AwardFactory,
    CategoryFactory,
    ImageFactory,
    LocationFactory,
    PracticeFactory,
    ReferenceFactory,
    TagFactory,
)

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(openapi.text())
    return read


def agrees(document: dict[str, Any], path: str, answer: Any) -> None:
    """`answer` is what the document promises for its status."""
    responses = document["paths"][path]["get"]["responses"]
    promised = responses[str(answer.status_code)]["content"]
    media_type = answer["Content-Type"].partition(";")[0]
    schema = {**promised[media_type]["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.json())


def test_the_committed_document_is_the_one_that_is_served() -> None:
    assert COMMITTED.read_text() == openapi.text(), (
        "Write it anew: manage.py spectacular --urlconf api.urls "
        "--format openapi-json --file docs/openapi.json"
    )


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


@pytest.mark.django_db
def test_it_is_served_and_can_be_asked_for_conditionally(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    second = client.get(
        "/api/v1/openapi.json", headers={"If-None-Match": answer["ETag"]}
    )

    assert answer.json()["info"]["title"] == "Clinicast"
    assert second.status_code == 304


def test_each_collection_documents_exactly_the_parameters_that_it_reads(
    document: dict[str, Any],
) -> None:
    for shape in COLLECTIONS:
        described = document["paths"][f"/api/v1/{shape.plural}/"]["get"]["parameters"]

        names = {one["name"] for one in described}

        assert names == {one.name for one in filters.of_list(shape)}


def test_it_promises_every_member_of_a_document(document: dict[str, Any]) -> None:
    for shape in COLLECTIONS:
        schema = document["components"]["schemas"][shape.name]

        assert set(schema["required"]) == shape.members()


@pytest.mark.django_db
def test_what_was_published_is_what_is_promised(
    client: Client, document: dict[str, Any]
) -> None:
    publish_one_of_each_kind()

    for shape in COLLECTIONS:
        listed = client.get(f"/api/v1/{shape.plural}/")
        agrees(document, f"/api/v1/{shape.plural}/", listed)
        assert listed.json()["results"] or shape.plural in ("forms", "redirects")
        for one in listed.json()["results"]:
            answer = client.get(f"/api/v1/{shape.plural}/{one['slug']}/")
            agrees(document, f"/api/v1/{shape.plural}/{{slug_or_id}}/", answer)
    agrees(document, "/api/v1/", client.get("/api/v1/"))
    agrees(document, "/api/v1/practice/", client.get("/api/v1/practice/"))


def publish_one_of_each_kind() -> None:
    """A small clinic network in which every relation and most fields are used."""
    image = ImageFactory()
    PracticeFactory(
        name="Shore Clinics", logo=image, license_name="CC BY 4.0", license_url=""
    )
    location = LocationFactory(
        phones=["+17325550100"],
        hours=[(1, time(8), time(18))],
        services=["Physical therapy"],
        photos=[image],
    )
    author = AuthorFactory(credentials=["PT", "DPT"], photo=image, locations=[location])
    AwardFactory(author=author, badge=image)
    AwardFactory()
    AffiliationFactory(logo=image, website="https://association.test/")
    ArticleFactory(
        authors=[author],
        reviewers=[author],
        references=[ReferenceFactory(authors=["Sadler"])],
        categories=[CategoryFactory()],
        locations=[location],
        tags=[TagFactory()],
        image=image,
        body=[
            ("heading", {"text": "How long does it take?", "level": "2"}),
            ("text", "<p>Six weeks [1].</p>"),
            ("quote", {"text": "Keep moving.", "attribution": "A therapist"}),
        ],
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/api/v1/articles/?limit=0", "/api/v1/articles/"),
        ("/api/v1/articles/absent/", "/api/v1/articles/{slug_or_id}/"),
        ("/api/v1/articles/?fields=title", "/api/v1/articles/"),
        (
            "/api/v1/articles/hip-pain/?fields=title",
            "/api/v1/articles/{slug_or_id}/",
        ),
    ],
)
def test_refusals_and_selections_are_promised_too(
    client: Client, document: dict[str, Any], address: str, path: str
) -> None:
    article("hip-pain")

    agrees(document, path, client.get(address))


def test_all_who_ask_for_it_first_and_at_once_get_it():
    openapi._text.cache_clear()

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(lambda _: openapi.text(), range(4)))

    assert set(answers) == {COMMITTED.read_text()}
