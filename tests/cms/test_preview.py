"""Drafts are seen by whoever has a key to them, and by nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import streamfield

from api.documents.models import Counter, Document
from cms.desk import preview
from cms.desk.models import Preview
from content_models import previews
from content_models.models import Practice
from content_models.publication import publication
from tests import factories as make
from tests.forms import article_form, saved_article_form

pytestmark = pytest.mark.django_db

SITE = "https://lakeside.example"


@pytest.fixture
def draft():
    make.PracticeFactory(base_url=SITE)
    return make.ArticleFactory(title="Back pain at work", slug="back-pain", live=False)


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Writers"]))
    return client


def shared(article) -> str:
    """The token of a new link to `article`."""
    site = previews.sites()[0]
    return preview.token_of(preview.share(article, site, make.UserFactory()))


def opened(token: str, **headers: str):
    return Client().get(reverse("preview", args=[token]), headers=headers)


def in_days(days: float):
    return timezone.now() + timedelta(days=days)


# --- Links for somebody without a login -------------------------------------------


def test_a_shared_link_shows_the_newest_draft_without_a_login(draft):
    token = shared(draft)
    draft.title = "Back pain at a desk"
    draft.save_revision()

    answer = opened(token)

    assert answer.json()["document"]["title"] == "Back pain at a desk"


def test_a_draft_is_what_its_document_will_be_when_it_is_published(draft, client):
    before = opened(shared(draft)).json()["document"]
    with publication():
        draft.get_latest_revision().publish()

    after = client.get("/api/v1/articles/back-pain/").json()

    differing = {"published_at", "updated_at", "version"}
    assert {k: v for k, v in before.items() if k not in differing} == {
        k: v for k, v in after.items() if k not in differing
    }


def test_looking_at_a_draft_stores_nothing_that_the_api_reads(draft, client):
    before = Counter.objects.values_list("value", flat=True).first()

    opened(shared(draft))

    assert not Document.objects.filter(slug="back-pain").exists()
    assert Counter.objects.values_list("value", flat=True).first() == before
    assert client.get("/api/v1/articles/back-pain/").status_code == 404


def test_what_could_not_be_published_is_said(draft):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron", live=False)
    article = make.ArticleFactory(live=False, authors=[author])

    told = opened(shared(article)).json()

    assert told["document"]["authors"] == []
    assert told["obstacles"] == [
        "“Ada Byron” is not published yet: publish this author first."
    ]


def test_a_link_ends_after_a_week(draft):
    token = shared(draft)
    assert opened(token).status_code == 200

    Preview.objects.update(ends_at=in_days(0))

    assert opened(token).status_code == 404
    assert "has ended or was taken back" in opened(token).json()["detail"]
    assert timedelta(days=7) == preview.SHARED


def test_a_link_of_a_deleted_article_shows_nothing(draft):
    token = shared(draft)

    with publication():
        draft.delete()

    assert opened(token).status_code == 404


@pytest.mark.parametrize(
    "token",
    [
        "a",
        "a:b",
        "%00",
        "../../cms",
        "0" * 5_000,
        "кириллица",
        "null",
        " ",
    ],
)
def test_what_is_no_key_opens_nothing(draft, token):
    shared(draft)

    answer = Client().get(f"/preview/{token}/")

    assert answer.status_code == 404
    assert b"Back pain" not in answer.content


def test_a_key_whose_signature_is_another_opens_nothing(draft):
    key, _, signature = shared(draft).partition(":")
    flipped = signature[:-1] + ("A" if signature[-1] != "A" else "B")

    assert opened(f"{key}:{flipped}").status_code == 404


def test_only_the_sites_of_the_practice_may_read_a_draft_from_a_script(draft):
    token = shared(draft)

    ours = opened(token, origin=SITE)
    theirs = opened(token, origin="https://elsewhere.example")

    assert ours["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Origin" not in theirs
    assert ours["Vary"] == "Origin"


def test_nobody_keeps_a_draft_or_lists_it(draft):
    answer = opened(shared(draft))

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


# --- The screen on which links are made ---------------------------------------------


def test_a_writer_makes_a_link_and_takes_it_back(writer, draft):
    screen = reverse("share_preview", args=[draft.pk])
    writer.post(screen, {"site": "practice"})
    (link,) = Preview.objects.shared()
    token = preview.token_of(link)
    assert f"{SITE}/preview/#{token}" in writer.get(screen).content.decode()
    assert opened(token).status_code == 200

    writer.post(screen, {"take_back": str(link.pk)})

    assert opened(token).status_code == 404


def test_a_link_to_another_article_cannot_be_taken_back_from_here(writer, draft):
    other = make.ArticleFactory(live=False)
    token = shared(other)
    (link,) = Preview.objects.shared()

    writer.post(reverse("share_preview", args=[draft.pk]), {"take_back": str(link.pk)})

    assert opened(token).status_code == 200


@pytest.mark.parametrize("taken_back", ["x", "-1", "9" * 40, "\u0661"])
def test_what_is_no_link_is_none_to_take_back(writer, draft, taken_back):
    screen = reverse("share_preview", args=[draft.pk])

    assert writer.post(screen, {"take_back": taken_back}).status_code == 302


def test_a_site_that_is_none_of_ours_gets_no_link(writer, draft):
    screen = reverse("share_preview", args=[draft.pk])

    assert writer.post(screen, {"site": "https://evil.example"}).status_code == 404
    assert not Preview.objects.exists()


def test_who_may_not_edit_an_article_may_not_share_it(client, draft):
    client.force_login(make.UserFactory(roles=["Medical reviewers"]))
    screen = reverse("share_preview", args=[draft.pk])

    client.post(screen, {"site": "practice"})

    assert not Preview.objects.exists()


# --- The editor's own preview -------------------------------------------------------


def looked_at(client: Client, article, **query: str):
    """Where the editor's preview leads, with what its form holds."""
    screen = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    assert client.post(screen, saved_article_form(article)).json()["is_valid"]
    return client.get(screen, query)


