"""Feeds: what anybody's reader shows of an open channel, and takes down again."""

from __future__ import annotations

from datetime import date
from typing import Any

import feedparser
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.channels.models import Extent, Rule
from api.documents.models import Document
from api.documents.publishing import publishing
from api.feeds import formats
from api.feeds.formats import FORMATS
from api.feeds.items import WORDS
from content_models.models import Article, Correction, Withdrawal
from tests import factories as make
from tests.api.factories import ChannelFactory, public, settle
from tests.api.reading import BASE

pytestmark = pytest.mark.django_db

ENDINGS = [one.ending for one in FORMATS]
XML = [one.ending for one in FORMATS if one is not formats.JSON_FEED]


def address(ending: str, query: str = "", channel: str = "public") -> str:
    return f"/feeds/{channel}/articles.{ending}{query and '?'}{query}"


def read(ending: str, query: str = "", channel: str = "public") -> Any:
    """What feedparser, which many readers use, makes of a feed without complaint."""
    response = Client().get(address(ending, query, channel))
    assert response.status_code == 200, response.content
    headers = {name.lower(): value for name, value in response.headers.items()}
    parsed = feedparser.parse(response.content, response_headers=headers)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def items(query: str = "", channel: str = "public") -> list[dict[str, Any]]:
    """The items of the JSON Feed."""
    response = Client().get(address("json", query, channel))
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def titles(ending: str, query: str = "", channel: str = "public") -> list[str]:
    if ending == "json":
        return [item["title"] for item in items(query, channel)]
    return [entry.title for entry in read(ending, query, channel).entries]


def withdraw(article: Article, reason: str = "The dose was wrong.") -> None:
    with publishing():
        Withdrawal.objects.create(
            article=article, reason=reason, made_at=timezone.now()
        )
        Article.objects.get(pk=article.pk).unpublish()


def id_of(article: Article) -> str:
    document = Document.objects.get(source=f"article:{article.pk}")
    return f"urn:uuid:{document.id}"


# --- What is in it ------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_newest_article_comes_first(ending):
    make.ArticleFactory(title="Older")
    make.ArticleFactory(title="Newer")

    assert titles(ending) == ["Newer", "Older"]


def test_a_json_feed_has_the_text_who_wrote_it_and_what_it_rests_on():
    make.PracticeFactory(name="Shore Clinics")
    author = make.AuthorFactory(given_name="Lisa", family_name="Scarlino")
    reference = make.ReferenceFactory()
    article = make.ArticleFactory(
        title="Hip pain", authors=[author], references=[reference]
    )

    feed = Client().get(address("json")).json()

    assert feed["title"] == "Shore Clinics: Articles"
    [item] = feed["items"]
    assert item["id"] == id_of(article)
    assert item["authors"][0]["name"].startswith("Lisa Scarlino")
    assert "<h2>References</h2>" in item["content_html"]
    assert item["_clinic"]["references"][0]["doi"] == reference.doi


@pytest.mark.parametrize("ending", XML)
def test_an_xml_feed_has_the_text_and_who_wrote_it(ending):
    author = make.AuthorFactory(given_name="Lisa", family_name="Scarlino")
    article = make.ArticleFactory(title="Hips & <knees>", authors=[author])

    [entry] = read(ending).entries

    assert entry.title in ("Hips & <knees>", "Hips &amp; &lt;knees&gt;")
    assert entry.id == id_of(article)
    assert entry.author.startswith("Lisa Scarlino")
    assert entry.content[0].value
    assert entry.link.endswith(f"/{article.slug}/")


@pytest.mark.parametrize("ending", XML)
def test_a_practice_may_be_called_what_xml_cannot_say(ending):
    make.PracticeFactory(name="Shore\x0b Clinics")

    assert read(ending).feed.title == "Shore Clinics: Articles"


def test_a_channel_that_carries_summaries_has_no_text_in_its_feed():
    ChannelFactory(slug="partner", extent=Extent.SUMMARY)
    make.ArticleFactory(
        summary="Only this.",
        body=[("text", "<p>All of it.</p>")],
    )

    [item] = items(channel="partner")

    assert "Only this." in item["content_html"]
    assert "All of it." not in item["content_html"]


