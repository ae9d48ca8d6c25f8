"""What the lists and details of the API show, and how much work that takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.channels.models import Extent
from api.delivery.kinds import COLLECTIONS
from api.documents import lookup, reading
from api.documents.lookup import Found
from api.documents.models import Document, Head, Placement, Withdrawal
from api.documents.publishing import publishing
from tests.api.factories import (
    PUBLISHED,
    ChannelFactory,
    DocumentFactory,
    FormerSlugFactory,
    PlacementFactory,
    article,
    public,
)
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CategoryFactory,
    PracticeFactory,
)

pytestmark = pytest.mark.django_db


def slugs(client: Client, address: str) -> list[str]:
    """The slugs of a list's results, in their order."""
    return [one["slug"] for one in client.get(address).json()["results"]]


# --- What was published is what is read -------------------------------------------


def test_an_article_is_read_as_soon_as_it_is_published(client: Client) -> None:
    author = AuthorFactory(given_name="Lisa", family_name="Scarlino")
    ArticleFactory(title="Hip pain", slug="hip-pain", authors=[author])

    listed = client.get("/api/v1/articles/").json()
    detail = client.get("/api/v1/articles/hip-pain/").json()

    assert [one["title"] for one in listed["results"]] == ["Hip pain"]
    assert detail["title"] == "Hip pain"
    assert detail["authors"][0]["name"] == "Lisa Scarlino"
    assert detail["url"].endswith("/api/v1/articles/hip-pain/")


def test_the_full_document_and_the_summary_have_the_members_of_the_schema(
    client: Client,
) -> None:
    ArticleFactory(slug="hip-pain")
    shape = COLLECTIONS[0]

    detail = client.get("/api/v1/articles/hip-pain/").json()
    listed = client.get("/api/v1/articles/").json()["results"][0]

    assert set(detail) == shape.members()
    assert set(listed) == shape.summary_members()


def test_what_publishing_finds_is_what_the_filters_and_the_search_ask_for(
    client: Client,
) -> None:
    category = CategoryFactory(slug="knee")
    ArticleFactory(
        slug="knees", title="Strong knees for running", categories=[category]
    )

    assert slugs(client, "/api/v1/articles/?category=knee") == ["knees"]
    assert slugs(client, "/api/v1/articles/?q=run") == ["knees"]


def test_an_unpublished_article_is_gone_with_the_time(client: Client) -> None:
    page = ArticleFactory(slug="hip-pain")
    with publishing():
        page.unpublish()

    answer = client.get("/api/v1/articles/hip-pain/")

    assert answer.status_code == 410
    assert answer.json()["kind"] == "gone"
    assert answer.json()["withdrawn_at"].endswith("Z")
    assert slugs(client, "/api/v1/articles/") == []


# --- Work -------------------------------------------------------------------------


