"""What a filter leaves is counted once, until the channel changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.api.factories import ChannelFactory, settle
from tests.api.reading import ARTICLES

pytestmark = pytest.mark.django_db

KNEES = f"{ARTICLES}?category=knee&limit=1&facets=category"


@pytest.fixture
def knee() -> Any:
    return make.CategoryFactory(slug="knee")


def test_a_list_and_its_facets_are_counted_once_for_all_its_pages(
    client: Client, knee: Any, django_assert_num_queries: Any
) -> None:
    make.ArticleFactory.create_batch(3, categories=[knee])
    client.get("/api/v1/")

    # The channel, the page, how many there are, and its facets.
    with django_assert_num_queries(4):
        first = client.get(KNEES).json()
    with django_assert_num_queries(2):
        second = client.get(f"{KNEES}&offset=1&fields=title").json()

    assert first["count"] == second["count"] == 3
    assert first["facets"] == second["facets"]


def test_it_is_counted_again_when_something_was_published(
    client: Client, knee: Any
) -> None:
    make.ArticleFactory.create_batch(2, categories=[knee])
    before = client.get(KNEES).json()

    make.ArticleFactory(categories=[knee])

    after = client.get(KNEES).json()
    assert (before["count"], after["count"]) == (2, 3)
    assert after["facets"]["category"][0]["count"] == 3


def test_other_filters_are_counted_by_themselves(client: Client, knee: Any) -> None:
    hip = make.CategoryFactory(slug="hip")
    make.ArticleFactory.create_batch(3, categories=[knee])
    make.ArticleFactory.create_batch(2, categories=[hip])

    asked = [f"{ARTICLES}?category={slug}&limit=1" for slug in ("knee", "hip")]

    assert [client.get(one).json()["count"] for one in asked] == [3, 2]


def test_what_ends_by_the_clock_is_counted_no_longer(client: Client, knee: Any) -> None:
    now = timezone.now()
    make.ArticleFactory.create_batch(2, categories=[knee])
    make.ArticleFactory(categories=[knee], expire_at=now + timedelta(hours=1))
    before = client.get(KNEES).json()["count"]

    with time_machine.travel(now + timedelta(hours=2)):
        after = client.get(KNEES).json()["count"]

    assert (before, after) == (3, 2)


def test_each_channel_is_counted_by_itself(client: Client, knee: Any) -> None:
    subject = make.CategoryFactory(slug="running")
    make.ArticleFactory.create_batch(3, categories=[knee])
    make.ArticleFactory.create_batch(2, categories=[knee, subject])
    ChannelFactory(slug="shore", is_open=True, categories=[subject])
    settle()

    asked = [client.get(f"{KNEES}{more}").json() for more in ("", "&channel=shore")]

    assert [one["count"] for one in asked] == [5, 2]
