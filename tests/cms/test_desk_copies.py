"""Copying, translating and taking away, through the admin's own pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import (
    querydict_from_html,
)

from content_models.models import Article, Author, Image
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ImageFactory,
    SectionFactory,
    UserFactory,
    home_section,
    locale,
)
from tests.forms import (
    edit_url,
    snippet_url,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(roles=["Editors"]))
    return client


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """`with committed():` also does what waits for the commit: noting what is used."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


# --- Copying ----------------------------------------------------------------------


def copy(client: Client, page: Page, **changes: object) -> str:
    data = {
        "new_title": "A copy",
        "new_slug": "a-copy",
        "new_parent_page": page.get_parent().pk,
    }
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    return words(client.post(url, data | changes, follow=True))


def test_a_copy_is_never_an_alias(editor):
    article = ArticleFactory()
    url = reverse("wagtailadmin_pages:copy", args=[article.pk])

    assert 'name="alias"' not in words(editor.get(url))
    copy(editor, article, alias="on")

    made = Article.objects.get(slug="a-copy")
    assert made.alias_of is None
    assert not made.live


def test_a_copy_has_been_reviewed_by_nobody(editor):
    article = ArticleFactory(reviewers=[AuthorFactory()])

    copy(editor, article)

    made = Article.objects.get(slug="a-copy")
    assert made.authorships.count() == 1
    assert made.reviews.count() == 0


def test_a_copy_needs_an_address_that_no_article_of_the_language_has(editor):
    article = ArticleFactory(slug="knees", title="Knees")
    elsewhere = SectionFactory()

    page = copy(editor, article, new_slug="knees", new_parent_page=elsewhere.pk)

    assert "“Knees” already has the address “knees”. Choose another one." in page
    assert Article.objects.count() == 1


def test_copying_a_section_leaves_its_articles_where_they_are(editor):
    section = SectionFactory()
    ArticleFactory(parent=section)

    copy(editor, section, copy_subpages="on")

    assert Page.objects.filter(slug="a-copy").exists()
    assert Article.objects.count() == 1


def translate(client: Client, page: Page) -> str:
    url = reverse("simple_translation:submit_page_translation", args=[page.pk])
    return words(client.post(url, {"locales": [locale("es").pk]}, follow=True))


def test_an_article_is_translated_after_its_section(editor):
    article = ArticleFactory(slug="knees", reviewers=[AuthorFactory()])
    locale("es")

    assert "The section it lies in has no translation yet" in translate(editor, article)

    translate(editor, home_section())
    translate(editor, article)

    made = Article.objects.get(locale=locale("es"))
    assert made.translation_key == article.translation_key
    assert not made.live
    assert made.authorships.count() == 1
    assert made.reviews.count() == 0


def test_an_author_is_translated_into_a_draft(editor):
    author = AuthorFactory(slug="lisa", credentials=["PT"])
    url = reverse(
        "simple_translation:submit_snippet_translation",
        args=["content_models", "author", author.pk],
    )

    editor.post(url, {"locales": [locale("es").pk]})

    made = Author.objects.get(locale=locale("es"))
    assert not made.live
    assert made.slug == "lisa"
    assert made.credentials.count() == 1
    assert editor.get(snippet_url(made, "edit")).status_code == 200


# --- Taking away ------------------------------------------------------------------


def test_unpublishing_an_author_first_lists_where_the_author_appears(editor, committed):
    author = AuthorFactory()
    with committed():
        ArticleFactory(title="Knees on the stairs", authors=[author])

    page = words(editor.get(snippet_url(author, "unpublish")))

    assert "Knees on the stairs" in page


def test_an_author_who_is_named_somewhere_is_not_deleted(editor, committed):
    author = AuthorFactory(given_name="Lisa", family_name="Scarlino")
    with committed():
        ArticleFactory(title="Knees on the stairs", authors=[author])
    url = snippet_url(author, "delete")

    asked = words(editor.get(url))
    told = words(editor.post(url, follow=True))

    assert "Knees on the stairs" in asked
    assert "Yes, delete" not in asked
    assert "“Lisa Scarlino” was not deleted: it is in use in “Knees on the" in told
    assert Author.objects.filter(pk=author.pk).exists()


def test_an_image_inside_of_a_text_is_not_deleted(editor, committed):
    image = ImageFactory(title="Stretch")
    figure = {"image": image, "caption": "", "credit": ""}
    with committed():
        ArticleFactory(title="Knees", body=[("image", figure)])
    one = reverse("wagtailimages:delete", args=[image.pk])
    many = reverse("wagtail_bulk_action", args=["content_models", "image", "delete"])

    for url in (one, f"{many}?id={image.pk}"):
        assert "Yes, delete" not in words(editor.get(url))
        told = words(editor.post(url, follow=True))
        assert "“Stretch” was not deleted: it is in use in “Knees” (article)" in told

    assert Image.objects.filter(pk=image.pk).exists()


def test_of_many_things_none_is_deleted_while_one_is_in_use(editor, committed):
    used, unused = AuthorFactory(), AuthorFactory()
    with committed():
        ArticleFactory(authors=[used])
    many = reverse("wagtail_bulk_action", args=["content_models", "author", "delete"])

    editor.post(f"{many}?id={used.pk}&id={unused.pk}")

    assert Author.objects.count() == 2


def test_what_nobody_uses_is_deleted(editor):
    author = AuthorFactory()

    editor.post(snippet_url(author, "delete"))

    assert not Author.objects.exists()


def test_a_draft_that_named_a_deleted_author_still_opens(editor):
    gone = AuthorFactory()
    article = ArticleFactory()
    draft = article.get_latest_revision_as_object()
    draft.authorships.create(author=gone)
    draft.save_revision()

    editor.post(snippet_url(gone, "delete"))
    answer = editor.get(edit_url(article))

    assert answer.status_code == 200
    assert not Author.objects.filter(pk=gone.pk).exists()


def test_copying_an_author_takes_nothing_from_the_original(editor):
    author = AuthorFactory(family_name="Scarlino", credentials=["PT"])
    page = words(editor.get(snippet_url(author, "copy")))
    form = querydict_from_html(page, form_id="w-editor-form")
    form["family_name"], form["slug"] = "Other", ""

    editor.post(reverse(Author.snippet_viewset.get_url_name("add")), form)

    copied = Author.objects.exclude(pk=author.pk).get()
    assert copied.get_latest_revision_as_object().credentials.count() == 1
    assert author.credentials.count() == 1