def test_a_page_of_100_articles_takes_two_statements(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(101):
        article(f"number-{number}")

    # 1. the channel, its head and counts  2. the page
    with django_assert_num_queries(2):
        answer = client.get("/api/v1/articles/?limit=100").json()

    assert len(answer["results"]) == 100
    assert answer["count"] == 101


def test_a_filtered_list_takes_a_third_statement_to_count(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        article(f"knee-{number}", facets=["category:knee"])
    article("hip", facets=["category:hip"])

    # 1. the channel and its head  2. the page  3. how many match in all
    with django_assert_num_queries(3):
        answer = client.get("/api/v1/articles/?category=knee&limit=2").json()

    assert answer["count"] == 3


def test_a_filtered_list_that_ends_on_its_page_is_not_counted(
    client: Client, django_assert_num_queries: Any
) -> None:
    article("knee", facets=["category:knee"])

    with django_assert_num_queries(2):
        answer = client.get("/api/v1/articles/?category=knee").json()

    assert answer["count"] == 1


def test_a_detail_takes_two_statements(
    client: Client, django_assert_num_queries: Any
) -> None:
    article("hip-pain")

    # 1. the channel and its head  2. the document
    with django_assert_num_queries(2):
        answer = client.get("/api/v1/articles/hip-pain/")

    assert answer.status_code == 200


@pytest.mark.parametrize("extent", Extent)
def test_what_is_looked_up_is_what_the_rows_say(extent: Extent) -> None:
    channel = ChannelFactory(extent=extent)
    document = DocumentFactory(slug="hip-pain", teaser_json='{"title": "Hip"}')
    row = PlacementFactory(document=document, channel=channel)

    for address in ("hip-pain", str(document.pk)):
        for locale in ("en", None):
            now = datetime.now(UTC)
            found = lookup.look_up(channel, "article", locale, address, now)

            assert isinstance(found, Found)
            for name in lookup.PLACEMENT.names:
                assert getattr(found.placement, name) == getattr(row, name), name
            for name in lookup.DOCUMENTS[extent].names:
                assert getattr(found.document, name) == getattr(document, name), name


def test_a_list_does_not_read_the_bodies(client: Client) -> None:
    article("hip-pain")

    with CaptureQueriesContext(connection) as statements:
        client.get("/api/v1/articles/")

    assert not any("full_json" in one["sql"] for one in statements)


def test_the_default_order_is_a_range_of_an_index() -> None:
    page = reading.on_channel(public(), ["article"], "en", datetime.now(UTC))[:20]

    with connection.cursor() as cursor:
        # With few rows a plan without the index is cheaper, so it is made unlikely.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plan = page.explain()

    # In one collection, or among those of all: the newest come without sorting.
    assert "Sort" not in plan
    assert re.search("Index Scan .*using placement_(list|newest)", plan), plan


# --- Lists ------------------------------------------------------------------------


def test_pages_lead_to_each_other_until_the_list_ends(client: Client) -> None:
    for number in range(5):
        article(f"number-{number}")

    seen = []
    address = "/api/v1/articles/?limit=2&order=title"
    while address:
        answer = client.get(address)
        seen += [one["slug"] for one in answer.json()["results"]]
        following = answer.json()["next"]
        assert (following is None) == ('rel="next"' not in answer["Link"])
        address = following and following.removeprefix("http://localhost:8000")

    assert seen == [f"number-{number}" for number in range(5)]


def test_the_first_page_is_the_previous_of_the_second(client: Client) -> None:
    for number in range(3):
        article(f"number-{number}")

    second = client.get("/api/v1/articles/?limit=2&offset=2&tag=").status_code
    answer = client.get("/api/v1/articles/?offset=2&limit=2").json()

    assert second == 400
    assert answer["previous"] == "http://localhost:8000/api/v1/articles/?limit=2"
    assert answer["next"] is None


def test_links_are_from_configuration_and_not_from_the_request(client: Client) -> None:
    article("one")
    article("two")

    answer = client.get("/api/v1/articles/?limit=1", headers={"host": "127.0.0.1"})

    assert answer.json()["next"].startswith("http://localhost:8000/api/v1/")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["c", "b", "a"]),
        ("?order=published_at", ["a", "b", "c"]),
        ("?order=-published_at", ["c", "b", "a"]),
        ("?order=title", ["c", "a", "b"]),
        ("?order=-title", ["b", "a", "c"]),
        ("?order=updated_at", ["b", "c", "a"]),
    ],
)
def test_a_list_is_in_the_order_that_is_asked_for(
    client: Client, query: str, expected: list[str]
) -> None:
    hours = {"a": 3, "b": 1, "c": 2}
    for slug, title in (("a", "lumbar"), ("b", "shoulder"), ("c", "hip")):
        article(
            slug,
            title_sort=title,
            updated_at=PUBLISHED + timedelta(hours=hours[slug]),
        )

    assert slugs(client, f"/api/v1/articles/{query}") == expected


def test_authors_come_by_name(client: Client) -> None:
    for slug in ("scarlino", "alvarez"):
        PlacementFactory(document=DocumentFactory(type="author", slug=slug))

    assert slugs(client, "/api/v1/authors/") == ["alvarez", "scarlino"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=knee", {"a", "b"}),
        ("category=knee&category=hip", {"a", "b", "c"}),
        ("category=knee,hip", {"a", "b", "c"}),
        ("category=knee&tag=running", {"b"}),
        ("category=knee,hip&tag=running", {"b", "c"}),
        ("author=scarlino", {"a"}),
        ("location=edison", {"c"}),
        ("reference=https://doi.org/10.1186/S12891-019-2833-4", {"a"}),
        ("category=elbow", set()),
    ],
)
def test_values_of_a_filter_are_or_and_filters_are_and(
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
    article("c", facets=["category:hip", "tag:running", "location:edison"])

    assert set(slugs(client, f"/api/v1/articles/?{query}")) == expected


def test_a_search_puts_the_best_match_first_and_the_newer_before_the_older(
    client: Client,
) -> None:
    article("1-old", words="knee pain")
    article("2-new", words="knee pain")
    article("3-body", words="running", words__body="what helps a knee")
    article("4-best", words="knee pain, knee strength and more knee")
    article("5-other", words="shoulder")

    assert slugs(client, "/api/v1/articles/?q=knees") == [
        "4-best",
        "2-new",
        "1-old",
        "3-body",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"low back"', {"phrase"}),
        ("back -low", {"back"}),
        ("hip or shoulder", {"hip"}),
        ("the", set()),
        ("':*&|!<->(", set()),
    ],
)
def test_a_search_knows_phrases_exclusion_and_alternatives(
    client: Client, query: str, expected: set[str]
) -> None:
    article("phrase", words="low back pain")
    article("back", words="back exercises")
    article("hip", words="hip pain")

    answer = client.get("/api/v1/articles/", {"q": query})

    assert {one["slug"] for one in answer.json()["results"]} == expected


