"""Pages by cursor: nothing is skipped or repeated while editors publish."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from api.documents.models import Placement, Withdrawal
from tests.api.factories import ChannelFactory, article
from tests.api.reading import ARTICLES, BASE, fault, pages, slugs

pytestmark = pytest.mark.django_db


def following(client: Client, address: str) -> str:
    """The address of the page behind the one at `address`."""
    found: str = client.get(address).json()["next"]
    return found.removeprefix(BASE)


@pytest.mark.parametrize(
    "order", ["", "published_at", "title", "-title", "updated_at", "-updated_at"]
)
def test_every_order_is_followed_to_its_end(client: Client, order: str) -> None:
    # Several share a time and a title: their ids part them.
    for number in range(7):
        article(f"number-{number}", title_sort=f"title {number // 3}")
    query = f"&order={order}" if order else ""

    whole = slugs(client, f"{ARTICLES}?{query}")
    found = pages(client, f"{ARTICLES}?limit=2{query}")

    assert [len(page) for page in found] == [2, 2, 2, 1]
    assert [slug for page in found for slug in page] == whole


def test_what_is_published_meanwhile_moves_nothing(client: Client) -> None:
    for slug in ("a", "b", "d", "e"):
        article(slug)
    second = following(client, f"{ARTICLES}?limit=2")

    article("z-newest")
    article("c")
    answer = client.get(second).json()

    assert [one["slug"] for one in answer["results"]] == ["c", "b"]
    assert answer["count"] == 6
    assert answer["previous"] is None


def test_the_page_goes_on_behind_a_result_that_has_vanished(client: Client) -> None:
    for slug in ("a", "b", "c", "d"):
        article(slug)
    second = following(client, f"{ARTICLES}?limit=2")

    gone = Placement.objects.filter(document__slug="c")
    gone.update(is_visible=False, withdrawn_kind=Withdrawal.GONE)

    assert slugs(client, second) == ["b", "a"]


def test_a_page_by_cursor_takes_two_statements(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        article(f"number-{number}", facets=["tag:a"])
    plain = following(client, f"{ARTICLES}?limit=2")
    filtered = following(client, f"{ARTICLES}?limit=2&tag=a")

    with django_assert_num_queries(2):
        assert client.get(plain).json()["count"] == 5
    # It was counted for the first page.
    with django_assert_num_queries(2):
        assert client.get(filtered).json()["count"] == 5


def test_who_pages_by_offset_is_led_on_by_offset(client: Client) -> None:
    for number in range(6):
        article(f"number-{number}")

    answer = client.get(f"{ARTICLES}?limit=2&offset=2").json()

    assert parse_qs(urlsplit(answer["next"]).query) == {
        "limit": ["2"],
        "offset": ["4"],
    }
    assert answer["previous"] == f"{BASE}{ARTICLES}?limit=2"


def test_limit_and_fields_may_change_from_page_to_page(client: Client) -> None:
    for number in range(5):
        article(f"number-{number}")
    second = following(client, f"{ARTICLES}?limit=2")

    answer = client.get(f"{second.replace('limit=2', 'limit=3')}&fields=slug").json()

    assert answer["results"] == [
        {"slug": "number-2"},
        {"slug": "number-1"},
        {"slug": "number-0"},
    ]


@pytest.mark.parametrize(
    "change", ["tag=a", "order=title", "locale=es", "channel=partner"]
)
def test_a_cursor_of_another_list_is_refused(client: Client, change: str) -> None:
    ChannelFactory(slug="partner")
    for number in range(3):
        article(f"number-{number}")
    second = following(client, f"{ARTICLES}?limit=1")

    told = fault(client, f"{second}&{change}")

    assert told["parameter"] == "cursor"
    assert "Leave cursor out" in told["detail"]


def test_a_cursor_of_another_collection_is_refused(client: Client) -> None:
    for number in range(3):
        article(f"number-{number}")
    second = following(client, f"{ARTICLES}?limit=1")

    assert client.get(second.replace("articles", "authors")).status_code == 400


@pytest.mark.parametrize(
    "text", ["", "x", "WyJh", "a:b", "%F0%9F%99%82", "x" * 1001, "e30:bad"]
)
def test_a_cursor_that_this_api_did_not_give_is_refused(
    client: Client, text: str
) -> None:
    assert fault(client, f"{ARTICLES}?cursor={text}")["parameter"] == "cursor"


def test_a_changed_cursor_is_refused(client: Client) -> None:
    for number in range(3):
        article(f"number-{number}")
    second = following(client, f"{ARTICLES}?limit=1")
    (cursor,) = parse_qs(urlsplit(second).query)["cursor"]

    for changed in (cursor[1:], cursor[:-1], cursor.swapcase()):
        assert client.get(ARTICLES, {"cursor": changed}).status_code == 400


def test_cursor_and_offset_exclude_each_other(client: Client) -> None:
    for number in range(3):
        article(f"number-{number}")
    second = following(client, f"{ARTICLES}?limit=1")

    assert "not both" in fault(client, f"{second}&offset=1")["detail"]


def test_past_the_deepest_offset_the_list_goes_on_by_cursor(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pagination.DEEPEST", 2)
    for number in range(6):
        article(f"number-{number}")

    found = pages(client, f"{ARTICLES}?limit=2&offset=2")

    assert found == [["number-3", "number-2"], ["number-1", "number-0"]]


def test_an_offset_beyond_ten_thousand_is_refused_and_the_way_on_is_told(
    client: Client,
) -> None:
    told = fault(client, f"{ARTICLES}?offset=10001")

    assert "from 0 to 10000" in told["detail"]
    assert "follow `next`" in told["detail"]