def test_a_correction_stands_before_the_text():
    article = make.ArticleFactory()
    article.corrections.add(
        Correction(corrected_on=date(2026, 3, 1), note="The dose was wrong.")
    )
    make.published(article)

    [item] = items()

    assert item["content_html"].startswith(
        "<p>Correction of 2026-03-01: The dose was wrong.</p>"
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_xml_cannot_say_is_left_out(ending):
    make.ArticleFactory(title="Hip\x0b pain\x1f")

    assert titles(ending) == ["Hip pain"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_filters_of_the_list_apply(ending):
    hip = make.CategoryFactory(name="Hip", slug="hip")
    make.ArticleFactory(title="Hip pain", categories=[hip])
    make.ArticleFactory(title="Knee pain")

    assert titles(ending, "category=hip") == ["Hip pain"]
    assert titles(ending, "not_category=hip") == ["Knee pain"]


def test_feeds_speak_every_language_in_which_there_are_articles():
    assert set(WORDS) == {code for code, _ in settings.LANGUAGES}


def test_a_feed_leads_on_to_older_articles():
    for name in ("First", "Second", "Third"):
        make.ArticleFactory(title=name)

    page = Client().get(address("json", "limit=2")).json()
    older = Client().get(page["next_url"].removeprefix(BASE)).json()

    assert [item["title"] for item in page["items"]] == ["Third", "Second"]
    assert [item["title"] for item in older["items"]] == ["First"]
    assert "next_url" not in older


# --- What is withdrawn --------------------------------------------------------------


def test_a_json_feed_says_under_the_same_id_that_an_article_was_withdrawn_and_why():
    article = make.ArticleFactory(title="Hip pain")
    [before] = items()

    withdraw(article)

    [after] = items()
    assert after["id"] == before["id"]
    assert after["title"] == "This article was withdrawn"
    assert after["content_html"] == "<p>The dose was wrong.</p>"
    assert after["_clinic"]["withdrawn"]["kind"] == "withdrawn"
    assert "Hip pain" not in str(after)


def test_an_atom_feed_has_a_tombstone_and_no_entry():
    article = make.ArticleFactory(title="Hip pain")

    withdraw(article)

    assert read("atom").entries == []
    text = Client().get(address("atom")).content.decode()
    assert f'<at:deleted-entry ref="{id_of(article)}"' in text
    assert "The dose was wrong." in text
    assert "Hip pain" not in text


def test_an_rss_feed_says_under_the_same_guid_that_an_article_was_withdrawn_and_why():
    article = make.ArticleFactory(title="Hip pain")

    withdraw(article)

    [entry] = read("rss").entries
    assert entry.id == id_of(article)
    assert entry.title == "This article was withdrawn"
    assert entry.content[0].value == "<p>The dose was wrong.</p>"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_does_not_tell_where_a_withdrawn_article_was(ending):
    article = make.ArticleFactory(title="Hip pain", slug="secret-mistake")

    withdraw(article)

    assert b"secret-mistake" not in Client().get(address(ending)).content


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_only_left_the_channels_scope_is_told_to_nobody(ending):
    article = make.ArticleFactory(title="Hip pain")
    channel = ChannelFactory(slug="partner", always=[article], selection="selected")
    assert titles(ending, channel="partner") == ["Hip pain"]
    with publishing():
        channel.rules.all().delete()
        channel.save()
    settle()

    content = Client().get(address(ending, channel="partner")).content

    assert id_of(article).encode() not in content


def test_what_was_withdrawn_is_told_on_the_first_page_whatever_it_is_narrowed_to():
    article = make.ArticleFactory()
    make.ArticleFactory(title="Knee pain")
    withdraw(article)

    assert titles("json", "tag=none") == ["This article was withdrawn"]
    assert titles("json", "offset=1") == []


def test_an_article_that_is_published_again_is_no_longer_called_withdrawn():
    article = make.ArticleFactory(title="Hip pain")
    withdraw(article)
    with publishing():
        Article.objects.get(pk=article.pk).save_revision().publish()

    assert titles("json") == ["Hip pain"]


def test_an_article_that_is_back_elsewhere_is_still_gone_here():
    article = make.ArticleFactory(title="Hip pain")
    withdraw(article)
    with publishing():
        Rule.objects.create(
            channel=public(), article=article, decision=Rule.Decision.NEVER
        )
    settle()
    before = Client().get(address("json"))
    with publishing():
        Article.objects.get(pk=article.pk).save_revision().publish()

    after = Client().get(address("json"))

    [item] = after.json()["items"]
    assert item["title"] == "This article was withdrawn"
    assert after["ETag"] != before["ETag"]


def test_what_is_back_elsewhere_moves_nothing_where_it_only_left_the_scope():
    article = make.ArticleFactory()
    channel = ChannelFactory(slug="partner", always=[article], selection="selected")
    with publishing():
        channel.rules.all().delete()
        channel.save()
    settle()
    withdraw(article)
    before = Client().get(address("json", channel="partner"))

    with publishing():
        Article.objects.get(pk=article.pk).save_revision().publish()

    after = Client().get(address("json", channel="partner"))
    assert after["ETag"] == before["ETag"]


# --- For whom, and how it is kept ---------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_only_open_channels_have_feeds(ending):
    ChannelFactory(slug="closed", is_open=False)
    ChannelFactory(slug="suspended", is_suspended=True)

    told = {
        channel: Client().get(address(ending, channel=channel)).status_code
        for channel in ("closed", "suspended", "missing")
    }

    assert set(told.values()) == {404}


def test_a_parameter_that_a_feed_does_not_have_is_refused_by_name():
    answer = Client().get(address("json", "order=title"))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "order"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_reader_that_has_the_feed_is_told_so(ending):
    article = make.ArticleFactory()
    etag = Client().get(address(ending))["ETag"]

    again = Client().get(address(ending), headers={"If-None-Match": etag})
    withdraw(article)
    changed = Client().get(address(ending), headers={"If-None-Match": etag})

    assert (again.status_code, changed.status_code) == (304, 200)


def test_whatever_a_reader_accepts_it_gets_the_format_of_the_address():
    answer = Client().get(address("rss"), headers={"Accept": "text/html"})

    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_costs_as_much_for_many_articles_as_for_one(ending):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            Client().get(address(ending))
        return len(asked)

    make.ArticleFactory()
    Client().get(address(ending))
    for_one = cost()
    for _ in range(4):
        make.ArticleFactory()

    assert cost() <= for_one == 4
