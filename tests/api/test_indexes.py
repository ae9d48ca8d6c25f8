"""With 20,000 articles every list, search and map still reads through an index.

The plans are PostgreSQL's own choice: no method is switched off.
"""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Max
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from api.channels.models import Extent
from api.delivery import alone
from api.documents import changes, lookup, paging
from api.documents.models import Head, Placement
from api.sync.views import READ_AT_ONCE, Sync
from tests.api.factories import DocumentFactory, PlacementFactory, public
from tests.api.plans import LARGE, generic_plan, indexes, nodes, plans, scanned

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.slow]

ARTICLES = 20_000
PLACES = 2_000
# For statements that are planned for any.
VALUES = {
    "channel": 1,
    "type": "article",
    "locale": "en",
    "now": datetime(2026, 1, 1, tzinfo=UTC),
    "value": "article-7",
    "id": UUID(int=7),
    "sequence": 500,
    "newest": 20_000,
    "begun_at": 0,
}
# More than are read at once.
FEW = 2 * READ_AT_ONCE

# One document of each kind is made by the factories; these are its copies.
COPIES = """
INSERT INTO documents_document (
    id, type, locale, slug, translation_group, source, version, published_at,
    updated_at, canonical_url, path, full_json, summary_json, fingerprint, keys, facets,
    title_sort, search, body_search, plain_text, latitude, longitude, valid_until,
    withdrawn_at, withdrawn_kind, withdrawn_reason, replacement
)
SELECT gen_random_uuid(), type, locale, type || '-' || n, gen_random_uuid(),
       type || ':' || n, 1,
       published_at - n * interval '1 hour', updated_at - n * interval '1 hour',
       canonical_url, '/' || type || 's/' || n, full_json, summary_json, fingerprint,
       keys,
       ARRAY['category:' || n %% 50, 'tag:' || n %% 200, 'author:' || n %% 300,
             'location:' || n %% 40, 'reference:10.1000/' || n %% 5000,
             'reference:10.2000/' || n %% 7000, 'year:' || 2000 + n %% 25],
       'title ' || md5(n::text),
       setweight(to_tsvector('english', 'common word' || n %% 1000), 'A'),
       to_tsvector('english', 'body of common text and rare' || n %% 5000),
       'Common text about word' || n %% 1000,
       CASE WHEN type = 'location' THEN 30 + 20 * random() END,
       CASE WHEN type = 'location' THEN -120 + 50 * random() END,
       valid_until, withdrawn_at, withdrawn_kind, withdrawn_reason, replacement
FROM documents_document, generate_series(1, %s) AS n
WHERE slug = 'first' AND type = %s
"""
SHOWN = """
INSERT INTO documents_placement (
    channel_id, document_id, type, locale, sort_key, is_visible, visible_from,
    visible_until, sequence, changed_at, suffix, etag, withdrawn_kind
)
SELECT shown.channel_id, d.id, d.type, d.locale,
       to_char(d.published_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), true,
       shown.visible_from, NULL, 1000 + row_number() OVER (), d.updated_at,
       shown.suffix, shown.etag, ''
FROM documents_document AS d
JOIN documents_placement AS shown ON shown.type = d.type
JOIN documents_document AS first ON first.id = shown.document_id
WHERE first.slug = 'first' AND d.slug <> 'first'
"""
CLEANED = (
    "DELETE FROM documents_placementhistory WHERE document_id IN "
    "(SELECT id FROM documents_document WHERE type IN ('article', 'location'))",
    "DELETE FROM documents_placement WHERE type IN ('article', 'location')",
    "DELETE FROM documents_document WHERE type IN ('article', 'location')",
)


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A channel with 20,000 articles and 2,000 locations, for this file only."""
    with django_db_blocker.unblock():
        before = Head.objects.get(channel=public())
        for kind, number in (("article", ARTICLES), ("location", PLACES)):
            place = {"latitude": 40.0, "longitude": -74.0}
            given = place if kind == "location" else {}
            PlacementFactory(document=DocumentFactory(type=kind, slug="first", **given))
            with connection.cursor() as cursor:
                cursor.execute(COPIES, [number - 1, kind])
        with connection.cursor() as cursor:
            cursor.execute(SHOWN)
            cursor.execute("VACUUM ANALYZE documents_document")
            cursor.execute("VACUUM ANALYZE documents_placement")
        counts = {"article:en": ARTICLES, "location:en": PLACES}
        newest = Placement.objects.aggregate(at=Max("sequence"))["at"]
        heads = Head.objects.filter(channel=public())
        heads.update(counts=counts, sequence=newest)
        yield
        with connection.cursor() as cursor:
            for statement in CLEANED:
                cursor.execute(statement)
        before.save()


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("articles/", "placement_list"),
        ("articles/?offset=5000", "placement_list"),
        ("articles/?category=7", "document_facets"),
        ("articles/?reference=10.1000/77&category=27", "document_facets"),
        ("articles/?tag=7&not_author=9", "document_facets"),
        ("articles/?updated_since=2026-02-27", "placement_changed_at"),
        ("articles/?published_after=2026-02-27", "document_published_at"),
        ("articles/?q=word77", "document_search"),
        ("articles/?q=rare77", "document_body_search"),
        ("articles/?category=7&facets=tag,author,year", "document_facets"),
        ("articles/article-7/related/", "document_facets"),
        ("search/?q=word77", "document_search"),
        ("locations/?near=40,-100&radius_km=40", "document_place"),
        ("locations.geojson?near=40,-100&radius_km=40", "document_place"),
        ("resolve/?path=/articles/77/", "document_path"),
    ],
)
def test_no_answer_reads_a_table_from_end_to_end(
    client: Client, many: None, address: str, index: str
) -> None:
    found = plans(client, f"/api/v1/{address}")

    assert set().union(*map(scanned, found)) == set()
    assert index in set().union(*map(indexes, found))


def test_a_list_that_excludes_something_is_a_range_of_an_index(
    client: Client, many: None
) -> None:
    # To count what is left, all of it is read.
    page, _ = plans(client, "/api/v1/articles/?not_category=7")

    assert scanned(page) == set()
    assert "placement_list" in indexes(page)


def test_the_second_page_begins_where_its_cursor_says(
    client: Client, many: None
) -> None:
    following = client.get("/api/v1/articles/?limit=100").json()["next"]

    (page,) = plans(client, following.removeprefix("http://localhost:8000"))

    (start,) = [
        node
        for node in nodes(page)
        if node.get("Index Name") == "placement_list" and "Index Cond" in node
    ]
    assert re.search(r"sort_key <= '", start["Index Cond"])
    assert not any(node["Node Type"] == "Sort" for node in nodes(page))


def test_of_a_word_that_is_everywhere_only_the_newest_thousand_are_ranked(
    client: Client, many: None
) -> None:
    answer = client.get("/api/v1/articles/?q=common&limit=1").json()

    assert answer["count"] == 1_000
    assert answer["count_is_capped"] is True
    # In another word, since that ranking is kept.
    _, ranking, _ = plans(client, "/api/v1/articles/?q=commons&limit=1")
    limits = [node for node in nodes(ranking) if node["Node Type"] == "Limit"]
    assert all(node["Plan Rows"] <= 1_001 for node in limits)
    assert len(limits) == 2
    # They come from an index in their order: what is sorted would all be ranked.
    assert not any(
        node["Node Type"] == "Sort" for limit in limits for node in nodes(limit)
    )


def test_facets_of_everything_are_counted_without_reading_any_body(
    client: Client, many: None
) -> None:
    with CaptureQueriesContext(connection) as statements:
        answer = client.get("/api/v1/articles/?facets=category,year&limit=1").json()

    assert sum(one["count"] for one in answer["facets"]["year"]) == ARTICLES - 1
    assert len(statements) == 3
    assert "full_json" not in statements.captured_queries[2]["sql"]


def test_near_counts_no_further_than_a_thousand(client: Client, many: None) -> None:
    answer = client.get("/api/v1/locations/?near=40,-100&limit=1").json()

    assert answer["count"] == 1_000
    assert answer["count_is_capped"] is True


def test_a_map_shows_a_thousand_and_says_that_there_are_more(
    client: Client, many: None
) -> None:
    answer = client.get("/api/v1/locations.geojson").json()

    assert len(answer["features"]) == answer["count"] == 1_000
    assert answer["count_is_capped"] is True


def test_the_change_feed_reads_on_from_where_it_is(client: Client, many: None) -> None:
    following = client.get("/api/v1/sync/?limit=1000").json()["next"]

    found = plans(client, following.removeprefix("http://localhost:8000"))

    assert not LARGE & set().union(*map(scanned, found))
    (changes,) = [
        plan
        for plan in found
        if any(re.search("placement_.*sequence", name) for name in indexes(plan))
        and plan["Node Type"] == "Limit"
        and plan["Plan Rows"] > 1
    ]
    assert not any(node["Node Type"] == "Sort" for node in nodes(changes))


def test_many_lines_need_no_more_memory_than_few(many: None) -> None:
    def peak(limit: str) -> int:
        request = RequestFactory().get(f"/api/v1/sync/?format=ndjson{limit}")
        tracemalloc.start()
        lines = sum(part.count(b"\n") for part in Sync.as_view()(request))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert lines == (5_000 if not limit else FEW + 1)
        return used

    peak(f"&limit={FEW}")
    few, many_lines = peak(f"&limit={FEW}"), peak("")

    # All of them together are ten times that.
    assert many_lines < few + 1_000_000


@pytest.mark.parametrize("extent", Extent)
@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("is_behind", [True, False])
def test_the_plan_that_all_lists_share_reads_a_range_of_an_index(
    many: Client, extent: Extent, is_full: bool, is_behind: bool
) -> None:
    known = paging._statements("article", extent, is_full, is_behind)

    for statement in (known.first, known.beside):
        plan = generic_plan(statement, **VALUES, limit=21)

        assert not LARGE & scanned(plan)
        assert "Sort" not in {node["Node Type"] for node in nodes(plan)}


@pytest.mark.parametrize("extent", Extent)
@pytest.mark.parametrize("has_locale", [True, False])
@pytest.mark.parametrize("is_by_id", [True, False])
def test_the_plan_that_all_details_share_goes_through_an_index(
    many: Client, extent: Extent, has_locale: bool, is_by_id: bool
) -> None:
    for statements in (lookup._alone, lookup._beside):
        statement = statements(is_by_id, has_locale, extent)

        assert not LARGE & scanned(generic_plan(statement, **VALUES))


@pytest.mark.parametrize("extent", Extent)
def test_the_plan_of_every_delta_reads_a_range_of_an_index(
    many: Client, extent: Extent
) -> None:
    plan = generic_plan(changes._statement(extent), **VALUES, limit=11)

    assert not LARGE & scanned(plan)
    assert "Sort" not in {node["Node Type"] for node in nodes(plan)}


@pytest.mark.parametrize("extent", Extent)
@pytest.mark.parametrize("mark", ["value", "quoted"])
def test_the_plan_of_every_search_among_few_goes_through_indexes(
    many: Client, extent: Extent, mark: str
) -> None:
    statement = alone._of_few(extent, "article", "en", mark)

    plan = generic_plan(statement, **VALUES, quoted='"a"', some=1_001, most=2_002)

    assert not LARGE & scanned(plan)
    assert "document_search" in indexes(plan)


def test_a_search_ranks_what_an_index_alone_knows_of_placements(many: Client) -> None:
    statement = alone._of_few(Extent.FULL, "article", "en", "value")

    plan = generic_plan(statement, **VALUES, some=1_001, most=2_002)

    table = Placement._meta.db_table
    read = [one for one in nodes(plan) if one.get("Relation Name") == table]
    assert {one["Node Type"] for one in read} == {"Index Only Scan"}


def test_the_plan_of_the_history_goes_through_an_index(many: Client) -> None:
    plan = generic_plan(changes._HISTORY, channel=1, sequences=[7, 8])

    assert not LARGE & scanned(plan)
