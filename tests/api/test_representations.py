"""A document in other forms: by name, or as the header Accept likes it best."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.api.factories import article
from tests.api.reading import ARTICLES, fault
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db

DETAIL = f"{ARTICLES}hip-pain/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        (BROWSER, "application/json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/*", "application/json"),
        ("text/markdown", "text/markdown; charset=utf-8"),
        ("text/*", "text/markdown; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/json;q=0.5, text/markdown", "text/markdown; charset=utf-8"),
        ("text/markdown;q=0.1, */*;q=0.5", "application/json"),
        ("application/json;q=0, */*", "text/markdown; charset=utf-8"),
        ("text/markdown;q=nonsense", "text/markdown; charset=utf-8"),
        (",;,=", "application/json"),
        ("json", "application/json"),
        ("application/json;a*=bogus''%41", "application/json"),
        ("application/json;q=nan", "application/json"),
    ],
)
def test_the_form_is_the_one_that_the_client_likes_best(
    client: Client, accept: str, expected: str
) -> None:
    ArticleFactory(slug="hip-pain")

    answer = client.get(DETAIL, headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer["Content-Type"] == expected


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/json;q=0"])
@pytest.mark.parametrize("address", [DETAIL, ARTICLES, "/api/v1/"])
def test_a_form_that_is_not_to_be_had_is_refused_with_those_that_are(
    client: Client, address: str, accept: str
) -> None:
    ArticleFactory(slug="hip-pain")

    answer = client.get(address, headers={"Accept": accept})

    assert answer.status_code == 406
    assert "application/json" in answer.json()["detail"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_form_asked_for_by_name_needs_no_header(client: Client) -> None:
    ArticleFactory(slug="hip-pain", title="Hip pain")

    markdown = client.get(f"{DETAIL}?format=md", headers={"Accept": "image/png"})
    linked = client.get(f"{DETAIL}?format=jsonld")
    plain = client.get(f"{DETAIL}?format=json", headers={"Accept": "text/markdown"})

    assert markdown.content.decode().startswith("---\n")
    assert json.loads(linked.content)["@context"] == "https://schema.org"
    assert plain.json()["title"] == "Hip pain"


def test_an_unknown_form_is_answered_with_the_nearest(client: Client) -> None:
    told = fault(client, f"{DETAIL}?format=json-ld")

    assert "Did you mean “jsonld”?" in told["detail"]


def test_fields_are_of_json(client: Client) -> None:
    ArticleFactory(slug="hip-pain")

    told = fault(client, f"{DETAIL}?format=md&fields=title")

    assert told["parameter"] == "fields"


def test_each_form_has_an_etag_of_its_own_and_keeps_it(client: Client) -> None:
    ArticleFactory(slug="hip-pain")

    tags = {
        form: client.get(f"{DETAIL}?format={form}")["ETag"]
        for form in ("json", "md", "jsonld")
    }
    same = client.get(DETAIL, headers={"Accept": "text/markdown"})["ETag"]
    crossed = client.get(f"{DETAIL}?format=md", headers={"If-None-Match": tags["json"]})
    again = client.get(f"{DETAIL}?format=md", headers={"If-None-Match": tags["md"]})

    assert len(set(tags.values())) == 3
    assert same == tags["md"]
    assert crossed.status_code == 200
    assert again.status_code == 304


def test_a_document_links_to_its_other_forms_and_to_where_readers_find_it(
    client: Client,
) -> None:
    ArticleFactory(slug="hip-pain")

    links = client.get(DETAIL)["Link"]

    assert '<http://localhost:8001/articles/hip-pain/>; rel="canonical"' in links
    for form, media_type in (
        ("md", "text/markdown"),
        ("jsonld", "application/ld+json"),
    ):
        assert (
            f'<http://localhost:8000{DETAIL}?format={form}>; rel="alternate"; '
            f'type="{media_type}"'
        ) in links


def test_an_error_is_a_problem_document_whatever_was_accepted(client: Client) -> None:
    answer = client.get(f"{ARTICLES}absent/", headers={"Accept": "text/markdown"})

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_list_has_no_other_form(client: Client) -> None:
    article("hip-pain")

    assert fault(client, f"{ARTICLES}?format=md")["parameter"] == "format"
