"""What a channel carries, and how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from api.channels.models import Channel, Collected, Confinement, Rule
from api.documents import flushing, publishing
from api.documents.models import Document, Placement
from tests import factories as make
from tests.api.carried import NOW, on
from tests.api.factories import ChannelFactory, settle

pytestmark = pytest.mark.django_db


# --- What is carried --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["category", "tag", "location", "author"])
def test_a_channel_carries_the_articles_about_what_it_chose(kind: str) -> None:
    plural = {"category": "categories"}.get(kind, f"{kind}s")
    factory = getattr(make, f"{kind.title()}Factory")
    chosen, other = factory(), factory()
    make.ArticleFactory(slug="chosen", **{plural: [chosen]})
    make.ArticleFactory(slug="other", **{plural: [other]})

    channel = ChannelFactory(**{plural: [chosen]})

    assert on(channel) == {"article:chosen"}


def test_an_article_that_is_published_later_is_carried_as_well() -> None:
    knee = make.CategoryFactory()
    channel = ChannelFactory(categories=[knee])

    make.ArticleFactory(slug="later", categories=[knee])

    assert "article:later" in on(channel)


def test_an_article_that_changes_its_subject_leaves_with_what_it_used() -> None:
    knee = make.CategoryFactory(slug="knee")
    article = make.ArticleFactory(slug="wanders", categories=[knee])
    channel = ChannelFactory(categories=[knee])
    assert on(channel, "article", "category") == {"article:wanders", "category:knee"}

    with publishing.publishing():
        article.filings = []
        article.save_revision().publish()

    assert on(channel, "article", "category") == set()
    left = Placement.objects.get(channel=channel, type="article")
    assert left.withdrawn_kind == "out_of_scope"


def test_what_two_articles_use_stays_until_both_are_gone() -> None:
    author = make.AuthorFactory(slug="ada")
    first, second = (make.ArticleFactory(authors=[author]) for _ in range(2))
    channel = ChannelFactory()

    with publishing.publishing():
        first.unpublish()
    assert on(channel, "author") == {"author:ada"}

    with publishing.publishing():
        second.unpublish()
    assert on(channel, "author") == set()


def test_a_collection_is_carried_whole() -> None:
    make.LocationFactory(slug="brick")
    make.AwardFactory(slug="best")

    channel = ChannelFactory(collections=[Collected.LOCATION])

    assert on(channel, "location", "award") == {"location:brick"}


def test_a_category_that_is_chosen_in_one_language_counts_in_each() -> None:
    knee = make.CategoryFactory()
    rodilla = make.CategoryFactory(
        locale=make.locale("es"), translation_key=knee.translation_key
    )
    make.ArticleFactory(slug="es", locale=make.locale("es"), categories=[rodilla])

    channel = ChannelFactory(categories=[knee])

    assert "article:es" in on(channel)


def test_a_language_that_the_channel_does_not_carry_is_left_out() -> None:
    make.ArticleFactory(slug="en")
    make.ArticleFactory(slug="es", locale=make.locale("es"))

    channel = ChannelFactory(languages=["es"])

    assert on(channel) == {"article:es"}


def test_rules_come_before_the_selection() -> None:
    knee = make.CategoryFactory(slug="knee")
    make.ArticleFactory(slug="about", categories=[knee])
    never = make.ArticleFactory(slug="never", categories=[knee])
    always = make.ArticleFactory(slug="always")

    channel = ChannelFactory(categories=[knee], always=[always], never=[never])

    assert on(channel) == {"article:about", "article:always"}


def test_a_confined_article_is_nowhere_but_where_it_is_picked() -> None:
    article = make.ArticleFactory(slug="only-here")
    here, elsewhere = ChannelFactory(always=[article]), ChannelFactory()

    with publishing.publishing():
        Confinement.objects.create(article=article)

    assert on(here) == {"article:only-here"}
    assert on(elsewhere) == set()
    assert on(Channel.objects.get(slug="public")) == set()


def test_what_is_decided_on_an_article_outlives_it_with_its_translation() -> None:
    english = make.ArticleFactory(slug="en")
    make.ArticleFactory(
        slug="es", locale=make.locale("es"), translation_key=english.translation_key
    )
    channel = ChannelFactory(never=[english])

    with publishing.publishing():
        english.delete()
    settle()

    assert on(channel) == set()
    assert Rule.objects.get().article.slug == "es"


# --- How it is carried ------------------------------------------------------------


def test_a_channel_of_summaries_has_no_text_of_articles_anywhere(
    client: Client,
) -> None:
    article = make.ArticleFactory(
        slug="knee",
        summary="About knees.",
        body=[("text", "<p>Unmistakable sentence.</p>")],
    )
    channel = ChannelFactory(extent="summary")
    address = f"/api/v1/articles/{article.slug}/"

    for query in ({}, {"format": "md"}, {"format": "jsonld"}, {"fields": "body_html"}):
        answer = client.get(address, {"channel": channel.slug, **query})
        assert answer.status_code == 200
        assert b"Unmistakable" not in answer.content
    answer = client.get("/api/v1/articles/", {"channel": channel.slug, "fields": "*"})
    assert b"Unmistakable" not in answer.content
    for door in ("articles", "search"):
        answer = client.get(
            f"/api/v1/{door}/", {"channel": channel.slug, "q": "unmistakable"}
        )
        assert answer.json()["count"] == 0


def test_a_highlight_on_a_channel_of_summaries_is_of_the_summary(
    client: Client,
) -> None:
    make.ArticleFactory(
        summary="About knees.", body=[("text", "<p>Knees, unmistakable.</p>")]
    )
    channel = ChannelFactory(extent="summary")

    answer = client.get("/api/v1/articles/", {"channel": channel.slug, "q": "knees"})

    [found] = answer.json()["results"]
    assert found["highlight"] == "About <mark>knees</mark>"


def test_a_delayed_article_comes_when_its_day_has_come(
    frozen: Callable[[datetime], Any],
) -> None:
    with frozen(NOW):
        make.ArticleFactory(slug="fresh")
        channel = ChannelFactory(delay_days=3)
        assert on(channel) == set()
        assert publishing.next_boundary() == NOW + timedelta(days=3)
    with frozen(NOW + timedelta(days=3)):
        assert publishing.on_the_clock()

        assert on(channel) == {"article:fresh"}
        assert not publishing.on_the_clock()


@pytest.mark.parametrize(
    ("role", "robots"), [("microsite", "index, follow"), ("partner", "noindex, follow")]
)
def test_only_the_sites_of_the_practice_are_for_search_engines(
    client: Client, role: str, robots: str
) -> None:
    make.ArticleFactory(slug="knee")
    channel = ChannelFactory(role=role)

    answer = client.get("/api/v1/articles/knee/", {"channel": channel.slug})

    assert answer.json()["indexing"]["robots"] == robots


# --- Time -------------------------------------------------------------------------


def test_what_uses_something_until_it_ends_does_not_keep_the_worker_busy(
    frozen: Callable[[datetime], Any],
) -> None:
    with frozen(NOW):
        article = make.ArticleFactory(expire_at=NOW + timedelta(hours=1))
        channel = ChannelFactory()
    with frozen(NOW + timedelta(hours=2)):
        # As a fan-out does, so that the clock leaves the article alone.
        flushing.defer([f"article:{article.pk}"], NOW)

        assert any(not publishing.on_the_clock() for _ in range(5))
        assert on(channel, "author") == set()


def test_what_is_carried_whole_does_not_end_with_an_article(
    client: Client, frozen: Callable[[datetime], Any]
) -> None:
    with frozen(NOW):
        ada = make.AuthorFactory(slug="ada")
        make.ArticleFactory(authors=[ada], expire_at=NOW + timedelta(hours=1))
        channel = ChannelFactory(collections=[Collected.AUTHOR])
    with frozen(NOW + timedelta(hours=2)):
        answer = client.get("/api/v1/authors/ada/", {"channel": channel.slug})

    assert answer.status_code == 200


# --- Naming -----------------------------------------------------------------------


def linking(to: Any) -> Any:
    link = f'<p>See <a linktype="page" id="{to.pk}">the other</a>.</p>'
    return make.ArticleFactory(slug="linking", body=[("text", link)])


def body_of(slug: str) -> str:
    return str(Client().get(f"/api/v1/articles/{slug}/").json()["body_html"])


@pytest.mark.parametrize("by", ["confinement", "rule"])
def test_nobody_links_to_what_is_kept_off_the_public_channel(
    settings: Any, by: str
) -> None:
    settings.DOCUMENTS_INLINE_LIMIT = 1
    hidden = make.ArticleFactory(slug="for-partners")
    linking(hidden)
    assert "for-partners" in body_of("linking")

    with publishing.publishing():
        if by == "confinement":
            Confinement.objects.create(article=hidden)
        else:
            public = Channel.objects.get(slug="public")
            Rule.objects.create(channel=public, article=hidden, decision="never")

    assert "for-partners" not in body_of("linking")


def test_what_came_back_elsewhere_tells_nothing_where_it_was_gone(
    client: Client,
) -> None:
    article = make.ArticleFactory(slug="old")
    channel = ChannelFactory()
    with publishing.publishing():
        article.unpublish()
    with publishing.publishing():
        Rule.objects.create(channel=channel, article=article, decision="never")
    settle()

    with publishing.publishing():
        article.refresh_from_db()
        article.slug = "new"
        article.save_revision().publish()
    with publishing.publishing():
        article.refresh_from_db()
        article.unpublish()

    for slug in ("old", "new", str(Document.objects.get(slug="new").pk)):
        answer = client.get(f"/api/v1/articles/{slug}/", {"channel": channel.slug})
        assert answer.status_code == 404
    assert client.get("/api/v1/articles/new/").status_code == 410