def test_a_list_gives_only_the_fields_that_are_asked_for(client: Client) -> None:
    article("hip-pain", members={"byline": "Lisa Scarlino, PT"})

    summary = client.get("/api/v1/articles/?fields=title,slug").json()["results"]
    full = client.get("/api/v1/articles/?fields=slug,body").json()["results"]
    everything = client.get("/api/v1/articles/?fields=*").json()["results"]

    assert summary == [{"slug": "hip-pain", "title": "hip-pain"}]
    assert full == [{"slug": "hip-pain", "body": []}]
    assert {"body", "url", "byline"} <= set(everything[0])


def test_languages_are_read_apart(client: Client) -> None:
    article("hip-pain")
    article("dolor-de-cadera", locale="es")

    assert slugs(client, "/api/v1/articles/") == ["hip-pain"]
    assert slugs(client, "/api/v1/articles/?locale=es") == ["dolor-de-cadera"]


def test_what_is_not_translated_is_there_in_every_language(client: Client) -> None:
    PlacementFactory(document=DocumentFactory(type="tag", slug="running"))

    assert slugs(client, "/api/v1/tags/?locale=es") == ["running"]
    assert client.get("/api/v1/tags/running/?locale=es").status_code == 200


@pytest.mark.parametrize(
    "name",
    ["forms", "redirects", "categories", "awards", "affiliations", "references"],
)
def test_a_collection_without_documents_is_an_empty_list(
    client: Client, name: str
) -> None:
    assert client.get(f"/api/v1/{name}/").json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


# --- Channels ---------------------------------------------------------------------


def test_a_channel_shows_what_it_carries_and_nothing_else(client: Client) -> None:
    partner = ChannelFactory(slug="partner")
    article("for-partner", channel=partner)
    article("for-public")

    assert slugs(client, "/api/v1/articles/?channel=partner") == ["for-partner"]
    assert client.get("/api/v1/articles/for-public/?channel=partner").status_code == 404


def test_a_closed_channel_looks_like_one_that_does_not_exist(client: Client) -> None:
    ChannelFactory(slug="closed", is_open=False)

    closed = client.get("/api/v1/articles/?channel=closed")
    missing = client.get("/api/v1/articles/?channel=absent")

    assert closed.status_code == missing.status_code == 400
    assert closed.content.replace(b"closed", b"absent") == missing.content


# --- Details ----------------------------------------------------------------------


def test_an_article_is_found_by_its_slug_and_by_its_id(client: Client) -> None:
    placement = article("hip-pain")

    by_slug = client.get("/api/v1/articles/hip-pain/")
    by_id = client.get(f"/api/v1/articles/{placement.document_id}/")

    assert by_slug.content == by_id.content
    assert by_slug.json()["slug"] == "hip-pain"


def test_an_id_is_enough_to_find_a_document_of_another_language(
    client: Client,
) -> None:
    placement = article("dolor-de-cadera", locale="es")
    address = f"/api/v1/articles/{placement.document_id}/"

    assert client.get(address).json()["locale"] == "es"
    assert client.get(f"{address}?locale=en").status_code == 404
    assert client.get("/api/v1/articles/dolor-de-cadera/").status_code == 404


def test_an_id_of_another_kind_is_not_found(client: Client) -> None:
    placement = article("hip-pain")

    assert client.get(f"/api/v1/authors/{placement.document_id}/").status_code == 404


def test_a_former_slug_leads_to_the_slug_of_today(client: Client) -> None:
    placement = article("hip-pain")
    FormerSlugFactory(document=placement.document, slug="sore-hips")

    answer = client.get("/api/v1/articles/sore-hips/?fields=title")

    assert answer.status_code == 301
    assert answer["Location"] == (
        "http://localhost:8000/api/v1/articles/hip-pain/?fields=title"
    )


def test_a_live_slug_beats_a_former_one_and_a_tombstone_comes_last(
    client: Client,
) -> None:
    former = article("hip-pain")
    FormerSlugFactory(document=former.document, slug="hips")
    PlacementFactory(
        document=DocumentFactory(slug="hips", withdrawn_at=PUBLISHED),
        is_visible=False,
        withdrawn_kind=Withdrawal.GONE,
    )

    before = client.get("/api/v1/articles/hips/")
    article("hips")
    after = client.get("/api/v1/articles/hips/")

    assert before.status_code == 301
    assert after.status_code == 200


