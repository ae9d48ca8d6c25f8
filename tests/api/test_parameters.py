"""What the API says to parameters that it does not accept."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.delivery import filters
from api.delivery.kinds import COLLECTIONS
from tests.api.factories import article

pytestmark = pytest.mark.django_db

ARTICLES = "/api/v1/articles/"


def refused(client: Client, query: str) -> list[dict[str, Any]]:
    """The faults that a 400 lists."""
    answer = client.get(f"{ARTICLES}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    errors: list[dict[str, Any]] = answer.json()["errors"]
    return errors


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("catgory=knee", "category"),
        ("Limit=5", "limit"),
        ("feilds=title", "fields"),
    ],
)
def test_an_unknown_parameter_is_answered_with_the_name_that_was_meant(
    client: Client, query: str, meant: str
) -> None:
    fault = refused(client, query)[0]

    assert fault["parameter"] == query.partition("=")[0]
    assert f"Did you mean “{meant}”?" in fault["detail"]
    assert "Allowed are author, category," in fault["detail"]


def test_a_field_that_does_not_exist_is_answered_with_the_nearest(
    client: Client,
) -> None:
    fault = refused(client, "fields=titel")[0]

    assert fault["parameter"] == "fields"
    assert "Did you mean “title”?" in fault["detail"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e3", "limit"),
        ("limit=%EF%BC%91", "limit"),  # a full-width 1
        ("limit=", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=5&limit=6", "limit"),
        ("offset=10001", "offset"),
        ("order=color", "order"),
        ("locale=xx", "locale"),
        ("channel=no%20slug", "channel"),
        ("channel=absent", "channel"),
        ("category=", "category"),
        ("category=knee,,hip", "category"),
        ("category=two%20words", "category"),
        ("category=" + ",".join(["knee"] * 101), "category"),
        ("reference=10.1", "reference"),
        ("reference=10.1234/a%1Eb", "reference"),
        ("reference=10.1234/a%C2%A0b", "reference"),
        ("reference=10.1234/" + "a" * 241, "reference"),
        ("q=", "q"),
        ("q=%7F", "q"),
        ("q=%20%20", "q"),
        ("q=" + "knee" * 51, "q"),
        ("fields=", "fields"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_name(
    client: Client, query: str, parameter: str
) -> None:
    assert refused(client, query)[0]["parameter"] == parameter


def test_a_doi_may_grow_in_lower_case(client: Client) -> None:
    # U+0130 is two characters in lower case.
    longest = quote("10.1234/" + "\u0130" * 240)

    answer = client.get(f"{ARTICLES}?reference={longest}")

    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_everything_that_is_wrong_is_said_at_once(client: Client) -> None:
    faults = refused(client, "limit=0&colour=red&order=size")

    assert [fault["parameter"] for fault in faults] == ["limit", "colour", "order"]


@pytest.mark.parametrize(
    "query",
    ["q=knee%00", "%00=1", "q=%ff%fe", "q=\xff", "&".join(["tag=a"] * 201)],
    ids=["NUL in a value", "NUL in a name", "not UTF-8", "raw bytes", "too many"],
)
def test_a_query_that_is_no_text_is_refused(client: Client, query: str) -> None:
    answer = client.get(ARTICLES, QUERY_STRING=query)

    assert answer.status_code == 400
    assert answer.json()["title"] == "The request cannot be read"


def test_a_query_of_100_kilobytes_is_refused_unread(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(f"{ARTICLES}?q={'knee+' * 20_000}")

    assert answer.status_code == 414
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name", ["%00", "a%00b", "%ff", "..%2f..%2fetc", "a" * 5_000, "two%20words"]
)
def test_an_address_that_can_name_nothing_is_not_found(
    client: Client, name: str
) -> None:
    answer = client.get(f"{ARTICLES}{name}/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_detail_takes_no_parameters_of_lists(client: Client) -> None:
    article("hip-pain")

    answer = client.get(f"{ARTICLES}hip-pain/?limit=5")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "limit"


def test_one_question_has_one_answer_however_it_is_spelled(client: Client) -> None:
    for number in range(3):
        article(f"number-{number}", facets=["tag:a", "tag:b"])

    spellings = [
        "tag=a,b&limit=2",
        "limit=2&tag=b&tag=a&tag=a",
        "offset=0&limit=2&tag=b,a&locale=en&channel=public",
    ]
    answers = [client.get(f"{ARTICLES}?{query}") for query in spellings]

    assert len({answer["ETag"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1


# What a hostile or careless client might send, near enough to what is understood.
NAMES = [one.name for one in filters.of_list(COLLECTIONS[0])]
PIECES = st.one_of(
    st.sampled_from(["knee", "1", "-1", "*", "title", "en", "public", "a,b", "10.1/a"]),
    st.text(max_size=20),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=9)), PIECES),
        max_size=4,
    )
)
def test_no_query_makes_the_server_fail(
    client: Client, pairs: list[tuple[str, str]]
) -> None:
    query = urlencode(pairs, errors="surrogatepass")

    for address in (ARTICLES, f"{ARTICLES}hip-pain/"):
        answer = client.get(f"{address}?{query}")

        assert answer.status_code in (200, 400, 404)
        assert json.loads(answer.content)
