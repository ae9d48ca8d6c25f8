"""What an article said on another day, and to whom that may still be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from api.channels.models import PUBLIC, Channel, Confinement, Extent, Rule
from api.documents import healing, past, publishing
from api.documents.models import DocumentVersion
from content_models.models import Article
from tests import factories as make
from tests.api.factories import ChannelFactory, settle

pytestmark = pytest.mark.django_db

MONDAY = datetime(2030, 3, 11, 16, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    MONDAY + timedelta(days=days) for days in range(1, 5)
)
ADDRESS = "/api/v1/articles/hip-pain/"


@pytest.fixture(autouse=True)
def clock(settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def article(clock: Any) -> Article:
    """Published on Monday, and again with another title on Wednesday."""
    article: Article = make.ArticleFactory(
        slug="hip-pain", title="Hip pain", change_note="First"
    )
    clock.move_to(WEDNESDAY)
    publish(article, title="Hip pain, revised", change_note="A newer trial")
    clock.move_to(FRIDAY)
    return article


def publish(instance: Any, **changes: Any) -> Any:
    instance = type(instance).objects.get(pk=instance.pk)
    for name, value in changes.items():
        setattr(instance, name, value)
    with publishing.publishing():
        instance.save_revision().publish()
    return instance


def ask(as_of: datetime | str = "", address: str = ADDRESS, **given: str) -> Any:
    moment = as_of.isoformat() if isinstance(as_of, datetime) else as_of
    return Client().get(address, {"as_of": moment, **given} if moment else given)


def titles(**given: str) -> list[str]:
    """What the article was called on each day, as it is told today."""
    days = (MONDAY, WEDNESDAY, FRIDAY)
    return [ask(day, **given).json()["title"] for day in days]


def versions(**given: str) -> list[tuple[int, str]]:
    listed = ask(address=f"{ADDRESS}versions/", **given).json()["results"]
    return [(one["version"], one["change_note"]) for one in listed]


# --- What it was ------------------------------------------------------------------


def test_what_was_published_on_a_day_is_told_to_the_last_byte(clock: Any) -> None:
    article = make.ArticleFactory(slug="hip-pain")
    on_monday = ask().content
    clock.move_to(WEDNESDAY)
    publish(article, title="Another", slug="knee-pain")

    then = ask(TUESDAY, "/api/v1/articles/knee-pain/")

    assert then.content == on_monday
    assert then.headers["Memento-Datetime"] == "Mon, 11 Mar 2030 16:00:00 GMT"
    assert (
        '<http://localhost:8000/api/v1/articles/knee-pain/>; rel="original latest-'
        'version"' in then.headers["Link"]
    )


def test_a_version_counts_from_the_moment_of_its_publication(article: Article) -> None:
    before = ask(WEDNESDAY - timedelta(microseconds=1))
    after = ask(WEDNESDAY)

    assert before.json()["title"] == "Hip pain"
    assert after.json()["title"] == "Hip pain, revised"


def test_a_date_is_its_first_moment(article: Article) -> None:
    assert ask("2030-03-13").json()["title"] == "Hip pain"
    assert ask("2030-03-14").json()["title"] == "Hip pain, revised"


def test_the_credentials_of_that_day_are_told(clock: Any) -> None:
    author = make.AuthorFactory(
        given_name="Lisa",
        family_name="Scarlino",
        credentials=[make.credential("DPT", expires_on=date(2030, 3, 12))],
    )
    make.ArticleFactory(slug="hip-pain", authors=[author])
    clock.move_to(THURSDAY)
    while publishing.on_the_clock():
        pass

    assert ask().json()["byline"] == "Lisa Scarlino"
    assert ask(TUESDAY).json()["byline"] == "Lisa Scarlino, DPT"


def test_other_forms_and_a_selection_are_of_that_day_too(article: Article) -> None:
    assert ask(TUESDAY, fields="title").json() == {"title": "Hip pain"}
    assert "# Hip pain\n" in ask(TUESDAY, format="md").content.decode()
    assert ask(TUESDAY, format="jsonld").json()["mainEntity"]["headline"] == "Hip pain"


@pytest.mark.parametrize("moment", ["2029-01-01", "2031-01-01T00:00:00Z"])
def test_on_a_day_without_it_the_document_of_today_is_told(
    article: Article, moment: str
) -> None:
    answer = ask(moment)

    assert answer.content == ask().content
    assert "Memento-Datetime" not in answer.headers


def test_a_day_on_which_it_was_down_has_no_version(
    article: Article, clock: Any
) -> None:
    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()
    clock.move_to(FRIDAY + timedelta(days=2))
    publish(article)

    answer = ask(FRIDAY + timedelta(days=1))

    assert "Memento-Datetime" not in answer.headers
    assert answer.content == ask().content


@pytest.mark.parametrize("moment", ["yesterday", "2030-02-30", "2030-03-11T16:00:00"])
def test_what_is_no_moment_is_refused_by_name(article: Article, moment: str) -> None:
    answer = ask(moment)

    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    assert fault["parameter"] == "as_of"
    assert "2026-05-01T09:30:00Z" in fault["detail"]


def test_only_articles_have_a_past(article: Article) -> None:
    make.CategoryFactory(slug="hip")

    assert ask(TUESDAY, "/api/v1/categories/hip/").status_code == 400


# --- To whom ----------------------------------------------------------------------


def test_what_is_withdrawn_has_no_past(article: Article) -> None:
    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()

    assert ask(TUESDAY).status_code == 410
    assert ask(address=f"{ADDRESS}versions/").status_code == 410


def test_what_left_a_channel_has_no_past_there(clock: Any) -> None:
    hip = make.CategoryFactory(slug="hip")
    shore = ChannelFactory(slug="shore", categories=[hip])
    article = make.ArticleFactory(slug="hip-pain", categories=[hip])
    settle()
    clock.move_to(WEDNESDAY)
    assert ask(TUESDAY, channel="shore").status_code == 200
    publish(article, filings=[])

    assert ask(TUESDAY, channel=shore.slug).status_code == 404
    assert ask(address=f"{ADDRESS}versions/", channel="shore").status_code == 404


def test_a_channel_is_not_told_what_another_showed(clock: Any) -> None:
    article = make.ArticleFactory(slug="hip-pain", title="Hip pain")
    clock.move_to(WEDNESDAY)
    ChannelFactory(slug="shore")
    settle()
    clock.move_to(THURSDAY)
    publish(article, title="Hip pain, revised", change_note="A newer trial")

    then = ask(TUESDAY, channel="shore")

    assert then.json()["title"] == "Hip pain, revised"
    assert versions(channel="shore") == [(2, "A newer trial"), (1, "")]
    listed = ask(address=f"{ADDRESS}versions/", channel="shore").json()["results"]
    assert listed[-1]["shown_from"] == "2030-03-13T16:00:00.000000Z"


def test_a_channel_of_summaries_is_not_told_the_text_of_another_day(clock: Any) -> None:
    shore = ChannelFactory(slug="shore")
    article = make.ArticleFactory(slug="hip-pain", title="Hip pain")
    settle()
    assert ask(channel="shore").json()["body"] != []
    clock.move_to(WEDNESDAY)
    with publishing.publishing():
        shore.extent = Extent.SUMMARY
        shore.save()
    publish(article, title="Hip pain, revised")
    settle()

    then = ask(TUESDAY, channel="shore").json()

    assert (then["title"], then["body"], then["body_html"]) == ("Hip pain", [], "")


def test_a_channel_that_had_summaries_then_is_told_a_summary(clock: Any) -> None:
    shore = ChannelFactory(slug="shore", extent=Extent.SUMMARY)
    make.ArticleFactory(slug="hip-pain")
    settle()
    then = ask(channel="shore").content
    clock.move_to(WEDNESDAY)
    with publishing.publishing():
        shore.extent = Extent.FULL
        shore.save()
    settle()

    assert ask(channel="shore").json()["body"] != []
    assert ask(TUESDAY, channel="shore").content == then


def test_who_was_taken_down_since_is_not_told_by_an_old_version(clock: Any) -> None:
    lisa, anna = make.AuthorFactory(), make.AuthorFactory(slug="anna")
    article = make.ArticleFactory(
        slug="hip-pain", title="Hip pain", authors=[lisa, anna]
    )
    clock.move_to(WEDNESDAY)
    publish(
        article,
        title="Hip pain, revised",
        authorships=[make.content.ArticleAuthor(author=lisa)],
    )
    clock.move_to(FRIDAY)
    assert titles() == ["Hip pain", "Hip pain, revised", "Hip pain, revised"]

    with publishing.publishing():
        make.content.Author.objects.get(pk=anna.pk).unpublish()

    assert b"anna" not in ask(TUESDAY).content
    assert titles() == ["Hip pain, revised"] * 3
    assert [version for version, _ in versions()] == [2]


def test_what_expired_since_is_not_told_however_late_the_worker_is(clock: Any) -> None:
    lisa = make.AuthorFactory()
    anna = make.AuthorFactory(slug="anna", expire_at=THURSDAY)
    article = make.ArticleFactory(slug="hip-pain", authors=[lisa, anna])
    clock.move_to(WEDNESDAY)
    publish(article, authorships=[make.content.ArticleAuthor(author=lisa)])
    assert b"anna" in ask(TUESDAY).content

    clock.move_to(FRIDAY)

    assert b"anna" not in ask(TUESDAY).content


def test_a_picture_that_was_made_private_since_is_not_told(clock: Any) -> None:
    with publishing.publishing():
        kept = Collection.get_first_root_node().add_child(name="Kept")
        image = make.ImageFactory(
            title="Knee",
            collection=kept,
            file=ContentFile(make.picture(30, 20), "knee.png"),
        )
        image.make_renditions()
    article = make.ArticleFactory(slug="hip-pain", image=image)
    clock.move_to(WEDNESDAY)
    publish(article, image=None)
    assert ask(TUESDAY).json()["image"] is not None

    with publishing.publishing():
        CollectionViewRestriction.objects.create(collection=kept)

    assert ask(TUESDAY).json()["image"] is None


@pytest.mark.parametrize("by", ["confinement", "rule"])
def test_an_article_that_is_kept_from_the_public_since_is_not_led_to(
    clock: Any, by: str
) -> None:
    other = make.ArticleFactory(slug="secret-knee")
    link = f'<p>See <a linktype="page" id="{other.pk}">this</a>.</p>'
    article = make.ArticleFactory(slug="hip-pain", body=[("text", link)])
    clock.move_to(WEDNESDAY)
    publish(article, title="Hip pain, revised")
    assert b"secret-knee" in ask(TUESDAY).content

    with publishing.publishing():
        if by == "confinement":
            Confinement.objects.create(article=other)
        else:
            public = Channel.objects.get(slug=PUBLIC)
            Rule.objects.create(article=other, channel=public, decision="never")
        publishing.note(Channel, Channel.objects.get(slug=PUBLIC).pk)

    assert b"secret-knee" not in ask(TUESDAY).content
    assert [version for version, _ in versions()] != [2, 1]


def test_a_translation_that_is_gone_is_not_named(clock: Any) -> None:
    article = make.ArticleFactory(slug="hip-pain", title="Hip pain")
    spanish = make.ArticleFactory(
        slug="dolor",
        locale=make.locale("es"),
        translation_key=article.translation_key,
    )
    clock.move_to(TUESDAY)
    assert len(ask(MONDAY).json()["translations"]) == 1
    with publishing.publishing():
        Article.objects.get(pk=spanish.pk).unpublish()
    clock.move_to(WEDNESDAY)

    then = ask(MONDAY)

    assert then.json()["translations"] == []
    assert "Memento-Datetime" in then.headers


# --- Versions ---------------------------------------------------------------------


def test_versions_are_listed_with_their_notes_the_newest_first(
    article: Article,
) -> None:
    answer = ask(address=f"{ADDRESS}versions/").json()

    newest, first = answer["results"]
    assert answer["count"] == 2
    assert newest["shown_until"] is None
    assert (first["change_note"], first["significance"]) == ("First", "minor")
    assert first["shown_from"] == "2030-03-11T16:00:00.000000Z"
    assert first["shown_until"] == newest["shown_from"]


def test_a_listed_address_leads_to_that_version(article: Article) -> None:
    listed = ask(address=f"{ADDRESS}versions/").json()["results"]

    found = [
        Client().get(one["url"].removeprefix("http://localhost:8000")).json()["version"]
        for one in listed
    ]

    assert found == [one["version"] for one in listed] == [2, 1]


def test_versions_come_in_pages(article: Article) -> None:
    first = ask(address=f"{ADDRESS}versions/", limit="1").json()
    second = Client().get(first["next"].removeprefix("http://localhost:8000")).json()

    assert [one["version"] for one in first["results"]] == [2]
    assert [one["version"] for one in second["results"]] == [1]
    assert second["next"] is None


def test_a_slug_of_the_past_leads_on_with_the_day(article: Article) -> None:
    publish(article, slug="knee-pain")

    answer = ask("2030-03-12")

    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(
        "/articles/knee-pain/?as_of=2030-03-12T00%3A00%3A00Z"
    )


# --- Caches and costs -------------------------------------------------------------


def test_a_version_of_the_past_can_be_compared(article: Article) -> None:
    first = ask(TUESDAY)

    again = Client().get(
        ADDRESS,
        {"as_of": TUESDAY.isoformat()},
        headers={"If-None-Match": first.headers["ETag"]},
    )

    assert again.status_code == 304
    assert first.headers["ETag"] != ask().headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"


def test_what_it_costs(article: Article, django_assert_num_queries: Any) -> None:
    # 1. the channel  2. the document  3. its version then  4. what could be seen in it
    with django_assert_num_queries(4):
        ask(TUESDAY)
    # 3. its versions  4. what can be seen in them  5. when they were shown
    with django_assert_num_queries(5):
        ask(address=f"{ADDRESS}versions/")


# --- Keeping ----------------------------------------------------------------------


def test_a_version_that_was_altered_is_noticed_and_told_no_more(
    article: Article,
) -> None:
    old = DocumentVersion.objects.filter(document__slug="hip-pain", version=1)
    old.update(full_json='{"title":"Forged"}')

    [fault] = healing.check()
    healing.repair()

    assert "its version 1 is not what was published" in str(fault)
    assert ask(TUESDAY).json()["title"] == "Hip pain, revised"
    assert healing.check() == []


def test_what_was_replaced_long_ago_is_forgotten_and_what_is_shown_is_not(
    article: Article, clock: Any, settings: Any
) -> None:
    settings.VERSION_DAYS = 30
    clock.move_to(WEDNESDAY + timedelta(days=29))
    past.forget()
    kept = titles()[0]
    clock.move_to(WEDNESDAY + timedelta(days=31))
    past.forget()

    assert kept == "Hip pain"
    assert titles() == ["Hip pain, revised"] * 3
    assert [version for version, _ in versions()] == [2]


def test_a_rebuild_has_what_was_published_before_an_upgrade_be_told(
    article: Article,
) -> None:
    DocumentVersion.objects.update(shows=None, digest="", teaser_json=None)
    assert versions() == []

    healing.rebuild()

    assert [version for version, _ in versions()] == [2]
    assert "Memento-Datetime" in ask(THURSDAY).headers