def test_the_editors_preview_leads_to_the_site_that_is_chosen(writer, draft):
    make.LocationFactory(slug="brick", name="Brick", site_url="https://brick.example")

    modes = dict(draft.preview_modes)
    answer = looked_at(writer, draft, mode="brick")

    assert set(modes) == {"practice", "brick"}
    assert answer.status_code == 302
    assert answer["Location"].startswith("https://brick.example/preview/#")


def test_the_key_is_behind_the_hash_which_browsers_send_to_nobody(writer, draft):
    address = urlsplit(looked_at(writer, draft)["Location"])

    assert (address.path, address.query) == ("/preview/", "")
    assert opened(address.fragment).json()["document"]["slug"] == "back-pain"


def test_in_the_editor_wagtails_checks_come_along(writer, draft):
    address = urlsplit(looked_at(writer, draft, in_preview_panel="true")["Location"])
    told = opened(address.fragment).json()

    assert "userbar.js" in told["userbar"]
    assert "checker-axe-configuration" in told["userbar"]
    assert json.dumps(SITE)[1:-1] in told["userbar"]


def test_previews_that_have_ended_are_cleared_away(writer, draft):
    looked_at(writer, draft)
    Preview.objects.update(ends_at=in_days(-1))

    looked_at(writer, draft)

    assert Preview.objects.count() == 1


def test_two_sites_at_one_address_are_offered_once(draft):
    make.LocationFactory(slug="brick", name="Brick", site_url=f"{SITE}/")

    assert [site.name for site in previews.sites()] == ["practice"]
    assert Practice.load().base_url == SITE


def test_an_article_that_was_never_saved_can_be_looked_at(writer):
    make.PracticeFactory(base_url=SITE)
    where = ["content_models", "article", make.home_section().pk]
    screen = reverse("wagtailadmin_pages:preview_on_add", args=where)
    form = article_form(title="Back pain at work", authors=[])

    assert writer.post(screen, form).json()["is_available"]
    address = urlsplit(writer.get(screen)["Location"])

    assert opened(address.fragment).json()["document"]["title"] == "Back pain at work"


def test_one_with_nothing_but_a_title_can_be_looked_at_too(writer):
    make.PracticeFactory(base_url=SITE)
    where = ["content_models", "article", make.home_section().pk]
    screen = reverse("wagtailadmin_pages:preview_on_add", args=where)
    form = article_form(summary="", authors=[], body=streamfield([]))

    assert writer.post(screen, form).json()["is_available"]
    address = urlsplit(writer.get(screen)["Location"])

    told = opened(address.fragment).json()
    assert told["document"]["body"] == []
    assert "There is no text yet: write the body." in told["obstacles"]
