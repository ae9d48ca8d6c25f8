"""Drafts are seen by whoever has a key to them, and by nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import streamfield

from api.documents.models import Counter, Document
from cms.desk import preview, preview_door
from cms.desk.models import Preview
from content_models import previews
from content_models.models import Practice
from content_models.publication import publication
from tests import factories as make
from tests.forms import (
    article_form,
    author_form,
    edit_url,
    location_form,
    saved_article_form,
    snippet_url,
    words,
)

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


def shared(content: Any, maker: Any = None) -> str:
    """The token of a new link to `content`, made by an editor."""
    maker = maker or make.UserFactory(roles=["Editors"])
    return preview.token_of(preview.share(content, previews.sites()[0], maker))


def opened(token: str, **headers: str):
    headers = {"Authorization": f"Bearer {token}", **headers}
    return Client().get("/preview/", headers=headers)


def share_screen(content: Any) -> str:
    return reverse("share_preview", args=[content._meta.model_name, content.pk])


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


def test_guests_hear_how_much_is_left_to_do_and_of_nobody_unpublished(draft):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron", live=False)
    article = make.ArticleFactory(live=False, authors=[author])

    answer = opened(shared(article))

    assert (answer.json()["to_do"], answer.json()["obstacles"]) == (1, [])
    assert b"Byron" not in answer.content


@pytest.mark.parametrize("factory", [make.AuthorFactory, make.LocationFactory])
def test_drafts_of_people_and_places_are_shared_too(draft, factory):
    content = factory(live=False, slug="not-yet")

    told = opened(shared(content)).json()

    assert told["document"]["type"] == content._meta.model_name
    assert told["document"]["slug"] == "not-yet"


# --- When a link ends -----------------------------------------------------------------


def kind_of(answer: Any) -> tuple[int, str]:
    """The status, and what is said to have become of the link."""
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["kind"]


def test_a_link_ends_after_a_week(draft):
    token = shared(draft)
    (link,) = Preview.objects.all()
    assert in_days(6.9) < link.ends_at < in_days(7.1)

    Preview.objects.update(ends_at=in_days(0))

    assert kind_of(opened(token)) == (410, "expired")
    assert "end after 7 days" in opened(token).json()["detail"]


def test_a_link_that_ended_long_ago_is_cleared_away_and_still_said_to_have_expired(
    writer, draft
):
    token = shared(draft)
    Preview.objects.update(ends_at=in_days(-31))

    looked_at(writer, draft)

    assert not Preview.objects.shared().exists()
    assert kind_of(opened(token)) == (410, "expired")


def test_a_link_to_what_was_deleted_says_so(draft):
    token = shared(draft)

    with publication():
        draft.delete()

    assert kind_of(opened(token)) == (410, "deleted")


def deactivated(user: Any) -> None:
    user.is_active = False
    user.save()


@pytest.mark.parametrize(
    "parted",
    [
        deactivated,
        lambda user: user.delete(),
        lambda user: user.groups.clear(),
        lambda user: user.groups.set([Group.objects.get(name="Medical reviewers")]),
    ],
    ids=["deactivated", "deleted", "without a role", "with a lesser role"],
)
@pytest.mark.parametrize(
    "factory", [make.ArticleFactory, make.AuthorFactory, make.LocationFactory]
)
def test_a_link_ends_when_its_maker_may_not_edit_any_more(draft, factory, parted):
    maker = make.UserFactory(roles=["Editors"])
    token = shared(factory(live=False), maker)
    assert opened(token).status_code == 200

    parted(maker)

    assert kind_of(opened(token)) == (410, "ended")


def test_the_editors_own_preview_ends_with_the_account(client, draft):
    maker = make.UserFactory(roles=["Writers"])
    client.force_login(maker)
    token = urlsplit(looked_at(client, draft)["Location"]).fragment
    assert opened(token).status_code == 200

    deactivated(maker)

    assert kind_of(opened(token)) == (410, "ended")


# --- The door ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "a",
        "a:b",
        "%00",
        "../../cms",
        "0" * 5_000,
        "null",
        " ",
        "",
    ],
)
def test_what_is_no_key_opens_nothing(draft, token):
    shared(draft)

    assert kind_of(opened(token)) == (404, "unknown")


def test_a_key_in_the_address_opens_nothing(draft):
    token = shared(draft)

    for address in (f"/preview/{token}/", f"/preview/?key={token}"):
        assert Client().get(address).status_code == 404


@pytest.mark.parametrize("scheme", ["", "Basic ", "bearer:", "Token "])
def test_a_key_that_is_sent_in_another_way_opens_nothing(draft, scheme):
    token = shared(draft)

    assert opened(token, Authorization=f"{scheme}{token}").status_code == 404


def test_a_key_whose_signature_is_another_opens_nothing(draft):
    key, _, signature = shared(draft).partition(":")
    flipped = signature[:-1] + ("A" if signature[-1] != "A" else "B")

    assert opened(f"{key}:{flipped}").status_code == 404


def may_send_a_key(origin: str) -> Any:
    """What a browser is told that asks on behalf of a script."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    return Client().options("/preview/", headers=headers)


