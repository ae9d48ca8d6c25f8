"""Lists show what is asked for: without some things, of some time, in some language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.api.factories import (
    PUBLISHED,
    DocumentFactory,
    PlacementFactory,
    article,
)
from tests.api.reading import ARTICLES, fault, pages, slugs
from tests.factories import ArticleFactory, PracticeFactory, SectionFactory, locale

pytestmark = pytest.mark.django_db


# --- Exclusion --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("not_category=knee", {"c"}),
        ("not_category=knee,hip", set()),
        ("category=knee&not_tag=running", {"a"}),
        ("not_author=scarlino", {"b", "c"}),
        ("not_reference=10.1186/S12891-019-2833-4", {"b", "c"}),
        ("not_category=elbow", {"a", "b", "c"}),
        ("category=knee&not_category=knee", set()),
    ],
)
def test_not_excludes_what_has_any_of_the_values(
    client: Client, query: str, expected: set[str]
) -> None:
    article(
        "a",
        facets=[
            "category:knee",
            "author:scarlino",
            "reference:10.1186/s12891-019-2833-4",
        ],
    )
    article("b", facets=["category:knee", "tag:running"])
    article("c", facets=["category:hip"])

    assert set(slugs(client, f"{ARTICLES}?{query}")) == expected


def test_an_excluded_list_is_counted_as_it_is_shown(client: Client) -> None:
    article("a", facets=["category:knee"])
    for number in range(3):
        article(f"b-{number}", facets=["category:hip"])

    answer = client.get(f"{ARTICLES}?not_category=knee&limit=2").json()

    assert answer["count"] == 3


# --- Time -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("published_after=2026-03-01T12:00:00Z", ["newer", "same"]),
        ("published_after=2026-03-01T12:00:01Z", ["newer"]),
        ("published_after=2026-03-01T13:00:00%2B01:00", ["newer", "same"]),
        ("published_before=2026-03-01T12:00:00Z", ["older"]),
        ("published_after=2026-03-01", ["newer", "same"]),
        ("published_before=2026-03-01", ["older"]),
        ("published_after=2026-03-01&published_before=2026-03-01t12:00:01z", ["same"]),
        ("published_after=2026-12-31T23:59:60Z", []),
    ],
)
def test_articles_of_a_time_begin_with_it_and_end_before_it(
    client: Client, query: str, expected: list[str]
) -> None:
    for slug, days in (("older", -1), ("same", 0), ("newer", 1)):
        moment = PUBLISHED + timedelta(days=days, hours=-1 if days < 0 else 0)
        article(slug, published_at=moment)

    assert sorted(slugs(client, f"{ARTICLES}?{query}")) == expected


def test_a_client_asks_for_what_has_changed_since_it_asked_last(
    client: Client,
) -> None:
    article("old")
    for type, slug, seconds in (("article", "new", 1), ("tag", "word", 86_400)):
        PlacementFactory(
            document=DocumentFactory(type=type, slug=slug),
            changed_at=PUBLISHED + timedelta(seconds=seconds),
        )

    assert slugs(client, f"{ARTICLES}?updated_since=2026-03-01T12:00:01Z") == ["new"]
    assert slugs(client, "/api/v1/tags/?updated_since=2026-03-02") == ["word"]


def test_another_attribution_is_a_change(client: Client) -> None:
    ArticleFactory(slug="hip-pain")
    since = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    PracticeFactory(name="Another name")

    assert slugs(client, f"{ARTICLES}?updated_since={since}") == ["hip-pain"]


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-02-30",
        "2026-13-01",
        "2026-3-1",
        "2026-03-01T12:00",
        "2026-03-01T12:00:00",
        "2026-03-01 12:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T12:00:00+99:00",
        "20260301",
        "2026-W09-7",
        "1899-12-31",
        "9999-12-31T23:59:59-12:00",
        "٢٠٢٦-03-01",
        "",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(client: Client, text: str) -> None:
    answer = client.get(ARTICLES, {"updated_since": text})

    assert answer.status_code == 400
    assert "such as 2026-05-01" in answer.json()["errors"][0]["detail"]


def test_a_plus_that_became_a_space_is_explained(client: Client) -> None:
    told = fault(client, f"{ARTICLES}?updated_since=2026-03-01T12:00:00+01:00")

    assert "Write + as %2B." in told["detail"]


def test_a_time_stands_in_the_links_as_it_was_meant(client: Client) -> None:
    for number in range(3):
        article(f"number-{number}")

    found = pages(client, f"{ARTICLES}?limit=1&published_after=2026-03-01T00:00:00.5Z")

    assert found == [["number-2"], ["number-1"], ["number-0"]]


# --- Languages --------------------------------------------------------------------


def translated(slug: str, translation: str) -> None:
    """An English article and its Spanish translation."""
    original = article(slug)
    article(
        translation,
        locale="es",
        translation_group=original.document.translation_group,
    )


def test_the_default_language_stands_in_where_there_is_no_translation(
    client: Client,
) -> None:
    article("1-only-english")
    translated("2-hip-pain", "3-dolor-de-cadera")

    answer = client.get(f"{ARTICLES}?locale=es&fallback=true").json()
    shown = [(one["slug"], one["is_fallback"]) for one in answer["results"]]

    assert shown == [("3-dolor-de-cadera", False), ("1-only-english", True)]
    assert answer["count"] == 2


def test_without_fallback_nothing_stands_in_and_nothing_says_so(
    client: Client,
) -> None:
    article("only-english")

    assert slugs(client, f"{ARTICLES}?locale=es") == []
    assert slugs(client, f"{ARTICLES}?locale=es&fallback=false") == []
    (result,) = client.get(ARTICLES).json()["results"]
    assert "is_fallback" not in result


def test_a_detail_falls_back_and_says_so(client: Client) -> None:
    placement = article("hip-pain")

    by_slug = client.get(f"{ARTICLES}hip-pain/?locale=es&fallback=true")
    by_id = client.get(f"{ARTICLES}{placement.document_id}/?locale=es&fallback=true")
    plain = client.get(f"{ARTICLES}hip-pain/?locale=es")

    assert by_slug.json()["is_fallback"] is by_id.json()["is_fallback"] is True
    assert by_slug.json()["locale"] == "en"
    assert plain.status_code == 404


def test_an_address_in_the_default_language_leads_to_the_translation(
    client: Client,
) -> None:
    translated("hip-pain", "dolor-de-cadera")

    answer = client.get(f"{ARTICLES}hip-pain/?locale=es&fallback=true")

    assert answer.status_code == 301
    assert answer["Location"].endswith(
        "/articles/dolor-de-cadera/?fallback=true&locale=es"
    )


def test_a_search_with_fallback_stems_each_language_as_its_own(
    client: Client,
) -> None:
    article("running", words="running shoes")

    found = slugs(client, f"{ARTICLES}?q=run&locale=es&fallback=true")

    assert found == ["running"]


@pytest.mark.parametrize("text", ["yes", "1", "TRUE", ""])
def test_fallback_is_true_or_false(client: Client, text: str) -> None:
    told = fault(client, f"{ARTICLES}?fallback={text}")

    assert "true or false" in told["detail"]


def test_a_translation_that_has_expired_is_not_named_though_no_worker_ran(
    client: Client,
    frozen: Callable[[datetime], Any],
    assert_healed: Callable[[], None],
) -> None:
    english = ArticleFactory(slug="hip-pain")
    end = datetime.now(UTC) + timedelta(hours=1)
    ArticleFactory(
        slug="dolor",
        locale=locale("es"),
        parent=SectionFactory(locale=locale("es")),
        translation_key=english.translation_key,
        expire_at=end,
    )
    assert_healed()
    (before,) = client.get(f"{ARTICLES}hip-pain/").json()["translations"]

    with frozen(end + timedelta(seconds=1)):
        detail = client.get(f"{ARTICLES}hip-pain/")
        listed = client.get(ARTICLES).json()["results"][0]

    assert before["slug"] == "dolor"
    assert detail.json()["translations"] == listed["translations"] == []
    assert detail["Cache-Control"] == "no-store"
