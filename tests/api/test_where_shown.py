"""Documents know on which channels they are shown, whoever writes placements."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from api.channels.models import Channel
from api.documents import healing, publishing
from api.documents.models import Document, Placement
from api.documents.reading import documents_of, on_channel
from tests import factories as make
from tests.api.factories import (
    ChannelFactory,
    DocumentFactory,
    PlacementFactory,
    public,
)

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def noted(document: Document) -> set[int]:
    """The channels that PostgreSQL has noted with `document`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shown_on::text FROM documents_document WHERE id = %s", [document.pk]
        )
        (bits,) = cursor.fetchone()
    return {place for place, bit in enumerate(bits) if bit == "1"}


def may_end(document: Document) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT may_end FROM documents_document WHERE id = %s", [document.pk]
        )
        return bool(cursor.fetchone()[0])


def test_a_document_knows_the_channels_that_show_it() -> None:
    elsewhere, document = ChannelFactory(), DocumentFactory()

    PlacementFactory(document=document)
    PlacementFactory(document=document, channel=elsewhere)

    assert noted(document) == {public().pk, elsewhere.pk}


def test_one_that_left_a_channel_is_not_noted_there() -> None:
    placement = PlacementFactory()

    placement.is_visible = False
    placement.save()

    assert noted(placement.document) == set()


def test_one_whose_placements_are_deleted_is_noted_nowhere() -> None:
    placement = PlacementFactory()

    Placement.objects.all().delete()

    assert noted(placement.document) == set()


def test_what_is_published_lasts_until_somebody_changes_it() -> None:
    """Then a search asks no placement of it."""
    published = make.ArticleFactory()

    document = Document.objects.get(source=f"article:{published.pk}")
    assert noted(document) == {public().pk}
    assert may_end(document) is False


def test_what_is_withdrawn_is_noted_nowhere() -> None:
    published = make.ArticleFactory()
    document = Document.objects.get(source=f"article:{published.pk}")

    with publishing.publishing():
        published.unpublish()

    assert noted(document) == set()


def test_what_has_an_end_may_end() -> None:
    placement = PlacementFactory(visible_until=NOW + HOUR)

    assert may_end(placement.document) is True


def test_a_wrong_note_is_found_and_mended() -> None:
    published = make.ArticleFactory()
    document = Document.objects.get(source=f"article:{published.pk}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_document SET shown_on = B''")

    found = healing.repair()

    assert any("searched" in fault.what for fault in found)
    assert noted(document) == {public().pk}
    assert healing.check() == []


def test_what_was_never_placed_is_shown_nowhere() -> None:
    DocumentFactory()

    [found] = documents_of("article", "en", public(), NOW)

    assert found.is_shown is False


def test_a_channel_newer_than_a_document_does_not_show_it() -> None:
    PlacementFactory()
    newer = ChannelFactory()
    Placement.objects.filter(channel=newer).delete()

    [found] = documents_of("article", "en", newer, NOW)

    assert found.is_shown is False


@pytest.mark.parametrize(
    ("placed", "rendered", "is_shown"),
    [
        ({}, {}, True),
        ({"visible_until": NOW + HOUR}, {}, True),
        ({"visible_until": NOW - HOUR}, {}, False),
        ({"visible_from": NOW + HOUR}, {}, False),
        ({}, {"valid_until": NOW + HOUR}, True),
        ({}, {"valid_until": NOW - HOUR}, False),
        ({"is_visible": False}, {}, False),
    ],
)
def test_the_clock_ends_it_however_late_the_worker_is(
    placed: dict[str, Any], rendered: dict[str, Any], is_shown: bool
) -> None:
    PlacementFactory(document=DocumentFactory(**rendered), **placed)

    [found] = documents_of("article", "en", public(), NOW)

    assert found.is_shown is is_shown
    assert on_channel(public(), ["article"], "en", NOW).exists() is is_shown


def test_a_search_of_all_finds_what_a_narrower_one_finds(client: Client) -> None:
    """The first asks documents, the second placements."""
    chance = random.Random(1)
    channels = [public(), *(ChannelFactory(is_open=True) for _ in range(3))]
    for number in range(40):
        document = DocumentFactory(
            slug=f"article-{number}",
            words=chance.choice(["knee", "knees kneeling", "hip"]),
            words__body=chance.choice(["knee", "kneel", "hip", ""]),
            valid_until=chance.choice([None, None, NOW + HOUR, NOW - HOUR]),
        )
        for channel in chance.sample(channels, chance.randrange(4)):
            PlacementFactory(
                document=document,
                channel=channel,
                is_visible=chance.random() < 0.8,
                visible_until=chance.choice([None, None, NOW + HOUR, NOW - HOUR]),
            )

    for channel in channels:
        for words in ("knee", "kneel", "-hip", "knee or hip"):
            asked = {"q": words, "limit": 100, **_of(channel)}
            every = client.get("/api/v1/articles/", asked).json()
            narrower = {**asked, "published_after": "1990-01-01"}
            narrowed = client.get("/api/v1/articles/", narrower).json()
            assert every["count"] == narrowed["count"]
            assert _slugs(every) == _slugs(narrowed)


def _of(channel: Channel) -> dict[str, str]:
    return {} if channel == public() else {"channel": channel.slug}


def _slugs(answer: dict[str, Any]) -> list[str]:
    return [one["slug"] for one in answer["results"]]
