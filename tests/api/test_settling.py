"""A changed entitlement holds from its commit, and the worker places it anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from api.channels.models import Rule
from api.documents import healing, publishing
from api.documents.models import Placement, PlacementHistory, Settling, Upcoming
from tests import factories as make
from tests.api.carried import NOW, change, listed, on
from tests.api.factories import ChannelFactory, settle

pytestmark = pytest.mark.django_db


def test_what_may_be_shown_no_longer_is_gone_before_any_worker_has_run(
    client: Client,
) -> None:
    knee, hip = make.CategoryFactory(slug="knee"), make.CategoryFactory(slug="hip")
    author = make.AuthorFactory(slug="ada")
    make.ArticleFactory(slug="about-knees", categories=[knee], authors=[author])
    make.ArticleFactory(slug="about-hips", categories=[hip])
    channel = ChannelFactory(categories=[knee, hip])

    with publishing.publishing():
        channel.categories.set([hip])

    assert listed(channel) == ["about-hips"]
    assert "ada" not in listed(channel, "authors")
    assert listed(channel, "categories") == ["hip"]
    for path in ("articles/about-knees", "authors/ada", "categories/knee"):
        answer = client.get(f"/api/v1/{path}/", {"channel": channel.slug})
        assert answer.status_code == 404
    answer = client.get("/api/v1/articles/", {"channel": channel.slug})
    assert answer.json()["count"] == 1


def test_a_longer_delay_hides_at_once() -> None:
    make.ArticleFactory(slug="fresh")
    channel = ChannelFactory()

    change(channel, delay_days=30)

    assert listed(channel) == []


def test_the_text_is_gone_at_once_when_only_the_summary_is_left(
    client: Client,
) -> None:
    make.ArticleFactory(slug="knee", body=[("text", "<p>Unmistakable sentence.</p>")])
    channel = ChannelFactory()
    address = f"/api/v1/articles/knee/?channel={channel.slug}"
    etag = client.get(address)["ETag"]

    change(channel, extent="summary")

    answer = client.get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert b"Unmistakable" not in answer.content


def test_settling_gives_each_difference_a_sequence_and_no_other_channel_any() -> None:
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(slug="knees", categories=[knee])
    make.ArticleFactory(slug="hips", categories=[hip])
    channel, other = ChannelFactory(categories=[knee]), ChannelFactory()
    before = PlacementHistory.objects.filter(channel=other).count()
    mine = PlacementHistory.objects.filter(channel=channel).count()

    with publishing.publishing():
        channel.categories.set([hip])
    settle()

    assert on(channel) == {"article:hips"}
    # Two articles, their authors and their categories.
    assert PlacementHistory.objects.filter(channel=channel).count() == mine + 6
    assert PlacementHistory.objects.filter(channel=other).count() == before
    assert not Settling.objects.exists()
    assert healing.check() == []


def test_translations_that_are_settled_together_name_each_other() -> None:
    knee = make.CategoryFactory()
    rodilla = make.CategoryFactory(
        locale=make.locale("es"), translation_key=knee.translation_key
    )
    english = make.ArticleFactory(categories=[knee])
    make.ArticleFactory(
        locale=make.locale("es"),
        translation_key=english.translation_key,
        categories=[rodilla],
    )

    channel = ChannelFactory()

    placed = Placement.objects.filter(channel=channel, type__in=["article", "category"])
    assert placed.count() == 4
    named = [len(json.loads(one.suffix)["translations"]) for one in placed]
    assert named == [1, 1, 1, 1]
    assert healing.check() == []


def test_what_a_channel_has_still_to_settle_is_no_fault() -> None:
    make.ArticleFactory()
    channel = ChannelFactory()

    change(channel, languages=["es"])

    assert Settling.objects.exists()
    assert healing.check() == []


def test_a_change_while_a_channel_settles_begins_anew() -> None:
    articles = [make.ArticleFactory() for _ in range(3)]
    channel = ChannelFactory()
    with publishing.publishing():
        Rule.objects.create(channel=channel, article=articles[0], decision="never")
    assert publishing.settle(limit=1)

    with publishing.publishing():
        Rule.objects.create(channel=channel, article=articles[1], decision="never")
    while publishing.settle(limit=1):
        pass

    assert on(channel) == {f"article:{articles[2].slug}"}
    assert healing.check() == []


@pytest.mark.parametrize("kind", ["category", "location", "author"])
def test_a_choice_that_is_deleted_goes_on_in_another_language(kind: str) -> None:
    factory = getattr(make, f"{kind.title()}Factory")
    plural = {"category": "categories"}.get(kind, f"{kind}s")
    english = factory()
    spanish = factory(locale=make.locale("es"), translation_key=english.translation_key)
    make.ArticleFactory(slug="es", locale=make.locale("es"), **{plural: [spanish]})
    channel = ChannelFactory(**{plural: [english]})

    with publishing.publishing():
        english.delete()
    settle()

    assert on(channel) == {"article:es"}
    assert healing.check() == []


def test_what_was_chosen_and_is_deleted_is_chosen_no_longer_at_once() -> None:
    tag = make.TagFactory()
    channel = ChannelFactory(tags=[tag])

    with publishing.publishing():
        tag.delete()

    assert Settling.objects.filter(channel=channel).exists()


def test_of_many_that_are_published_at_once_none_stays_where_it_has_left(
    settings: Any,
) -> None:
    settings.DOCUMENTS_INLINE_LIMIT = 1
    knee = make.CategoryFactory()
    articles = [make.ArticleFactory(categories=[knee]) for _ in range(3)]
    channel = ChannelFactory(categories=[knee])

    with publishing.publishing():
        for article in articles:
            article.filings = []
            article.save_revision().publish()

    assert on(channel) == set()


def test_a_shorter_wait_that_nobody_waits_for_any_more_is_forgotten(
    frozen: Callable[[datetime], Any],
) -> None:
    with frozen(NOW):
        make.ArticleFactory()
        channel = ChannelFactory(delay_days=3)
        change(channel, selection="none")
        settle()

        assert not Upcoming.objects.exists()
        assert healing.check() == []


def test_a_date_is_no_way_around_a_change_of_settings(
    client: Client, frozen: Callable[[datetime], Any]
) -> None:
    with frozen(NOW):
        make.ArticleFactory(slug="knee")
        channel = ChannelFactory()
        address = f"/api/v1/articles/knee/?channel={channel.slug}"
        modified = client.get(address)["Last-Modified"]
    with frozen(NOW + timedelta(minutes=5)):
        change(channel, extent="summary")
        headers = {"If-Modified-Since": modified}

        assert client.get(address, headers=headers).status_code == 200