def test_only_scripts_of_our_sites_may_send_a_key(draft):
    ours = may_send_a_key(SITE)
    theirs = may_send_a_key("https://elsewhere.example")

    assert ours.status_code == 204
    assert ours["Access-Control-Allow-Origin"] == SITE
    assert ours["Access-Control-Allow-Headers"] == "Authorization"
    assert "Access-Control-Allow-Origin" not in theirs


def test_an_origin_is_compared_as_browsers_write_it(draft):
    urls = {"umlaut": "https://Bad-Tölz.example:443", "port": "http://[::1]:8001/"}
    for slug, url in urls.items():
        make.LocationFactory(slug=slug, site_url=url)

    for origin in ("https://xn--bad-tlz-e1a.example", "http://[::1]:8001"):
        assert may_send_a_key(origin)["Access-Control-Allow-Origin"] == origin


def test_nobody_writes_to_the_door(draft):
    assert Client().post("/preview/").status_code == 405


def test_who_asks_too_often_waits_and_may_read_for_how_long(
    draft, settings, monkeypatch
):
    settings.RATE_LIMIT, settings.SECRET_KEY = 1_200, uuid4().hex
    monkeypatch.setattr(preview_door, "QUOTA", 2)
    token = shared(draft)
    assert [opened(token).status_code for _ in range(2)] == [200, 200]

    refused = opened(token, Origin=SITE)

    assert kind_of(refused) == (429, "busy")
    assert int(refused["Retry-After"]) > 0
    assert refused["Access-Control-Allow-Origin"] == SITE


