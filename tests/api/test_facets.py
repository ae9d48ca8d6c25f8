"""Facets count what is in a list, beside its results; related articles share them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from api.documents import facets
from tests.api.factories import (
    ChannelFactory,
    DocumentFactory,
    FormerSlugFactory,
    PlacementFactory,
    article,
)
from tests.api.reading import ARTICLES, fault, slugs
from tests.factories import ArticleFactory, CategoryFactory, ReferenceFactory, locale

pytestmark = pytest.mark.django_db


def counts(answer: dict[str, Any], name: str) -> dict[str, int]:
    return {one["value"]: one["count"] for one in answer["facets"][name]}


def test_facets_count_the_whole_list_and_not_the_page(client: Client) -> None:
    for number in range(3):
        article(f"knee-{number}", facets=["category:knee", "year:2026"])
    article("hip", facets=["category:hip", "year:2025"])

    answer = client.get(f"{ARTICLES}?facets=category,year&limit=1").json()

    assert counts(answer, "category") == {"knee": 3, "hip": 1}
    assert counts(answer, "year") == {"2026": 3, "2025": 1}
    assert len(answer["results"]) == 1


def test_facets_count_only_what_the_filters_leave(client: Client) -> None:
    article("a", facets=["category:knee", "tag:running"])
    article("b", facets=["category:knee"])
    article("c", facets=["category:hip", "tag:running"])

    answer = client.get(f"{ARTICLES}?tag=running&facets=category").json()

    assert counts(answer, "category") == {"knee": 1, "hip": 1}


def test_a_facet_has_the_name_that_readers_know(client: Client) -> None:
    english = CategoryFactory(slug="knee", name="Knee & hip")
    spanish = CategoryFactory(slug="knee", name="Rodilla", locale=locale("es"))
    ArticleFactory(categories=[english])
    ArticleFactory(categories=[spanish], locale=locale("es"))

    in_english = client.get(f"{ARTICLES}?facets=category").json()
    in_spanish = client.get(f"{ARTICLES}?facets=category&locale=es").json()

    assert in_english["facets"]["category"][0]["name"] == "Knee & hip"
    assert in_spanish["facets"]["category"][0]["name"] == "Rodilla"


def test_a_facet_without_values_is_empty(client: Client) -> None:
    assert client.get(f"{ARTICLES}?facets=tag").json()["facets"] == {"tag": []}


def test_a_search_that_finds_nothing_has_empty_facets(client: Client) -> None:
    article("a", facets=["category:knee"], words="knee")

    answer = client.get(f"{ARTICLES}?q=elbow&facets=category").json()

    assert (answer["count"], answer["facets"]) == (0, {"category": []})


def test_facets_take_one_statement_more(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        article(f"knee-{number}", facets=["category:knee"])

    with django_assert_num_queries(3):
        client.get(f"{ARTICLES}?facets=category,tag")
    # With a filter whose list does not end on the page, one more to count.
    with django_assert_num_queries(4):
        client.get(f"{ARTICLES}?category=knee&facets=category,tag&limit=2")


def test_a_facet_that_does_not_exist_is_refused(client: Client) -> None:
    told = fault(client, f"{ARTICLES}?facets=categry")

    assert "Did you mean “category”?" in told["detail"]


def test_only_articles_have_facets(client: Client) -> None:
    assert fault(client, "/api/v1/authors/?facets=location")["parameter"] == "facets"


def test_a_facet_is_named_by_what_the_channel_itself_shows(client: Client) -> None:
    partner = ChannelFactory(slug="partner")
    category = DocumentFactory(type="category", slug="knee", members={"name": "Knee"})
    PlacementFactory(document=category, channel=partner)
    for channel in (partner, None):
        article(
            f"on-{channel and channel.slug}", facets=["category:knee"], channel=channel
        )

    def name(query: str) -> str:
        answer = client.get(f"{ARTICLES}?facets=category{query}").json()
        told: str = answer["facets"]["category"][0]["name"]
        return told

    assert name("&channel=partner") == "Knee"
    assert name("") == "knee"


# --- Related ----------------------------------------------------------------------


def test_what_shares_references_comes_before_what_shares_a_category_or_a_tag(
    client: Client,
) -> None:
    article(
        "asked",
        facets=[
            "reference:6f1c1a52-0f4e-4a2e-9d3a-5b3f6c1d2e4f",
            "category:knee",
            "tag:running",
            "author:lisa",
        ],
    )
    article("same-author", facets=["author:lisa"])
    article("same-tag", facets=["tag:running"])
    article("same-category", facets=["category:knee"])
    article("same-category-newer", facets=["category:knee"])
    article("same-reference", facets=["reference:6f1c1a52-0f4e-4a2e-9d3a-5b3f6c1d2e4f"])
    article("nothing-shared", facets=["category:hip", "year:2026"])

    assert slugs(client, f"{ARTICLES}asked/related/") == [
        "same-reference",
        "same-category-newer",
        "same-category",
        "same-tag",
        "same-author",
    ]


def test_published_articles_are_related_by_what_they_cite(client: Client) -> None:
    source = ReferenceFactory()
    ArticleFactory(slug="one", references=[source])
    ArticleFactory(slug="two", references=[source])

    assert slugs(client, f"{ARTICLES}one/related/") == ["two"]


def test_what_shares_a_reference_is_related_however_many_share_a_subject(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "WEIGHED", 2)
    cited = f"reference:{uuid4()}"
    article("this", facets=["category:knee", cited])
    article("oldest", facets=["category:knee", cited])
    for number in range(4):
        article(f"newer-{number}", facets=["category:knee"])

    found = slugs(client, f"{ARTICLES}this/related/")

    assert found[0] == "oldest"
    assert len(found) <= 3


def test_related_articles_are_of_the_same_language(client: Client) -> None:
    article("asked", facets=["category:knee"])
    article("rodilla", locale="es", facets=["category:knee"])

    assert slugs(client, f"{ARTICLES}asked/related/") == []


def test_related_articles_take_three_statements(
    client: Client, django_assert_num_queries: Any
) -> None:
    article("asked", facets=["category:knee"])
    article("other", facets=["category:knee"])

    # 1. the channel  2. the article  3. what shares most with it
    with django_assert_num_queries(3):
        answer = client.get(f"{ARTICLES}asked/related/?limit=1&fields=slug").json()

    assert answer == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [{"slug": "other"}],
    }


def test_an_article_without_anything_to_share_has_none(client: Client) -> None:
    article("asked", facets=["year:2026"])

    assert slugs(client, f"{ARTICLES}asked/related/") == []


def test_related_articles_of_a_former_slug_are_asked_for_at_the_new_one(
    client: Client,
) -> None:
    placement = article("related")
    FormerSlugFactory(document=placement.document, slug="articles")

    answer = client.get(f"{ARTICLES}articles/related/?limit=3")

    assert answer.status_code == 301
    assert answer["Location"] == (
        "http://localhost:8000/api/v1/articles/related/related/?limit=3"
    )


def test_there_is_nothing_related_to_what_is_not_there(client: Client) -> None:
    assert client.get(f"{ARTICLES}absent/related/").status_code == 404
