"""What is not there yet is made where one chooses, without leaving the form."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from content_models.models import Author, Category, CredentialType, Location, Reference
from tests import factories as make

pytestmark = pytest.mark.django_db


def as_one_of(role: str) -> Client:
    client = Client()
    client.force_login(make.UserFactory(roles=[role]))
    return client


def chooser(model, action: str) -> str:
    return reverse(model.snippet_viewset.chooser_viewset.get_url_name(action))


def offered(client: Client, model) -> str:
    """The dialog in which one chooses."""
    return json.loads(client.get(chooser(model, "choose")).content)["html"]


def make_in_place(client: Client, model, **fields: str) -> dict[str, object]:
    """What the chooser answers to its form on the tab "New"."""
    answer = client.post(chooser(model, "create"), fields)
    assert answer.status_code == 200, answer
    found: dict[str, object] = json.loads(answer.content)
    return found


def test_an_author_that_an_editor_makes_is_chosen_and_public(client):
    answer = make_in_place(
        as_one_of("Editors"), Author, given_name="Ada", family_name="Byron"
    )

    author = Author.objects.get()
    assert (answer["step"], answer["result"]["string"]) == ("chosen", "Ada Byron")
    assert (author.live, author.slug) == (True, "ada-byron")
    assert client.get("/api/v1/authors/ada-byron/").status_code == 200


def test_one_that_a_writer_makes_is_chosen_and_a_draft(client):
    make_in_place(as_one_of("Writers"), Author, given_name="Ada", family_name="Byron")

    author = Author.objects.get()
    assert (author.live, author.latest_revision is not None) == (False, True)
    assert client.get("/api/v1/authors/ada-byron/").status_code == 404


def test_what_is_wrong_is_said_on_the_form_and_nothing_is_made():
    answer = make_in_place(as_one_of("Editors"), Author, job_title="Therapist")

    assert answer["step"] == "reshow_creation_form"
    assert "Give at least one name." in str(answer["htmlFragment"])
    assert not Author.objects.exists()


def test_a_reference_needs_no_more_than_a_title(client):
    make_in_place(
        as_one_of("Editors"),
        Reference,
        title="Rest or movement?",
        kind="article-journal",
    )

    assert Reference.objects.get().live


def test_a_kind_of_credential_has_no_draft_and_needs_the_right(client):
    fields = {"abbreviation": "DPT", "name": "Doctor of Physical Therapy"}

    make_in_place(as_one_of("Editors"), CredentialType, **fields, kind="degree")
    refused = as_one_of("Writers").post(chooser(CredentialType, "create"), fields)

    assert CredentialType.objects.get().name == "Doctor of Physical Therapy"
    assert refused.status_code == 302


def test_who_may_not_make_one_is_offered_no_form():
    make.CategoryFactory()

    form = offered(as_one_of("Medical reviewers"), Category)

    assert "data-chooser-modal-creation-form" not in form


@pytest.mark.parametrize(
    ("role", "model", "button"),
    [
        ("Editors", Author, "Publish it and choose it"),
        ("Writers", Author, "Save it as a draft and choose it"),
        ("Editors", CredentialType, "Add it and choose it"),
    ],
)
def test_the_button_says_whether_readers_will_see_it(role, model, button):
    assert f">{button}</button>" in offered(as_one_of(role), model)


def test_a_new_location_stands_where_the_others_do():
    make.PracticeFactory(time_zone="America/Chicago")
    make.LocationFactory(region="US-IL")
    form = offered(as_one_of("Editors"), Location)

    make_in_place(as_one_of("Editors"), Location, name="Evanston", region="US-IL")

    assert 'value="US-IL"' in form
    assert Location.objects.get(name="Evanston").time_zone == "America/Chicago"
