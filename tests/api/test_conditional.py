"""Who has an answer already is told so, cheaply; and nobody keeps one too long."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date

from api import conditional
from api.documents import publishing
from api.documents.identity import key_of
from api.documents.models import Document, Head, Placement, Withdrawal
from tests.api.factories import PUBLISHED, ChannelFactory, FormerSlugFactory, article
from tests.factories import ArticleFactory, LocationFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles/"
DETAIL = "/api/v1/articles/hip-pain/"


def again(client: Client, address: str, **conditions: str) -> Any:
    """The answer to a conditional request; `If_None_Match="…"`."""
    named = {name.replace("_", "-"): text for name, text in conditions.items()}
    return client.get(address, headers=named)


@pytest.mark.parametrize(("address", "statements"), [(LIST, 1), (DETAIL, 1)])
def test_what_a_client_has_already_is_not_sent_again(
    client: Client, django_assert_num_queries: Any, address: str, statements: int
) -> None:
    article("hip-pain")
    first = client.get(address)

    with django_assert_num_queries(statements):
        second = again(client, address, If_None_Match=first["ETag"])

    assert second.status_code == 304
    assert second.content == b""
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified", "CDN-Cache-Control"):
        assert second[name] == first[name]
    assert "Content-Type" not in second
    assert "Content-Length" not in second


@pytest.mark.parametrize("address", [LIST, DETAIL])
def test_an_etag_is_strong_and_the_same_each_time(client: Client, address: str) -> None:
    article("hip-pain")

    etags = {client.get(address)["ETag"] for _ in range(3)}

    assert len(etags) == 1
    assert re.fullmatch(r'"[0-9a-f]{32}"', etags.pop())


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("{}", 304),
        ("W/{}", 304),
        ('"other", {}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("no quotes", 200),
        ('"', 200),
        (",,,", 200),
    ],
)
def test_etags_are_compared_as_the_standard_says(
    client: Client, spelling: str, status: int
) -> None:
    article("hip-pain")
    etag = client.get(DETAIL)["ETag"]

    answer = again(client, DETAIL, If_None_Match=spelling.format(etag))

    assert answer.status_code == status


def test_the_compressed_form_is_known_secondby_its_own_etag(client: Client) -> None:
    article("hip-pain", members={"summary": "word " * 200})
    packed = client.get(DETAIL, headers={"Accept-Encoding": "gzip"})

    answer = again(client, DETAIL, If_None_Match=packed["ETag"], Accept_Encoding="gzip")

    assert answer.status_code == 304
    assert answer["ETag"] == packed["ETag"]


def test_different_representations_have_different_etags(client: Client) -> None:
    for slug in ("hip-pain", "knee"):
        article(slug)
        article(slug, locale="es")
    ChannelFactory(slug="partner")
    addresses = [
        LIST,
        f"{LIST}?limit=1",
        f"{LIST}?limit=1&offset=1",
        f"{LIST}?order=title",
        f"{LIST}?tag=a",
        f"{LIST}?locale=es",
        f"{LIST}?channel=partner",
        "/api/v1/authors/",
        "/api/v1/tags/",
        DETAIL,
        f"{DETAIL}?fields=title",
        f"{DETAIL}?fields=slug",
        f"{DETAIL}?locale=es",
        "/api/v1/articles/knee/",
        "/api/v1/",
    ]

    etags = [client.get(address)["ETag"] for address in addresses]

    assert len(set(etags)) == len(addresses)


def test_a_change_anywhere_on_the_channel_changes_its_lists(client: Client) -> None:
    article("hip-pain")
    before = client.get(LIST)["ETag"]
    article("knee")

    answer = again(client, LIST, If_None_Match=before)

    assert answer.status_code == 200
    assert answer.json()["count"] == 2


def test_a_change_on_one_channel_changes_no_other(client: Client) -> None:
    partner = ChannelFactory(slug="partner")
    article("hip-pain")
    before = client.get(LIST)["ETag"]
    article("knee", channel=partner)

    assert again(client, LIST, If_None_Match=before).status_code == 304


# --- Access comes first -----------------------------------------------------------


def test_an_etag_does_not_tell_what_its_owner_may_no_longer_read(
    client: Client,
) -> None:
    placement = article("hip-pain")
    etag = client.get(DETAIL)["ETag"]
    Placement.objects.filter(pk=placement.pk).update(
        is_visible=False, withdrawn_kind=Withdrawal.OUT_OF_SCOPE
    )

    for condition in (etag, "*"):
        assert again(client, DETAIL, If_None_Match=condition).status_code == 404


def test_a_withdrawn_article_is_gone_also_for_those_who_have_it(
    client: Client,
) -> None:
    placement = article("hip-pain")
    etag = client.get(DETAIL)["ETag"]
    Placement.objects.filter(pk=placement.pk).update(
        is_visible=False, withdrawn_kind=Withdrawal.GONE
    )
    Document.objects.filter(pk=placement.document_id).update(withdrawn_at=PUBLISHED)

    assert again(client, DETAIL, If_None_Match=etag).status_code == 410


# --- Dates ------------------------------------------------------------------------


@pytest.mark.parametrize("address", [LIST, DETAIL])
@pytest.mark.parametrize(
    ("since", "status"),
    [
        (PUBLISHED, 304),
        (PUBLISHED + timedelta(days=1), 304),
        (PUBLISHED - timedelta(seconds=1), 200),
    ],
)
def test_a_date_is_enough_to_know_an_old_answer(
    client: Client, address: str, since: datetime, status: int
) -> None:
    article("hip-pain")
    Head.objects.update(changed_at=PUBLISHED)

    answer = again(client, address, If_Modified_Since=http_date(since.timestamp()))

    assert answer.status_code == status
    assert answer["Last-Modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    "since", ["yesterday", "", "Sun, 99 Mar 2026 12:00:00 GMT", "x" * 5_000]
)
def test_a_date_that_is_none_does_not_count(client: Client, since: str) -> None:
    article("hip-pain")

    assert again(client, LIST, If_Modified_Since=since).status_code == 200


def test_a_date_from_the_future_does_not_count(client: Client) -> None:
    article("hip-pain")
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    answer = again(client, LIST, If_Modified_Since=http_date(tomorrow.timestamp()))

    assert answer.status_code == 200


def test_a_tag_beats_a_date(client: Client) -> None:
    article("hip-pain")

    answer = again(
        client,
        LIST,
        If_None_Match='"other"',
        If_Modified_Since=http_date(PUBLISHED.timestamp() + 60),
    )

    assert answer.status_code == 200


def test_two_changes_within_one_second_are_told_apart(
    client: Client, frozen: Callable[[datetime], Any]
) -> None:
    moment = datetime(2026, 11, 23, 10, 0, 0, 100_000, tzinfo=UTC)
    Head.objects.update(changed_at=moment, sequence=1)
    with frozen(moment + timedelta(milliseconds=100)):
        first = client.get(LIST)
    Head.objects.update(changed_at=moment + timedelta(milliseconds=700), sequence=2)

    with frozen(moment + timedelta(seconds=60)):
        second = again(client, LIST, If_Modified_Since=first["Last-Modified"])

    assert second.status_code == 200
    assert second["Last-Modified"] == "Mon, 23 Nov 2026 10:00:00 GMT"


# --- Caches -----------------------------------------------------------------------


@pytest.mark.parametrize("address", [LIST, DETAIL])
def test_browsers_ask_each_time_and_edges_after_a_second(
    client: Client, address: str
) -> None:
    article("hip-pain")

    answer = client.get(address)

    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["CDN-Cache-Control"] == "max-age=1"
    assert answer["Vary"] == "Authorization, Accept, Accept-Encoding"


@pytest.mark.parametrize("address", [LIST, DETAIL, f"{LIST}absent/"])
def test_no_answer_is_kept_beyond_the_channels_next_boundary(
    client: Client, frozen: Callable[[datetime], Any], address: str
) -> None:
    article("hip-pain")
    now = datetime.now(UTC)
    Head.objects.update(next_boundary_at=now + timedelta(seconds=30))

    with frozen(now):
        answer = client.get(address)

    longest_s = int(answer["CDN-Cache-Control"].removeprefix("max-age="))
    assert longest_s <= 30


def test_nothing_is_kept_while_the_clock_is_ahead_of_the_worker(
    client: Client,
) -> None:
    article("hip-pain")
    etag = client.get(LIST)["ETag"]
    Head.objects.update(next_boundary_at=datetime.now(UTC) - timedelta(seconds=1))

    answer = again(client, LIST, If_None_Match=etag)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "CDN-Cache-Control" not in answer
    assert "ETag" not in answer


# --- Keys -------------------------------------------------------------------------


def test_caches_learn_the_keys_of_an_answer_each_in_its_own_way() -> None:
    headers = conditional.tags(["c00000000000000aa", "a0123456789abcdef"])

    assert headers == {
        "Cache-Groups": '"c00000000000000aa", "a0123456789abcdef"',
        "Cache-Tag": "c00000000000000aa,a0123456789abcdef",
        "Surrogate-Key": "c00000000000000aa a0123456789abcdef",
    }


def test_the_finest_keys_are_left_out_where_they_would_take_more_than_4_kb() -> None:
    keys = [f"a{number:016x}" for number in range(1_000)]

    headers = conditional.tags(keys)

    for text, separator in zip(headers.values(), (", ", ",", " "), strict=True):
        kept = text.replace('"', "").split(separator)
        assert kept == keys[: len(kept)]
        assert len(kept) >= 190
        assert 3_900 < len(text) < 4_096


@pytest.mark.parametrize("count", range(186, 230))
def test_no_key_is_cut_in_two(count: int) -> None:
    headers = conditional.tags([f"a{number:016x}" for number in range(count)])

    assert re.fullmatch(r'"a[0-9a-f]{16}"(, "a[0-9a-f]{16}")*', headers["Cache-Groups"])
    assert re.fullmatch(r"a[0-9a-f]{16}(,a[0-9a-f]{16})*", headers["Cache-Tag"])
    assert re.fullmatch(r"a[0-9a-f]{16}( a[0-9a-f]{16})*", headers["Surrogate-Key"])


def test_a_key_is_named_once_and_an_answer_without_any_has_no_headers() -> None:
    assert conditional.tags(["a1", "a2", "a1"])["Cache-Tag"] == "a1,a2"
    assert conditional.tags([]) == {}


# --- What an answer rests on ------------------------------------------------------


def keys(client: Client, address: str, **headers: str) -> list[str]:
    found: list[str] = client.get(address, headers=headers)["Cache-Tag"].split(",")
    return found


def test_a_list_names_its_channel_and_its_type_coarsest_first(client: Client) -> None:
    partner = ChannelFactory(slug="partner")
    article("hip-pain")
    article("hip-pain-too", channel=partner)

    articles, authors = keys(client, LIST), keys(client, "/api/v1/authors/")
    elsewhere = keys(client, f"{LIST}?channel=partner")

    assert articles[0] == authors[0] != elsewhere[0]
    assert articles[1] != authors[1]
    assert len(articles) == len(authors) == 2


def test_a_document_names_its_channel_and_itself(client: Client) -> None:
    page = ArticleFactory(slug="hip-pain")

    channel, own = keys(client, DETAIL)

    assert channel == keys(client, LIST)[0]
    assert own == key_of(f"article:{page.pk}")


def test_no_key_names_what_is_not_public(client: Client) -> None:
    draft = ArticleFactory(slug="draft", live=False)
    link = f'<p><a linktype="page" id="{draft.pk}">More</a></p>'
    ArticleFactory(slug="hip-pain", body=[("text", link)])

    answer = client.get(DETAIL)

    for name in ("Cache-Tag", "Cache-Groups", "Surrogate-Key"):
        assert key_of(f"article:{draft.pk}") not in answer[name]


def test_a_move_is_forgotten_with_its_channel(client: Client) -> None:
    FormerSlugFactory(document=article("hip-pain").document, slug="hips")

    assert keys(client, f"{LIST}hips/") == keys(client, LIST)[:1]


# --- What is written of a channel without a change to its readers ------------------


def test_a_list_that_finds_something_else_after_a_rebuild_is_sent_again(
    client: Client,
) -> None:
    clinic = LocationFactory(latitude="40.0", longitude="-74.0")
    Document.objects.filter(type="location").update(latitude=None, longitude=None)
    near = "/api/v1/locations/?near=40,-74"
    before = client.get(near)

    publishing.rewrite([f"location:{clinic.pk}"])
    after = again(client, near, If_None_Match=before["ETag"])

    assert before.json()["count"] == 0
    assert after.status_code == 200
    assert after.json()["count"] == 1


def test_what_is_late_elsewhere_keeps_no_document_from_being_kept(
    client: Client,
) -> None:
    article("hip-pain")
    Head.objects.update(next_boundary_at=datetime.now(UTC) - timedelta(seconds=1))

    answer = client.get(DETAIL)

    assert answer["Cache-Control"] == "public, no-cache"
    assert again(client, DETAIL, If_None_Match=answer["ETag"]).status_code == 304


def test_an_answer_that_is_not_sent_secondnames_its_keys_too(client: Client) -> None:
    article("hip-pain")
    first = client.get(LIST)

    second = client.get(LIST, headers={"If-None-Match": first["ETag"]})

    assert second.status_code == 304
    for name in ("Cache-Tag", "Cache-Groups", "Surrogate-Key"):
        assert second[name] == first[name]


def test_what_is_not_there_is_forgotten_with_its_channel(client: Client) -> None:
    article("hip-pain")

    assert keys(client, f"{LIST}absent/") == keys(client, LIST)[:1]
