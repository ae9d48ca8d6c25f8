"""A search finds what readers mean, the best first, and shows where it stands."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api import pagination
from api.delivery import alone, ranking
from tests.api.factories import (
    ChannelFactory,
    DocumentFactory,
    PlacementFactory,
    article,
    public,
)
from tests.api.reading import ARTICLES, fault, slugs
from tests.factories import ArticleFactory, AuthorFactory, LocationFactory, locale

pytestmark = pytest.mark.django_db

SEARCH = "/api/v1/search/"
MINUTE = timedelta(minutes=1)


def other(type: str, slug: str, **given: Any) -> None:
    """A visible document of another type."""
    PlacementFactory(document=DocumentFactory(type=type, slug=slug, **given))


# --- What is found ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("strengthen", {"strength"}),
        ("exerci", {"strength"}),
        ("back exer", {"strength"}),
        ("exer back", set()),
        ('"back exer"', set()),
        ("back -exer", {"strength"}),
        ("shoulder or exer", {"strength"}),
        ("o'exer", set()),
        ("gluteus", {"strength"}),
    ],
)
def test_the_last_word_may_be_the_beginning_of_one(
    client: Client, query: str, expected: set[str]
) -> None:
    article("strength", words="gluteus strengthening exercises for the back")

    found = client.get(ARTICLES, {"q": query}).json()["results"]

    assert {one["slug"] for one in found} == expected


def test_a_whole_word_counts_more_than_the_beginning_of_another(
    client: Client,
) -> None:
    article("2-category", words="category")
    article("1-cat", words="cat")

    assert slugs(client, f"{ARTICLES}?q=cat") == ["1-cat", "2-category"]


def test_words_are_stemmed_as_those_of_their_language(client: Client) -> None:
    spanish = locale("es")
    ArticleFactory(slug="dolores", title="Dolores de cadera", locale=spanish)

    assert slugs(client, f"{ARTICLES}?locale=es&q=dolor") == ["dolores"]
    assert slugs(client, f"{ARTICLES}?q=dolor") == []


def test_title_and_summary_count_more_than_a_body_full_of_the_word(
    client: Client,
) -> None:
    knees = [("text", f"<p>{'knee ' * 50}</p>")]
    ArticleFactory(slug="body", title="Running", summary="Shoes.", body=knees)
    ArticleFactory(slug="summary", title="Walking", summary="What a knee needs.")
    ArticleFactory(slug="title", title="The knee", summary="An overview.")

    assert slugs(client, f"{ARTICLES}?q=knee") == ["title", "summary", "body"]


def test_authors_are_found_by_name_title_and_biography(client: Client) -> None:
    AuthorFactory(
        slug="lisa",
        given_name="Lisa",
        family_name="Scarlino",
        job_title="Physical therapist",
        bio="<p>She swims in open water.</p>",
    )

    for words in ("scarl", "therapist", "swimming"):
        assert slugs(client, f"/api/v1/authors/?q={words}") == ["lisa"]


def test_locations_are_found_by_city_and_service(client: Client) -> None:
    LocationFactory(slug="brick", city="Brick", services=["Dry needling"])

    for words in ("brick", "needling", "08723"):
        assert slugs(client, f"/api/v1/locations/?q={words}") == ["brick"]


def test_a_search_with_an_order_is_sorted_by_it(client: Client) -> None:
    article("b", words="knee", title_sort="b")
    article("a", words="knee knee knee", title_sort="c")

    assert slugs(client, f"{ARTICLES}?q=knee&order=title") == ["b", "a"]


def test_a_search_is_narrowed_by_filters(client: Client) -> None:
    article("a", words="knee", facets=["tag:running"])
    article("b", words="knee")

    answer = client.get(f"{ARTICLES}?q=knee&tag=running&facets=tag").json()

    assert [one["slug"] for one in answer["results"]] == ["a"]
    assert answer["count"] == 1
    assert answer["facets"] == {
        "tag": [{"value": "running", "name": "running", "count": 1}]
    }


@pytest.fixture(params=["few", "many"])
def looked_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way to search: among few documents, and among all."""
    if request.param == "many":
        monkeypatch.setattr(alone, "FEWEST", 0)


