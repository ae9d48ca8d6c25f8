"""Staff see of each article on which sites it is and why, and decide by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.channels.models import Channel, Confinement, Rule
from api.documents import publishing
from api.documents.models import Placement
from cms.desk import appearances
from tests import factories as make
from tests.api.factories import ChannelFactory, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client


def words(answer: Any) -> str:
    main = BeautifulSoup(answer.content, "lxml").select_one("main")
    return " ".join(main.get_text(" ").split())


def row(client: Client, article: Any, channel: Channel) -> str:
    """What the screen says of the article on `channel`."""
    page = BeautifulSoup(client.get(appearances.address_of(article)).content, "lxml")
    name = page.select_one(f"#channel-{channel.pk}-name")
    for choice in page.select("option:not([selected])"):
        choice.decompose()
    return " ".join(name.find_parent("tr").get_text(" ").split())


def decide(client: Client, article: Any, **fields: Any) -> Any:
    answer = client.post(appearances.address_of(article), fields, follow=True)
    settle()
    return answer


def on(channel: Channel) -> set[str]:
    shown = Placement.objects.filter(channel=channel, is_visible=True, type="article")
    return {one.document.slug for one in shown}


# --- What is said -----------------------------------------------------------------


def test_of_each_site_it_is_said_whether_the_article_is_there_and_why(editor: Client):
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    article = make.ArticleFactory(categories=[knee])
    of_knees = ChannelFactory(name="Knees", categories=[knee], extent="summary")
    of_hips = ChannelFactory(name="Hips", categories=[hip])
    picked = ChannelFactory(name="Picked", categories=[hip], always=[article])
    excepted = ChannelFactory(name="Excepted", never=[article])
    spanish = ChannelFactory(name="Spanish", languages=["es"])

    said = {
        one.name: row(editor, article, one)
        for one in (of_knees, of_hips, picked, excepted, spanish)
    }

    assert said == {
        "Knees": "Knees Summary About what it chose 0 minutes ago As its rules say",
        "Hips": "Hips Not there Not about what it chose As its rules say",
        "Picked": "Picked Full text Picked by hand 0 minutes ago Always",
        "Excepted": "Excepted Not there Excepted here Never",
        "Spanish": "Spanish Not there Its language is not carried As its rules say",
    }


def test_from_when_it_will_be_there_is_said(editor: Client, frozen: Any):
    with frozen(datetime(2026, 11, 30, 12, tzinfo=UTC)):
        article = make.ArticleFactory()
        channel = ChannelFactory(delay_days=3)

    with frozen(datetime(2026, 11, 30, 13, tzinfo=UTC)):
        said = row(editor, article, channel)

    assert "Not there From Dec. 3, 2026" in said


def test_what_a_new_rule_brings_is_said_to_come_within_minutes(editor: Client):
    article = make.ArticleFactory()
    channel = ChannelFactory(selection="none")
    with publishing.publishing():
        Rule.objects.create(channel=channel, article=article)

    assert "Within minutes Picked by hand" in row(editor, article, channel)


def test_of_a_draft_no_site_is_said_to_have_it(editor: Client):
    channel = ChannelFactory()

    said = row(editor, make.ArticleFactory(live=False), channel)

    assert "Not published" in said


def test_more_channels_take_no_more_statements(
    editor: Client, django_assert_max_num_queries: Any
):
    article = make.ArticleFactory()
    ChannelFactory()
    address = appearances.address_of(article)
    editor.get(address)

    with django_assert_max_num_queries(60) as few:
        editor.get(address)
    ChannelFactory.create_batch(4)
    with django_assert_max_num_queries(len(few)):
        editor.get(address)


# --- What is decided --------------------------------------------------------------


def test_an_article_is_put_on_a_site_taken_off_and_left_to_its_rules(editor: Client):
    knee = make.CategoryFactory()
    article = make.ArticleFactory(slug="knee", categories=[knee])
    always = ChannelFactory(selection="none")
    never = ChannelFactory(categories=[knee])
    again = ChannelFactory(categories=[knee], never=[article])

    decide(
        editor,
        article,
        **{f"channel-{always.pk}": "always", f"was-{always.pk}": ""},
        **{f"channel-{never.pk}": "never", f"was-{never.pk}": ""},
        **{f"channel-{again.pk}": "", f"was-{again.pk}": "never"},
    )

    assert on(always) == {"knee"}
    assert on(never) == set()
    assert on(again) == {"knee"}


def test_what_is_decided_counts_for_every_translation(editor: Client):
    english = make.ArticleFactory(slug="en")
    spanish = make.ArticleFactory(
        slug="es", locale=make.locale("es"), translation_key=english.translation_key
    )
    channel = ChannelFactory(never=[english])
    assert "Never" in row(editor, spanish, channel)

    decide(
        editor,
        spanish,
        **{f"channel-{channel.pk}": "always", f"was-{channel.pk}": "never"},
    )

    assert on(channel) == {"en", "es"}
    assert Rule.objects.get().article == spanish


def test_an_article_is_confined_to_where_it_is_always_carried(editor: Client):
    article = make.ArticleFactory(slug="knee")
    here, elsewhere = ChannelFactory(always=[article]), ChannelFactory()

    decide(editor, article, confined="1")
    assert (on(here), on(elsewhere)) == ({"knee"}, set())
    assert "Confined to other channels" in row(editor, article, elsewhere)

    decide(editor, article, **{"was-confined": "1"})
    assert on(elsewhere) == {"knee"}
    assert not Confinement.objects.exists()


def test_what_somebody_else_decided_meanwhile_is_left_and_said(editor: Client):
    article = make.ArticleFactory()
    channel = ChannelFactory(name="Gazette", never=[article])

    answer = decide(
        editor, article, **{f"channel-{channel.pk}": "always", f"was-{channel.pk}": ""}
    )

    assert "Somebody else has just decided on Gazette: “Never”" in words(answer)
    assert Rule.objects.get().decision == "never"


def test_a_screen_that_changes_nothing_changes_nothing(editor: Client):
    article = make.ArticleFactory()
    channel = ChannelFactory(always=[article])
    before = channel.head.revision

    decide(
        editor,
        article,
        **{f"channel-{channel.pk}": "always", f"was-{channel.pk}": "always"},
    )

    channel.head.refresh_from_db()
    assert channel.head.revision == before


def test_who_may_not_publish_sees_it_and_decides_nothing(client: Client):
    client.force_login(make.UserFactory(roles=["Writers"]))
    article = make.ArticleFactory()
    channel = ChannelFactory(name="Gazette", never=[article])

    assert "Gazette Not there Excepted here Never" in row(client, article, channel)
    refused = client.post(
        appearances.address_of(article),
        {f"channel-{channel.pk}": "always", f"was-{channel.pk}": "never"},
    )

    assert refused.status_code == 302
    assert Rule.objects.get().decision == "never"


def test_a_site_that_may_not_have_it_is_not_among_its_addresses(editor: Client):
    make.LocationFactory(name="Brick", site_url="https://brick.example")
    article = make.ArticleFactory(slug="knee")
    channel = ChannelFactory(site_url="https://brick.example/")
    assert "https://brick.example/articles/knee/" in words(
        editor.get(appearances.address_of(article))
    )

    decide(
        editor, article, **{f"channel-{channel.pk}": "never", f"was-{channel.pk}": ""}
    )

    assert "https://brick.example" not in words(
        editor.get(appearances.address_of(article))
    )


# --- Many at once -----------------------------------------------------------------


def bulk(action: str, *pages: Any) -> str:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    ids = "&".join(f"id={page.pk}" for page in pages)
    return f"{url}?{ids}&next=/cms/articles/"


def test_many_articles_are_put_on_a_site_and_taken_off(editor: Client):
    pages = [make.ArticleFactory(slug="one"), make.ArticleFactory(slug="two")]
    channel = ChannelFactory(name="Gazette", selection="none")

    url = bulk("put_on_channel", *pages)
    assert "whatever its rules say" in words(editor.get(url))
    answer = editor.post(url, {"channel": channel.pk}, follow=True)
    settle()
    assert "2 articles put on Gazette." in answer.content.decode()
    assert on(channel) == {"one", "two"}

    editor.post(bulk("take_off_channel", pages[0]), {"channel": channel.pk})
    settle()
    assert on(channel) == {"two"}


def test_which_site_has_to_be_said(editor: Client):
    answer = editor.post(bulk("put_on_channel", make.ArticleFactory()), {})

    assert "Choose a site." in words(answer)


@pytest.mark.parametrize("action", ["put_on_channel", "take_off_channel"])
def test_what_one_may_not_publish_is_left_as_it_is(client: Client, action: str):
    client.force_login(make.UserFactory(roles=["Writers"]))
    article, channel = make.ArticleFactory(), ChannelFactory()

    client.post(bulk(action, article), {"channel": channel.pk})

    assert not Rule.objects.exists()


def test_a_section_is_on_no_site(editor: Client):
    section, channel = make.SectionFactory(), ChannelFactory()

    said = words(editor.get(bulk("put_on_channel", section)))
    editor.post(bulk("put_on_channel", section), {"channel": channel.pk})

    assert "they are no articles" in said
    assert not Rule.objects.exists()


# --- In the list ------------------------------------------------------------------


def test_the_list_says_on_how_many_sites_an_article_is(editor: Client):
    article = make.ArticleFactory(title="On knees")
    make.ArticleFactory(title="A draft", live=False)
    ChannelFactory(never=[article])

    page = BeautifulSoup(editor.get(reverse("articles:index")).content, "lxml")

    cells = {
        row.select_one("td.title a").get_text(strip=True): row.select_one(
            "[data-label=Sites]"
        )
        for row in page.select("table.listing tbody tr")
    }
    assert cells["On knees"].get_text(strip=True) == "1 of 2"
    assert cells["On knees"].a["href"] == appearances.address_of(article)
    assert cells["A draft"].get_text(strip=True) == "None"


def test_the_list_can_be_of_one_site(editor: Client):
    knee = make.CategoryFactory()
    make.ArticleFactory(title="On knees", categories=[knee])
    make.ArticleFactory(title="On hips")
    channel = ChannelFactory(categories=[knee])

    said = words(editor.get(reverse("articles:index"), {"site": channel.pk}))

    assert "On knees" in said
    assert "On hips" not in said


def test_more_articles_in_the_list_take_no_more_statements_for_their_sites(
    editor: Client,
):
    make.ArticleFactory()
    address = reverse("articles:index")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            editor.get(address)
        return sum("documents_placement" in one["sql"] for one in captured)

    few = asked()
    for _ in range(3):
        make.ArticleFactory()

    assert asked() == few
