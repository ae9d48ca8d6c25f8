"""Staff see of everything where it appears, or why nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import PageViewRestriction, Workflow

from api.documents import publishing
from cms.desk import appearances
from content_models.publication import publication
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Writers"]))
    return client


def screen(client: Client, thing) -> str:
    """The words of the screen about `thing`."""
    answer = client.get(appearances.address_of(thing))
    assert answer.status_code == 200
    main = BeautifulSoup(answer.content, "lxml").select_one("main")
    return " ".join(main.get_text(" ").split())


def test_a_published_article_is_said_to_be_seen_with_its_addresses(writer):
    make.PracticeFactory(base_url="https://lakeside.example")
    make.LocationFactory(name="Brick", site_url="https://brick.example")
    article = make.ArticleFactory(slug="back-pain")

    said = screen(writer, article)

    assert "Readers see it In version 1" in said
    assert "https://lakeside.example/articles/back-pain/ (the original)" in said
    assert "Brick: https://brick.example/articles/back-pain/" in said


def test_a_draft_is_said_to_be_one(writer):
    said = screen(writer, make.ArticleFactory(live=False))

    assert "Readers do not see it It is a draft: nobody has published it yet." in said


def test_what_is_scheduled_is_said_to_come_and_when(writer):
    article = make.ArticleFactory(live=False)
    article.go_live_at = datetime(2099, 5, 4, 12, tzinfo=UTC)
    with publication():
        article.save_revision().publish()

    said = screen(writer, article)

    assert "It is scheduled: readers will see it from May 4, 2099" in said
    assert "It is a draft" not in said


def test_a_draft_that_is_under_review_is_said_to_be(writer):
    article = make.ArticleFactory(live=False)
    Workflow.objects.get(active=True).start(article, make.UserFactory())

    assert "It is a draft, and is being reviewed." in screen(writer, article)


def test_what_will_change_for_readers_is_said_beside_what_they_see(writer):
    article = make.ArticleFactory(expire_at=datetime(2099, 5, 4, 12, tzinfo=UTC))
    article.title = "Another title"
    article.save_revision()

    said = screen(writer, article)

    assert "Readers see it" in said
    assert "There are changes that nobody has published yet" in said
    assert "It will be taken down on May 4, 2099" in said


def test_what_was_taken_down_is_said_to_be(writer):
    article = make.ArticleFactory()
    with publication():
        article.unpublish()

    assert "It was taken down" in screen(writer, article)


def test_what_has_expired_is_said_to_have_before_anything_else_notices(writer):
    article = make.ArticleFactory(expire_at=timezone.now() + timedelta(hours=1))
    type(article).objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    with publishing.publishing():
        publishing.note(type(article), article.pk)

    assert "It has expired" in screen(writer, article)


def test_what_lies_in_a_private_section_is_said_to(writer):
    article = make.ArticleFactory()
    with publication():
        PageViewRestriction.objects.create(
            page=article.get_parent(), restriction_type=PageViewRestriction.LOGIN
        )

    assert "It lies in a private section." in screen(writer, article)


def test_an_author_is_shown_in_what_is_published_and_used_in_drafts(
    writer, django_capture_on_commit_callbacks
):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron")
    # Wagtail notes after the commit what uses what.
    with django_capture_on_commit_callbacks(execute=True):
        make.ArticleFactory(title="Out already", authors=[author])
        make.ArticleFactory(title="Still a draft", authors=[author], live=False)

    said = screen(writer, author)

    shown, _, drafts = said.partition("Used in drafts")
    assert "Out already" in shown
    assert "Still a draft" not in shown
    assert "Still a draft" in drafts


@pytest.mark.parametrize(
    "factory",
    [
        make.AuthorFactory,
        make.ReferenceFactory,
        make.LocationFactory,
        make.AwardFactory,
        make.AffiliationFactory,
        make.CategoryFactory,
        make.TagFactory,
        make.ImageFactory,
        make.ArticleFactory,
    ],
)
def test_every_kind_of_content_has_the_screen(writer, factory):
    assert "Shown in" in screen(writer, factory())


def test_the_editor_and_the_list_lead_there(client):
    client.force_login(make.UserFactory(roles=["Editors"]))
    author, article = make.AuthorFactory(), make.ArticleFactory()
    pages = [
        reverse(author.snippet_viewset.get_url_name("edit"), args=[author.pk]),
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        reverse("articles:index"),
    ]

    wanted = [appearances.address_of(author), *[appearances.address_of(article)] * 2]
    for page, address in zip(pages, wanted, strict=True):
        assert address in client.get(page).content.decode(), page


def test_what_never_appears_has_no_such_screen(writer):
    assert writer.get("/cms/appears/user/1/").status_code == 404
    assert appearances.address_of(make.SectionFactory()) is None


def test_who_may_not_see_articles_is_not_told_where_they_are(client):
    client.force_login(make.UserFactory(roles=["Medical reviewers"]))

    answer = client.get(appearances.address_of(make.ArticleFactory()))

    assert answer.status_code == 302


@pytest.mark.parametrize("made", [make.ImageFactory, make.FileFactory])
def test_an_image_and_a_document_lead_to_where_they_appear(client, made):
    client.force_login(make.UserFactory(roles=["Editors"]))
    thing = made()

    page = client.get(AdminURLFinder().get_edit_url(thing)).content.decode()

    assert appearances.address_of(thing) in page


def test_a_document_is_said_to_be_for_staff(writer):
    said = screen(writer, make.FileFactory())

    assert "Texts carry no documents: this one is for staff alone." in said