@pytest.mark.usefixtures("looked_at")
@pytest.mark.parametrize("phrase", ["knee", '"knee pain"', "kne", "pain -hip", "none"])
def test_a_search_among_other_filters_ranks_as_one_alone(
    client: Client, phrase: str
) -> None:
    article("1", words="Knee pain", facets=["category:knee"])
    article("2", words="Pain in the knee", facets=["category:knee"])
    article("3", words="Hips", words__body="Knee pain", facets=["category:knee"])
    article("4", words="Hip pain, knee pain", facets=["category:knee"])

    alone = client.get(ARTICLES, {"q": phrase}).json()["results"]
    among = client.get(ARTICLES, {"q": phrase, "category": "knee"}).json()["results"]

    assert alone == among


def test_a_search_is_ranked_once_for_all_its_pages(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        article(f"knee-{number}", words="Knee")
    first = client.get(f"{ARTICLES}?q=knee&limit=1").json()

    # The channel, and the page.
    with django_assert_num_queries(2):
        second = client.get(first["next"].removeprefix("http://localhost:8000")).json()

    assert second["count"] == 3
    assert second["results"][0]["slug"] != first["results"][0]["slug"]


def test_it_is_ranked_again_when_something_was_published(client: Client) -> None:
    ArticleFactory(title="Knees of others")
    before = client.get(f"{ARTICLES}?q=knee").json()
    ArticleFactory(title="Knee", slug="knee-knee")

    after = client.get(f"{ARTICLES}?q=knee").json()

    assert (before["count"], after["count"]) == (1, 2)
    assert "knee-knee" in [one["slug"] for one in after["results"]]


@pytest.mark.usefixtures("looked_at")
@pytest.mark.parametrize("query", ["q=rodilla&locale=es", "q=knee&channel=short"])
def test_a_search_alone_is_of_its_language_and_channel(
    client: Client, query: str
) -> None:
    ChannelFactory(slug="short", extent="summary")
    for language, title in (("en", "Knee"), ("es", "Rodilla")):
        ArticleFactory(title=title, summary=f"{title}.", locale=locale(language))
    ArticleFactory(title="Hip", body=[("text", "<p>Knee.</p>")])

    alone = client.get(f"{ARTICLES}?{query}").json()
    among = client.get(f"{ARTICLES}?{query}&not_tag=none").json()

    assert len(alone["results"]) == 1
    assert alone["results"] == among["results"]


# --- Pages and counts -------------------------------------------------------------


def test_a_search_takes_three_statements_and_its_facets_a_fourth(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        article(f"knee-{number}", words="knee", facets=["tag:a"])

    # 1. the channel  2. all matches, ranked  3. the page
    with django_assert_num_queries(3):
        answer = client.get(f"{ARTICLES}?q=knee&limit=2").json()
    with django_assert_num_queries(4):
        client.get(f"{ARTICLES}?q=knee&limit=2&facets=tag")

    assert answer["count"] == 5
    assert answer["count_is_capped"] is False
    assert answer["next"].endswith("?limit=2&offset=2&q=knee")


def test_no_more_is_counted_than_can_be_paged(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(3, monkeypatch)
    for number in range(5):
        article(f"knee-{number}", words="knee")
    article("best", words="knee knee knee")

    answer = client.get(f"{ARTICLES}?q=knee").json()

    assert answer["count"] == 3
    assert answer["count_is_capped"] is True


@pytest.mark.parametrize("phrase", ["knee", '"knee"', "-hips", "back or -hips"])
@pytest.mark.parametrize("told", [1, 2, 3, 5, 6, 7])
def test_of_many_matches_each_page_is_that_of_the_same_search_among_other_filters(
    client: Client, monkeypatch: pytest.MonkeyPatch, told: int, phrase: str
) -> None:
    at_most(told, monkeypatch)
    for number in range(4):
        body = {"words": "Hips", "words__body": "Knee pain"}
        article(f"body-{number}", **body, facets=["category:knee"])
    for number in range(3):
        top = "Knee " * (1 + number // 2)
        article(f"top-{number}", words=top, facets=["category:knee"])
        article(f"up-{number}", words="Hips", facets=["category:knee"])

    for start in range(told):
        page = {"q": phrase, "limit": "2", "offset": str(start)}
        found = client.get(ARTICLES, page).json()
        expected = client.get(ARTICLES, {**page, "category": "knee"}).json()

        for member in ("count", "count_is_capped", "results"):
            assert found[member] == expected[member], (member, start)


@pytest.mark.parametrize("phrase", ["-hips", "back or -hips"])
def test_what_needs_no_word_is_not_looked_for_among_few(
    client: Client, django_assert_num_queries: Any, phrase: str
) -> None:
    article("knee", words="Knee")

    # The channel, among few, among all, and the page.
    with django_assert_num_queries(4):
        client.get(ARTICLES, {"q": phrase})


@pytest.mark.parametrize("phrase", ["knee", '"knee pain"', "kne", "-hips", "none"])
@pytest.mark.parametrize("fewest", [1, 3, 4, 5, 8])
@pytest.mark.parametrize("told", [2, 100])
def test_what_few_documents_have_is_found_as_what_many_have(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    told: int,
    fewest: int,
    phrase: str,
) -> None:
    at_most(told, monkeypatch)
    monkeypatch.setattr(alone, "FEWEST", fewest)
    for number in range(3):
        body = {"words": "Hips", "words__body": "Knee pain"}
        article(f"body-{number}", **body, facets=["category:knee"])
        top = "Knee pain " * (1 + number // 2)
        article(f"top-{number}", words=top, facets=["category:knee"])
    # Looked at, and not shown.
    article("elsewhere", words="Knee pain", channel=ChannelFactory(slug="elsewhere"))
    article("lapsed", words="Knee pain", valid_until=timezone.now() - MINUTE)
    PlacementFactory(
        document=DocumentFactory(slug="expired", words="Knee pain"),
        channel=public(),
        visible_until=timezone.now() - MINUTE,
    )

    found = client.get(ARTICLES, {"q": phrase}).json()
    expected = client.get(ARTICLES, {"q": phrase, "category": "knee"}).json()

    for member in ("count", "count_is_capped", "results"):
        assert found[member] == expected[member], member


def test_a_word_that_many_have_is_not_looked_for_among_few_again(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    monkeypatch.setattr(alone, "FEWEST", 2)
    for _ in range(3):
        ArticleFactory(title="Knee")

    client.get(f"{ARTICLES}?q=knee")
    ArticleFactory(title="Knee")

    # The channel, among all, and the page.
    with django_assert_num_queries(3):
        client.get(f"{ARTICLES}?q=knee")


def at_most(told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no more matches be told than so many."""
    for module in (ranking, alone):
        monkeypatch.setattr(module, "DEEPEST_RANKED", told)
    # It is part of a statement that is kept.
    monkeypatch.setattr(alone, "_ranking", cache(alone._ranking.__wrapped__))


@pytest.mark.usefixtures("looked_at")
def test_people_found_alike_come_by_name_whether_searched_alone_or_not(
    client: Client,
) -> None:
    for name in ("Yuri", "Adam", "Mary"):
        AuthorFactory(given_name=name, family_name="Kneeland", job_title="Surgeon")

    found = "/api/v1/authors/?q=surgeon"
    alone = client.get(found).json()["results"]
    among = client.get(f"{found}&updated_since=2000-01-01").json()["results"]

    assert [one["name"] for one in alone] == [
        "Adam Kneeland",
        "Mary Kneeland",
        "Yuri Kneeland",
    ]
    assert alone == among


@pytest.mark.parametrize("query", ["q=knee", "q=knee&order=title"])
def test_a_search_pages_by_offset_and_not_without_end(
    client: Client, query: str
) -> None:
    deepest = pagination.DEEPEST_RANKED

    assert client.get(f"{ARTICLES}?{query}&offset={deepest}").status_code == 200
    assert fault(client, f"{ARTICLES}?{query}&offset={deepest + 1}") == {
        "parameter": "offset",
        "detail": "With q or near, offset is at most 1000: ask more closely.",
    }
    assert fault(client, f"{ARTICLES}?{query}&cursor=x")["parameter"] == "cursor"


@pytest.mark.parametrize(
    "words", ["the", "-", '"', "or", "or or or", "((((", "'", "\\", "a" * 200, "🙂"]
)
def test_words_that_nobody_can_look_for_find_nothing(
    client: Client, words: str
) -> None:
    article("knee", words="knee")

    answer = client.get(ARTICLES, {"q": words}).json()

    assert answer["count"] == 0


def test_a_search_that_finds_nothing_reads_no_page(
    client: Client, django_assert_num_queries: Any
) -> None:
    article("knee", words="Knee")

    # The channel, and what matches.
    with django_assert_num_queries(2):
        assert client.get(f"{ARTICLES}?q=hip").json()["results"] == []


# --- Across types -----------------------------------------------------------------


def test_one_search_finds_articles_people_and_places(client: Client) -> None:
    article("knee-pain", words="knee pain")
    other("author", "kneeland", words="Kneeland, knee surgeon, knee")
    other("location", "knee-clinic", words="knee clinic")
    other("tag", "knee", words="knee")

    answer = client.get(f"{SEARCH}?q=knee").json()

    assert {one["type"] for one in answer["results"]} == {
        "article",
        "author",
        "location",
    }
    assert answer["results"][0]["slug"] == "kneeland"
    assert answer["count"] == 3
    assert all("<mark>" in one["highlight"] for one in answer["results"])


def test_results_are_grouped_with_the_best_group_first(client: Client) -> None:
    for number in range(3):
        article(f"knee-{number}", words="knee")
    other("author", "kneeland", words="knee knee knee")

    answer = client.get(f"{SEARCH}?q=knee&grouped=true&limit=2").json()

    found = [
        (one["type"], one["count"], len(one["results"])) for one in answer["groups"]
    ]
    assert found == [("author", 1, 1), ("article", 3, 2), ("location", 0, 0)]
    assert answer["count"] == 4
    assert answer["count_is_capped"] is False


@pytest.mark.parametrize("query", ["q=knee", "q=knee&grouped=true"])
def test_a_search_across_types_takes_three_statements(
    client: Client, django_assert_num_queries: Any, query: str
) -> None:
    article("knee", words="knee")
    other("author", "kneeland", words="knee")

    with django_assert_num_queries(3):
        client.get(f"{SEARCH}?{query}")


def test_groups_have_no_pages(client: Client) -> None:
    told = fault(client, f"{SEARCH}?q=knee&grouped=true&offset=2")

    assert told["parameter"] == "offset"


def test_a_search_may_be_of_some_types_only(client: Client) -> None:
    article("knee", words="knee")
    other("author", "kneeland", words="knee")

    assert slugs(client, f"{SEARCH}?q=knee&types=author") == ["kneeland"]
    assert (
        "Did you mean “author”?" in fault(client, f"{SEARCH}?q=a&types=autor")["detail"]
    )


def test_a_search_for_nothing_is_refused(client: Client) -> None:
    assert fault(client, SEARCH)["parameter"] == "q"


def test_pages_of_a_search_across_types_lead_to_each_other(client: Client) -> None:
    for number in range(3):
        article(f"knee-{number}", words="knee")

    answer = client.get(f"{SEARCH}?q=knee&limit=2")

    assert answer.json()["next"].endswith("/search/?limit=2&offset=2&q=knee")
    assert 'rel="next"' in answer["Link"]
