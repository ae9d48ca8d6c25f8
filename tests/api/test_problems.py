"""Errors are documents of one form, whoever caused them; and every answer's manners."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from api import problems
from api.documents import reading
from tests.api.factories import article

pytestmark = pytest.mark.django_db

BASE = "http://localhost:8000"


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert {"type", "title", "detail", "instance", "errors"} <= set(document)
    return document


@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v2/", "/api/v1/doctors/", "/api/v1/articles/a/b/", "/api/v1/%ff"],
)
def test_an_address_that_no_door_knows_is_a_problem_document(
    client: Client, address: str
) -> None:
    document = assert_problem(client.get(address), 404)

    assert document["instance"].startswith("/api/")


def test_a_forgotten_slash_is_forgiven(client: Client) -> None:
    answer = client.get("/api/v1/articles?limit=5")

    assert answer.status_code == 301
    assert answer["Location"] == "/api/v1/articles/?limit=5"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_failure_is_a_problem_document_without_its_cause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(slug: str) -> None:
        raise OperationalError("password of the database")

    monkeypatch.setattr(reading, "standing", fail)
    client = Client(raise_request_exception=False)

    answer = client.get("/api/v1/articles/", headers={"X-Request-ID": "abc-1"})

    document = assert_problem(answer, 500)
    assert "password" not in answer.content.decode()
    assert document["type"] == f"{BASE}/developers/problems/internal-error/"
    assert answer["X-Request-ID"] == "abc-1"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_what_django_refuses_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/v1/articles/", headers={"host": "elsewhere.test"})

    assert_problem(answer, 400)


def test_a_page_that_is_not_of_the_api_is_left_alone(client: Client) -> None:
    answer = client.get("/nothing-here/")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "Access-Control-Allow-Origin" not in answer


def test_every_type_of_problem_has_a_page_that_explains_it(client: Client) -> None:
    for kind in problems.TYPES:
        address = problems.type_url(kind.name).removeprefix(BASE)

        page = client.get(address)

        assert page.status_code == 200
        assert kind.title in page.content.decode()
    assert client.get("/developers/problems/unknown/").status_code == 404


def test_not_found_is_asked_for_again_by_browsers_and_kept_for_a_minute_by_edges(
    client: Client,
) -> None:
    for address in ("/api/v1/articles/absent/", "/api/v1/doctors/"):
        answer = client.get(address)

        assert answer["Cache-Control"] == "no-store"
        assert answer["CDN-Cache-Control"] == "max-age=60"


# --- Methods ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_the_api_cannot_be_written_to(client: Client, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = getattr(strict, method)("/api/v1/articles/")

    assert_problem(answer, 405)
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["BREW", "PROPFIND"])
def test_a_method_that_nobody_knows_is_refused(client: Client, method: str) -> None:
    assert_problem(client.generic(method, "/api/v1/articles/"), 405)


def test_head_is_get_without_the_body(client: Client) -> None:
    article("hip-pain", members={"summary": "word " * 200})

    for accepted in ("identity", "gzip"):
        headers = {"Accept-Encoding": accepted}
        got = client.get("/api/v1/articles/", headers=headers)
        head = client.head("/api/v1/articles/", headers=headers)

        assert head.status_code == 200
        assert head.content == b""
        assert head["Content-Length"] == str(len(got.content))
        assert head["ETag"] == got["ETag"]
        del got.headers["X-Request-ID"], head.headers["X-Request-ID"]
        assert dict(head.headers) == dict(got.headers)


def test_options_says_what_is_allowed(client: Client) -> None:
    answer = client.options("/api/v1/articles/")

    assert answer.status_code == 204
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert "Content-Length" not in answer


# --- Pages of other origins -------------------------------------------------------


def test_any_page_may_read_and_asks_first_once_a_day(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        asked = client.options(
            "/api/v1/articles/",
            headers={
                "Origin": "https://partner.test",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
        )
    answer = client.get("/api/v1/articles/", headers={"Origin": "https://partner.test"})

    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert asked["Access-Control-Max-Age"] == "86400"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    for name in ("ETag", "Link", "X-Request-ID", "Retry-After"):
        assert name in answer["Access-Control-Expose-Headers"]


# --- Every answer -----------------------------------------------------------------


def test_a_request_keeps_its_id_unless_it_could_do_harm(client: Client) -> None:
    def answered(given: str) -> str:
        answer = client.get("/api/v1/", headers={"X-Request-ID": given})
        return str(answer["X-Request-ID"])

    assert answered("abc-123") == "abc-123"
    assert len(answered("a b")) == 32
    assert len(answered("x" * 101)) == 32
    assert len(answered("a\r\nSet-Cookie: b")) == 32
    assert answered("") != answered("")


def test_a_long_answer_is_compressed_and_has_an_etag_of_its_own(
    client: Client,
) -> None:
    article("hip-pain", members={"summary": "word " * 200})

    plain = client.get("/api/v1/articles/")
    packed = client.get("/api/v1/articles/", headers={"Accept-Encoding": "br, gzip"})
    refused = client.get("/api/v1/articles/", headers={"Accept-Encoding": "gzip;q=0"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"][:-1] + '-gzip"'
    assert not packed["ETag"].startswith("W/")
    assert "Accept-Encoding" in plain["Vary"]
    assert "Content-Encoding" not in refused


def test_an_answer_needs_no_session_and_no_user(client: Client) -> None:
    answer = client.get("/api/v1/articles/")

    assert not answer.cookies
    assert "Cookie" not in answer["Vary"]
