"""Where the desk is stricter than Wagtail: nothing changes behind the API's back."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, Locale
from wagtail.test.utils.form_data import streamfield

from api.documents.models import Document
from content_models.models import Article, Tag
from content_models.publication import publication
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ImageFactory,
    SectionFactory,
    TagFactory,
    UserFactory,
    home_section,
    locale,
)
from tests.forms import article_form, edit_url, saved_article_form, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


# --- Pictures ---------------------------------------------------------------------


def test_an_image_moved_with_others_into_a_private_collection_is_shown_no_more(
    staff, assert_healed
):
    image = ImageFactory()
    ArticleFactory(image=image)
    with publication():
        internal = Collection.get_first_root_node().add_child(name="Internal")
        CollectionViewRestriction.objects.create(
            collection=internal, restriction_type="login"
        )
    action = ["content_models", "image", "add_to_collection"]
    url = reverse("wagtail_bulk_action", args=action)

    answer = staff.post(
        f"{url}?id={image.pk}&next=/cms/", {"collection": internal.pk}, follow=True
    )

    assert "1 image has been added to Internal" in words(answer)
    document = Document.objects.get(type="article")
    assert json.loads(document.full_json)["image"] is None
    assert_healed()


# --- Tags -------------------------------------------------------------------------


def test_a_word_that_is_typed_into_a_draft_does_not_become_a_tag(staff):
    running = TagFactory(name="running")
    article = ArticleFactory()

    form = saved_article_form(article, tags="running, merger with rival")
    staff.post(edit_url(article), form)

    draft = Article.objects.get().get_latest_revision_as_object()
    assert list(draft.tags.all()) == [running]
    assert list(Tag.objects.all()) == [running]


def test_the_tags_there_are_are_offered_and_where_to_add_one_is_said(staff):
    TagFactory(name="running")
    args = ["content_models", "tag"]

    url = reverse("wagtailadmin_tag_model_autocomplete", args=args)
    page = words(staff.get(edit_url(ArticleFactory())))

    assert staff.get(url, {"term": "run"}).json() == ["running"]
    assert url in page
    assert "New ones are added under Articles, Tags." in page


# --- Aliases ----------------------------------------------------------------------


def alias_of(article: Article) -> Article:
    with publication():
        made: Article = article.create_alias(
            parent=SectionFactory(), update_slug="the-alias"
        )
    return made


def test_an_alias_is_not_made_an_article_of_its_own(staff):
    alias = alias_of(ArticleFactory())
    url = reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])

    answer = staff.post(url, follow=True)

    assert "copy the other one instead" in words(answer)
    assert Article.objects.get(pk=alias.pk).alias_of is not None


@pytest.mark.parametrize("action", ["convert_alias", "create_alias"])
def test_no_script_of_the_admin_makes_or_converts_an_alias(staff, action):
    alias = alias_of(ArticleFactory())
    url = reverse("wagtailadmin_api:pages:action", args=[alias.pk, action])

    answer = staff.post(url, {"destination_page_id": home_section().pk})

    assert answer.status_code == 404
    assert Article.objects.get(pk=alias.pk).alias_of is not None
    assert Article.objects.count() == 2


# --- Languages --------------------------------------------------------------------


def change_language(client: Client, changed: Locale, code: str) -> str:
    url = reverse("wagtaillocales:edit", args=[changed.pk])
    form = {"language_code": code}
    return words(client.post(url, form, headers={"referer": "/cms/"}, follow=True))


def test_a_language_with_content_keeps_its_code(staff, assert_healed):
    AuthorFactory()

    page = change_language(staff, locale("en"), "es")

    assert "There is content in “en”: its language cannot be changed." in page
    assert Locale.objects.get().language_code == "en"
    assert_healed()


def test_a_language_without_content_may_be_changed(staff):
    empty = Locale.objects.create(language_code="es")
    Locale.objects.filter(language_code="en").update(language_code="fr")

    change_language(staff, empty, "en")

    empty.refresh_from_db()
    assert empty.language_code == "en"


# --- Addresses --------------------------------------------------------------------


def add_url() -> str:
    section = home_section()
    return reverse(
        "wagtailadmin_pages:add", args=["content_models", "article", section.pk]
    )


def test_an_address_of_a_long_title_is_cut_at_a_word_and_published(staff):
    title = ("Twenty good reasons to walk " * 7).strip()
    browser_wrote = title.lower().replace(" ", "-")
    form = article_form(title=title, slug=browser_wrote, authors=[AuthorFactory()])

    staff.post(add_url(), form | {"action-publish": "1"})

    article = Article.objects.get()
    assert article.live
    assert len(article.slug) <= 100
    assert browser_wrote.startswith(f"{article.slug}-")


def test_an_address_over_120_characters_is_refused_in_words(staff):
    article = ArticleFactory(live=False)
    form = saved_article_form(article, slug="a" * 121)

    page = words(staff.post(edit_url(article), form | {"action-publish": "1"}))

    assert "This address has 121 characters, and 120 are the most" in page
    assert not Article.objects.get().live


def test_a_copy_with_an_address_over_120_characters_is_refused_in_words(staff):
    article = ArticleFactory()
    url = reverse("wagtailadmin_pages:copy", args=[article.pk])
    form = {"new_title": "A copy", "new_slug": "a" * 121}

    page = words(staff.post(url, form | {"new_parent_page": article.get_parent().pk}))

    assert "120 are the most" in page
    assert Article.objects.count() == 1


# --- Tables -----------------------------------------------------------------------


NO_TABLES = ["null", "{}", "[]", '"x"', "1", "", "{", '{"data": [[]]}', '{"data": [1]}']


@pytest.mark.parametrize("sent", [*NO_TABLES, '{"data": [[{"a": 1}]]}', '{"data": {}}'])
def test_what_is_no_table_may_stay_in_a_draft_but_is_not_published(staff, sent):
    article = ArticleFactory(live=False)
    form = saved_article_form(article, body=streamfield([("table", sent)]))

    refused = staff.post(edit_url(article), form | {"action-publish": "1"})
    kept = staff.post(edit_url(article), form)

    assert refused.status_code == 200
    assert "This table is empty" in words(refused)
    assert kept.status_code == 302
    assert not Article.objects.get().live
    assert staff.get(edit_url(article)).status_code == 200


def test_a_table_is_published(staff):
    article = ArticleFactory(live=False)
    table = {
        "data": [["Exercise", "Days"], ["Walk", 3], ["Rest", None]],
        "table_header_choice": "row",
    }
    body = streamfield([("table", json.dumps(table))])
    form = saved_article_form(article, body=body)

    staff.post(edit_url(article), form | {"action-publish": "1"})

    assert Article.objects.get().live
    assert Article.objects.get().body[0].value["data"] == table["data"]
