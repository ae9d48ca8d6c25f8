"""Many are published or taken down at once, by whoever may do it to each of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from content_models.models import Author, Category
from tests import factories as make
from tests.forms import words

pytestmark = pytest.mark.django_db


def as_one_of(role: str) -> Client:
    client = Client()
    client.force_login(make.UserFactory(roles=[role]))
    return client


def address(action: str, *things) -> str:
    model = type(things[0])._meta.model_name
    url = reverse("wagtail_bulk_action", args=["content_models", model, action])
    ids = "&".join(f"id={thing.pk}" for thing in things)
    # The list says where to go back to.
    return f"{url}?{ids}&next=/cms/"


def test_drafts_that_an_editor_publishes_together_are_public(client):
    first, second = make.AuthorFactory(live=False), make.AuthorFactory(live=False)

    answer = as_one_of("Editors").post(address("publish", first, second), follow=True)

    assert "2 authors published." in words(answer)
    assert client.get("/api/v1/authors/").json()["count"] == 2


def test_the_newest_version_is_what_is_published():
    category = make.CategoryFactory(name="Knee")
    category.name = "Knees"
    category.save_revision()

    as_one_of("Editors").post(address("publish", category))

    assert Category.objects.get().name == "Knees"


def test_what_is_taken_down_together_is_nowhere_and_stays_a_draft(client):
    author = make.AuthorFactory()

    answer = as_one_of("Editors").post(address("unpublish", author), follow=True)

    assert "1 author taken down." in words(answer)
    assert not Author.objects.get().live
    assert client.get("/api/v1/authors/").json()["count"] == 0


def test_before_anything_is_taken_down_it_is_said_what_it_disappears_from(
    django_capture_on_commit_callbacks,
):
    author = make.AuthorFactory()
    # Wagtail notes after the commit what uses what.
    with django_capture_on_commit_callbacks(execute=True):
        make.ArticleFactory(title="Back pain", authors=[author])

    page = words(as_one_of("Editors").get(address("unpublish", author)))

    assert "It disappears from “Back pain” (article)" in page


@pytest.mark.parametrize("role", ["Writers", "Medical reviewers"])
def test_who_may_not_publish_publishes_nothing(role):
    author = make.AuthorFactory(live=False)

    answer = as_one_of(role).post(address("publish", author), follow=True)

    assert not Author.objects.get().live, words(answer)


def test_what_somebody_else_has_locked_is_left_as_it_is():
    locked, free = make.AuthorFactory(live=False), make.AuthorFactory(live=False)
    Author.objects.filter(pk=locked.pk).update(
        locked=True, locked_by=make.UserFactory()
    )

    as_one_of("Editors").post(address("publish", locked, free))

    assert list(Author.objects.filter(live=True)) == [free]


def test_what_has_no_draft_is_neither_published_nor_taken_down():
    tag = make.TagFactory()

    answer = as_one_of("Editors").get(address("publish", tag))

    assert answer.status_code == 404