def test_only_the_sites_of_the_practice_may_read_a_draft_from_a_script(draft):
    token = shared(draft)

    ours = opened(token, Origin=SITE)
    theirs = opened(token, Origin="https://elsewhere.example")

    assert ours["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Origin" not in theirs
    assert ours["Vary"] == "Origin, Authorization"


@pytest.mark.parametrize("is_known", [True, False])
def test_nobody_keeps_a_draft_or_lists_it_or_tells_where_it_was(draft, is_known):
    answer = opened(shared(draft) if is_known else "a:b")

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"


# --- The screen on which links are made ---------------------------------------------


def test_a_writer_makes_a_link_and_ends_it(writer, draft):
    screen = share_screen(draft)
    writer.post(screen, {"site": "practice"})
    (link,) = Preview.objects.shared()
    token = preview.token_of(link)
    assert f"{SITE}/preview/#{token}" in writer.get(screen).content.decode()
    assert opened(token).status_code == 200

    writer.post(screen, {"end": str(link.pk)})

    assert kind_of(opened(token)) == (410, "ended")
    assert token not in words(writer.get(screen))


@pytest.mark.parametrize("factory", [make.AuthorFactory, make.LocationFactory])
def test_the_editor_of_a_person_or_place_leads_to_its_links(client, draft, factory):
    client.force_login(make.UserFactory(roles=["Editors"]))
    content = factory(live=False)
    assert share_screen(content) in words(client.get(snippet_url(content, "edit")))

    client.post(share_screen(content), {"site": "practice"})

    (link,) = Preview.objects.shared()
    address = f"{SITE}/preview/#{preview.token_of(link)}"
    assert address in words(client.get(share_screen(content)))


def test_a_link_whose_maker_left_is_not_listed_as_one_that_works(writer, draft):
    maker = make.UserFactory(roles=["Editors"])
    token = shared(draft, maker)
    assert token in words(writer.get(share_screen(draft)))

    deactivated(maker)

    assert token not in words(writer.get(share_screen(draft)))


def test_what_has_no_page_of_its_own_is_not_shared(writer, draft):
    category = make.CategoryFactory()

    assert writer.get(share_screen(category)).status_code == 404


def test_a_link_to_another_article_cannot_be_ended_from_here(writer, draft):
    other = make.ArticleFactory(live=False)
    token = shared(other)
    (link,) = Preview.objects.shared()

    writer.post(share_screen(draft), {"end": str(link.pk)})

    assert opened(token).status_code == 200


@pytest.mark.parametrize("ended", ["x", "-1", "9" * 40, "\u0661"])
def test_what_is_no_link_is_none_to_end(writer, draft, ended):
    assert writer.post(share_screen(draft), {"end": ended}).status_code == 302


def test_a_site_that_is_none_of_ours_gets_no_link(writer, draft):
    screen = share_screen(draft)

    assert writer.post(screen, {"site": "https://evil.example"}).status_code == 404
    assert not Preview.objects.exists()


def test_who_may_not_edit_an_article_may_not_share_it(client, draft):
    client.force_login(make.UserFactory(roles=["Medical reviewers"]))
    screen = share_screen(draft)

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
    assert answer["Location"].startswith("https://brick.example/preview/desk/#")
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_key_is_behind_the_hash_which_browsers_send_to_nobody(writer, draft):
    address = urlsplit(looked_at(writer, draft)["Location"])

    assert (address.path, address.query) == ("/preview/desk/", "")
    assert opened(address.fragment).json()["document"]["slug"] == "back-pain"


def test_the_editor_says_by_name_what_keeps_it_from_readers(writer, draft):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron", live=False)
    article = make.ArticleFactory(live=False, authors=[author])

    address = urlsplit(looked_at(writer, article)["Location"])

    assert opened(address.fragment).json()["obstacles"] == [
        "“Ada Byron” is not published yet: publish this author first."
    ]


@pytest.mark.parametrize(
    ("factory", "form"),
    [
        (make.AuthorFactory, author_form(family_name="Marchetti")),
        (make.LocationFactory, location_form(name="Marchetti")),
    ],
    ids=["author", "location"],
)
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "saved"])
def test_people_and_places_are_seen_while_they_are_written(
    client, draft, factory, form, is_new
):
    client.force_login(make.UserFactory(roles=["Editors"]))
    content = factory(live=False)
    name = type(content).snippet_viewset.get_url_name
    screen = (
        reverse(name("preview_on_add"))
        if is_new
        else reverse(name("preview_on_edit"), args=[content.pk])
    )

    assert client.post(screen, form).json()["is_valid"]
    address = urlsplit(client.get(screen, {"in_preview_panel": "true"})["Location"])

    told = opened(address.fragment).json()
    assert "Marchetti" in told["document"]["name"]
    assert "userbar.js" in told["userbar"]


def test_an_author_is_told_which_of_the_places_readers_do_not_see(client, draft):
    client.force_login(make.UserFactory(roles=["Editors"]))
    place = make.LocationFactory(name="Brick", live=False)
    author = make.AuthorFactory(live=False, locations=[place])
    revision = author.latest_revision or author.save_revision()
    name = type(author).snippet_viewset.get_url_name("revisions_view")

    answer = client.get(reverse(name, args=[author.pk, revision.pk]))

    told = opened(urlsplit(answer["Location"]).fragment).json()
    assert told["obstacles"] == [
        "“Brick” is not published yet: publish this location first."
    ]


def frames_of(answer: Any) -> set[str]:
    """What a page of the admin may show in a frame."""
    (rule,) = [
        rule.split(" ")[1:]
        for rule in answer["Content-Security-Policy"].split("; ")
        if rule.startswith("frame-src ")
    ]
    return set(rule)


def test_the_editor_shows_our_sites_in_a_frame_and_nobody_elses(client, draft):
    client.force_login(make.UserFactory(roles=["Editors"]))
    place = make.LocationFactory(slug="brick", site_url="https://brick.example/")
    ours = {"'self'", SITE, "https://brick.example"}

    assert frames_of(client.get(edit_url(draft))) == ours
    assert frames_of(client.get(snippet_url(place, "edit"))) == ours
    assert frames_of(client.get("/cms/")) == {"'self'"}


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
