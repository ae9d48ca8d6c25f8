"""Who asks too often hears when to come back, before anything is asked for them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

LIST = "/api/v1/articles/"


@pytest.fixture
def limited(settings: Any) -> None:
    """Three requests a minute, counted from nothing."""
    settings.RATE_LIMIT = 3
    settings.SECRET_KEY = uuid4().hex


@pytest.fixture(params=["in memory", "in Redis"])
def wherever(request: pytest.FixtureRequest, settings: Any, limited: None) -> None:
    if request.param == "in Redis":
        settings.REDIS_URL = request.getfixturevalue("any_redis")


@pytest.mark.django_db
@pytest.mark.usefixtures("wherever")
def test_who_asks_too_often_is_told_when_to_come_back(
    client: Client, django_assert_num_queries: Any
) -> None:
    allowed = [client.get(LIST) for _ in range(3)]
    with django_assert_num_queries(0):
        refused = client.get(LIST)

    assert [answer.status_code for answer in allowed] == [200] * 3
    assert all("RateLimit" not in answer for answer in allowed)
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["type"].endswith("/developers/problems/too-many-requests/")
    assert 18 <= int(refused["Retry-After"]) <= 20
    assert refused["RateLimit"] == f'"open";r=0;t={refused["Retry-After"]}'
    assert refused["Cache-Control"] == "no-store"
    assert "CDN-Cache-Control" not in refused
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert refused["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
def test_every_answer_tells_the_limit_and_scripts_may_read_it(client: Client) -> None:
    preflight = client.options(LIST, headers={"Access-Control-Request-Method": "GET"})
    etag = client.get(LIST)["ETag"]
    answers = [
        preflight,
        client.get(LIST, headers={"If-None-Match": etag}),
        client.post(LIST),
        client.get(LIST),
    ]

    assert [answer.status_code for answer in answers] == [204, 304, 405, 429]
    for answer in answers:
        assert answer["RateLimit-Policy"] == '"open";q=3;w=60'
        exposed = answer["Access-Control-Expose-Headers"].split(", ")
        assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
def test_every_way_of_asking_counts_but_the_question_whether_one_may(
    client: Client,
) -> None:
    for _ in range(10):
        client.options(LIST, headers={"Access-Control-Request-Method": "GET"})
    client.head(LIST)
    client.get("/api/v1/nothing/")
    client.post(LIST)

    assert client.get("/api/v1/").status_code == 429


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
def test_health_and_the_pages_for_developers_are_not_limited(client: Client) -> None:
    for _ in range(5):
        client.get(LIST)

    assert client.get("/health").status_code == 200
    page = client.get("/developers/problems/too-many-requests/")
    assert page.status_code == 200
    assert "RateLimit-Policy" not in page


@pytest.mark.django_db
@pytest.mark.usefixtures("limited")
def test_a_caller_that_invents_addresses_is_still_one(
    client: Client, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1

    def asked(claimed: str, seen: str) -> int:
        forwarded = {"X-Forwarded-For": f"{claimed}, {seen}"}
        return client.get(LIST, headers=forwarded).status_code

    mine = [asked(f"198.51.100.{number}", "203.0.113.7") for number in range(5)]

    assert mine == [200, 200, 200, 429, 429]
    assert asked("203.0.113.7", "203.0.113.8") == 200


@pytest.mark.django_db
def test_a_limit_of_0_is_none(client: Client, settings: Any) -> None:
    settings.RATE_LIMIT = 0

    answers = [client.get(LIST) for _ in range(20)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Policy" not in answers[0]
