"""Who may do what: one table, walked through the admin's own pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Workflow

from content_models.models import Article, Author, Category, Image, Practice, Tag
from content_models.publication import publication
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CategoryFactory,
    ImageFactory,
    TagFactory,
    UserFactory,
    home_section,
    picture,
)
from tests.forms import (
    article_form,
    author_form,
    saved_article_form,
    snippet_url,
    words,
)

pytestmark = pytest.mark.django_db

ROLES = ["Writers", "Medical reviewers", "Editors", "Administrators"]


def as_one_of(role: str | None) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=[role] if role else []))
    return client


def writes_an_article(client: Client) -> bool:
    url = reverse(
        "wagtailadmin_pages:add", args=["content_models", "article", home_section().pk]
    )
    client.post(url, article_form())
    return Article.objects.exists()


def publishes_an_article(client: Client) -> bool:
    article = ArticleFactory(live=False)
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    client.post(url, saved_article_form(article) | {"action-publish": "1"})
    article.refresh_from_db()
    return article.live


def unpublishes_an_article(client: Client) -> bool:
    article = ArticleFactory()
    client.post(reverse("wagtailadmin_pages:unpublish", args=[article.pk]))
    article.refresh_from_db()
    return not article.live


def writes_an_author(client: Client) -> bool:
    client.post(reverse(Author.snippet_viewset.get_url_name("add")), author_form())
    return Author.objects.exists()


def publishes_an_author(client: Client) -> bool:
    url = reverse(Author.snippet_viewset.get_url_name("add"))
    client.post(url, author_form() | {"action-publish": "1"})
    return Author.objects.filter(live=True).exists()


def deletes_a_category(client: Client) -> bool:
    category = CategoryFactory()
    name = Category.snippet_viewset.get_url_name("delete")
    client.post(reverse(name, args=[category.pk]))
    return not Category.objects.exists()


def renames_a_tag(client: Client) -> bool:
    tag = TagFactory(name="knee", slug="knee")
    name = Tag.snippet_viewset.get_url_name("edit")
    client.post(reverse(name, args=[tag.pk]), {"name": "Knees", "slug": "knee"})
    tag.refresh_from_db()
    return tag.name == "Knees"


def sees_the_authors(client: Client) -> bool:
    AuthorFactory(family_name="Scarlino")
    url = reverse(Author.snippet_viewset.get_url_name("list"))
    return "Scarlino" in words(client.get(url, follow=True))


def opens_the_practice(client: Client) -> bool:
    practice = Practice.load()
    url = reverse(
        "wagtailsettings:edit", args=["content_models", "practice", practice.pk]
    )
    return client.get(url).status_code == 200


def manages_people_with_a_login(client: Client) -> bool:
    return client.get(reverse("wagtailusers_users:index")).status_code == 200


def approves_an_article(client: Client) -> bool:
    article = ArticleFactory(live=False)
    Workflow.objects.get(active=True).start(article, UserFactory(is_superuser=True))
    task_state = article.current_workflow_task_state
    url = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[article.pk, "approve", task_state.pk],
    )
    client.post(url)
    article.refresh_from_db()
    return article.live


def publishes_many_authors(client: Client) -> bool:
    author = AuthorFactory(live=False)
    url = reverse("wagtail_bulk_action", args=["content_models", "author", "publish"])
    client.post(f"{url}?id={author.pk}")
    author.refresh_from_db()
    return author.live


def takes_an_author_down(client: Client) -> bool:
    author = AuthorFactory()
    client.post(snippet_url(author, "unpublish"))
    author.refresh_from_db()
    return not author.live


def makes_an_author_where_one_is_chosen(client: Client) -> bool:
    name = Author.snippet_viewset.chooser_viewset.get_url_name("create")
    client.post(reverse(name), {"given_name": "Ada", "family_name": "Byron"})
    return Author.objects.exists()


def uploads_a_picture(client: Client) -> bool:
    file = SimpleUploadedFile("picture.png", picture(), "image/png")
    fields = {"title": "A knee", "description": "A knee", "collection": 1}
    client.post(reverse("wagtailimages:add"), {**fields, "file": file})
    return Image.objects.exists()


def changes_the_way_of_review(client: Client) -> bool:
    return client.get(reverse("wagtailadmin_workflows:index")).status_code == 200


def sees_where_an_author_appears(client: Client) -> bool:
    url = reverse("where_it_appears", args=["author", AuthorFactory().pk])
    return client.get(url).status_code == 200


def opens_the_list_of_articles(client: Client) -> bool:
    return client.get(reverse("articles:index")).status_code == 200


EVERYBODY = set(ROLES)
PUBLISHERS = {"Editors", "Administrators"}
TABLE = [
    (writes_an_article, {"Writers", *PUBLISHERS}),
    (publishes_an_article, PUBLISHERS),
    (unpublishes_an_article, PUBLISHERS),
    (approves_an_article, {"Medical reviewers"}),
    (writes_an_author, {"Writers", *PUBLISHERS}),
    (publishes_an_author, PUBLISHERS),
    (deletes_a_category, PUBLISHERS),
    (renames_a_tag, PUBLISHERS),
    (publishes_many_authors, PUBLISHERS),
    (takes_an_author_down, PUBLISHERS),
    (makes_an_author_where_one_is_chosen, {"Writers", *PUBLISHERS}),
    (uploads_a_picture, {"Writers", *PUBLISHERS}),
    (opens_the_list_of_articles, {"Writers", *PUBLISHERS}),
    (sees_the_authors, EVERYBODY),
    (sees_where_an_author_appears, EVERYBODY),
    (opens_the_practice, {"Administrators"}),
    (manages_people_with_a_login, {"Administrators"}),
    (changes_the_way_of_review, {"Administrators"}),
]


@pytest.mark.parametrize(
    ("deed", "allowed"), TABLE, ids=[deed.__name__ for deed, _ in TABLE]
)
@pytest.mark.parametrize("role", [*ROLES, None])
def test_who_may_do_what(deed, allowed, role):
    assert deed(as_one_of(role)) is (role in allowed)


def test_wagtails_own_groups_and_welcome_page_are_gone():
    assert set(Group.objects.values_list("name", flat=True)) == EVERYBODY
    assert [page.title for page in Page.objects.filter(depth=2)] == ["Articles"]


def test_an_article_that_a_writer_submits_is_public_once_it_is_approved():
    author = AuthorFactory()
    article = ArticleFactory(authors=[author], live=False)
    writer, reviewer = as_one_of("Writers"), as_one_of("Medical reviewers")

    writer.post(
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        saved_article_form(article) | {"action-submit": "1"},
    )
    waiting = words(reviewer.get(reverse("wagtailadmin_home")))
    article.refresh_from_db()
    state = article.current_workflow_task_state
    mailed_link = reverse(
        "wagtailadmin_pages:workflow_preview", args=[article.pk, state.task_id]
    )
    read = reviewer.get(mailed_link, follow=True)
    done = reviewer.post(
        reverse(
            "wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk]
        )
    )

    assert article.title in waiting
    # Back to a page that reviewers may see, and not to the section.
    assert reviewer.get(done["Location"]).status_code == 200
    assert "Approve" in words(read)
    article.refresh_from_db()
    assert article.live
    assert reviewer.get(f"/api/v1/articles/{article.slug}/").status_code == 200


def test_a_writer_changes_no_picture_that_somebody_else_uploaded():
    with publication():
        image = ImageFactory(description="As it was")
    writer = as_one_of("Writers")

    writer.post(
        reverse("wagtailimages:edit", args=[image.pk]),
        {"title": image.title, "description": "Changed", "collection": 1},
    )

    image.refresh_from_db()
    assert image.description == "As it was"