def test_a_tombstone_says_what_happened(client: Client) -> None:
    PlacementFactory(
        document=DocumentFactory(
            slug="old-advice",
            withdrawn_at=PUBLISHED,
            withdrawn_reason="The dose was wrong.",
            replacement="https://clinic.test/new-advice/",
        ),
        is_visible=False,
        withdrawn_kind=Withdrawal.WITHDRAWN,
    )

    answer = client.get("/api/v1/articles/old-advice/")

    assert answer.status_code == 410
    told = answer.json()
    assert told["type"] == "http://localhost:8000/developers/problems/gone/"
    assert told["kind"] == "withdrawn"
    assert told["reason"] == "The dose was wrong."
    assert told["withdrawn_at"] == "2026-03-01T12:00:00.000000Z"
    assert told["replacement"] == "https://clinic.test/new-advice/"


def test_what_left_the_scope_of_a_channel_looks_as_if_it_never_was(
    client: Client,
) -> None:
    PlacementFactory(
        document=DocumentFactory(slug="moved-on"),
        is_visible=False,
        withdrawn_kind=Withdrawal.OUT_OF_SCOPE,
    )

    left = client.get("/api/v1/articles/moved-on/")
    never = client.get("/api/v1/articles/never-was/")

    assert left.status_code == 404
    assert left.content.replace(b"moved-on", b"never-was") == never.content


def test_the_practice_is_one_object(client: Client) -> None:
    PracticeFactory(name="Shore Clinics")

    assert client.get("/api/v1/practice/").json()["name"] == "Shore Clinics"


# --- The clock --------------------------------------------------------------------


def expire(placement: Placement, **ago: int) -> None:
    """Let the clock pass what the worker should have written since."""
    past = datetime.now(UTC) - timedelta(**ago)
    Placement.objects.filter(pk=placement.pk).update(visible_until=past)
    Head.objects.filter(channel=placement.channel).update(next_boundary_at=past)


def test_an_expired_article_is_gone_although_no_worker_wrote_it(
    client: Client,
) -> None:
    article("stays")
    expire(article("expires"), seconds=1)

    detail = client.get("/api/v1/articles/expires/")
    listed = client.get("/api/v1/articles/?limit=1").json()

    assert detail.status_code == 410
    assert detail.json()["kind"] == "expired"
    assert [one["slug"] for one in listed["results"]] == ["stays"]
    assert listed["count"] == 1
    assert listed["next"] is None


def test_a_lapsed_render_is_not_served_until_it_is_renewed(client: Client) -> None:
    placement = article("hip-pain")
    Document.objects.filter(pk=placement.document_id).update(
        valid_until=datetime.now(UTC)
    )
    Head.objects.update(next_boundary_at=datetime.now(UTC))

    detail = client.get("/api/v1/articles/hip-pain/")

    assert detail.status_code == 503
    assert detail["Retry-After"] == "5"
    assert detail["Content-Type"] == "application/problem+json"
    assert slugs(client, "/api/v1/articles/") == []


def test_an_embargoed_article_is_nowhere(client: Client) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    PlacementFactory(
        document=DocumentFactory(slug="tomorrow", words="tomorrow"), visible_from=soon
    )

    assert client.get("/api/v1/articles/tomorrow/").status_code == 404
    assert client.get("/api/v1/articles/?q=tomorrow").json()["count"] == 0
    assert slugs(client, "/api/v1/articles/") == []


def test_an_embargoed_article_does_not_hide_what_its_address_said_before(
    client: Client,
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    PlacementFactory(
        document=DocumentFactory(slug="hips", withdrawn_at=PUBLISHED),
        is_visible=False,
        withdrawn_kind=Withdrawal.GONE,
    )
    PlacementFactory(document=DocumentFactory(slug="hips"), visible_from=soon)

    assert client.get("/api/v1/articles/hips/").status_code == 410


def test_a_change_by_a_machine_whose_clock_is_ahead_is_on_the_page(
    client: Client,
) -> None:
    ahead = datetime.now(UTC) + timedelta(seconds=30)
    PlacementFactory(
        document=DocumentFactory(slug="new"), visible_from=ahead, changed_at=ahead
    )

    assert slugs(client, "/api/v1/articles/") == ["new"]


# --- The index --------------------------------------------------------------------


def test_the_index_leads_to_everything(client: Client) -> None:
    index = client.get("/api/v1/").json()

    addresses = [*index["collections"].values(), index["openapi"]]
    for address in addresses:
        path = address.removeprefix("http://localhost:8000")
        assert client.get(path).status_code == 200
    assert len(index["collections"]) == 10
