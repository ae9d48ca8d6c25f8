"""What a channel carries, and how it comes to carry something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.channels.entitlements import Entitlement, Subject, Why, topic
from api.channels.models import Channel, Collected, Confinement, Rule, Selection
from api.documents import carrying, flushing, healing, publishing
from api.documents.models import (
    Document,
    Placement,
    PlacementHistory,
    Settling,
    Upcoming,
)
from tests import factories as make
from tests.api.factories import ChannelFactory, DocumentFactory, settle

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def on(channel: Channel, *types: str) -> set[str]:
    """What the channel carries of `types`, as `article:slug`; articles by default."""
    shown = Placement.objects.filter(channel=channel, is_visible=True)
    names = shown.filter(type__in=types or ["article"])
    return {f"{one.type}:{one.document.slug}" for one in names}


def listed(channel: Channel, collection: str = "articles") -> list[str]:
    answer = Client().get(f"/api/v1/{collection}/", {"channel": channel.slug})
    assert answer.status_code == 200
    return [one["slug"] for one in answer.json()["results"]]


def change(channel: Channel, **fields: Any) -> None:
    """Save a change as the admin does; the worker has not settled it yet."""
    with publishing.publishing():
        for name, value in fields.items():
            setattr(channel, name, value)
        channel.save()


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


# --- Changing it ------------------------------------------------------------------


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


# --- One rule, said twice ---------------------------------------------------------

GROUPS = [UUID(int=number) for number in range(1, 5)]
TOPICS = [topic("category", UUID(int=number)) for number in range(1, 4)]


def some(values: list[Any]) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values))


entitlements = st.builds(
    Entitlement,
    is_public=st.booleans(),
    selection=st.sampled_from(Selection.values),
    topics=some(TOPICS),
    picked=some(GROUPS),
    excepted=some(GROUPS),
    confined=some(GROUPS),
    collections=some(Collected.values),
    languages=st.sampled_from([None, frozenset(["en"]), frozenset(["en", "es"])]),
    delay=st.sampled_from([timedelta(0), timedelta(days=2)]),
)
subjects = st.builds(
    Subject,
    type=st.sampled_from(["article", "author", "award", "practice"]),
    group=st.sampled_from(GROUPS),
    locale=st.sampled_from(["en", "es"]),
    topics=some(TOPICS),
    published_at=st.sampled_from([NOW, NOW - timedelta(days=2)]),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entitlement=entitlements, asked=st.lists(subjects, min_size=1, max_size=6))
def test_the_database_is_asked_the_same_as_an_entitlement(
    entitlement: Entitlement, asked: list[Subject]
) -> None:
    documents = [
        DocumentFactory(
            id=uuid4(),
            type=subject.type,
            translation_group=subject.group,
            locale=subject.locale,
            topics=sorted(subject.topics),
            published_at=subject.published_at,
        )
        for subject in asked
    ]

    found = Document.objects.filter(carrying.is_entitled(entitlement, NOW))

    carried = {
        document.pk
        for document, subject in zip(documents, asked, strict=True)
        if entitlement.verdict(subject, NOW).is_carried
    }
    assert {one.pk for one in found.filter(pk__in=[one.pk for one in documents])} == (
        carried
    )
    Document.objects.filter(pk__in=[one.pk for one in documents]).delete()


def test_a_verdict_says_from_when_something_is_carried() -> None:
    entitlement = Entitlement(
        is_public=False,
        selection=Selection.SELECTED,
        topics=frozenset(TOPICS[:1]),
        picked=frozenset(),
        excepted=frozenset(),
        confined=frozenset(),
        collections=frozenset(),
        languages=None,
        delay=timedelta(days=2),
    )
    subject = Subject("article", GROUPS[0], "en", TOPICS, NOW)

    verdict = entitlement.verdict(subject, NOW)

    assert (verdict.why, verdict.from_at) == (Why.UPCOMING, NOW + timedelta(days=2))
    assert verdict.topics == (TOPICS[0],)
