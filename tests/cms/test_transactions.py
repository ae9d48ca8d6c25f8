"""The admin's transactions: all of what a page does happens, or none of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection, send_mail
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from wagtail.admin import messages

from cms import urls as project
from cms.desk.transactions import publishes
from content_models.models import Category
from content_models.publication import publication
from tests.factories import CategoryFactory, UserFactory
from tests.forms import words

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def _saves_and(end: Callable[[], HttpResponse]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        CategoryFactory(slug="half-done")
        send_mail("Published", "It is out.", "cms@example.com", ["ada@example.com"])
        messages.success(request, "It worked.")
        return end()

    return publishes(view)


def _raise(error: Exception) -> Callable[[], HttpResponse]:
    def end() -> HttpResponse:
        raise error

    return end


urlpatterns = [
    path("cms/works", _saves_and(lambda: HttpResponse("Done."))),
    path("cms/answers-error", _saves_and(lambda: HttpResponse("No.", status=409))),
    path("cms/invalid", _saves_and(_raise(ValidationError("Choose another address.")))),
    path("cms/raced", _saves_and(_raise(IntegrityError("unique")))),
    path("cms/breaks", _saves_and(_raise(RuntimeError("bug")))),
    *project.urlpatterns,
]


@pytest.fixture
def staff(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    settings.EMAIL_BACKEND = "cms.mail.AfterCommit"
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_what_works_is_published_and_told(staff):
    assert staff.post("/cms/works").status_code == 200

    assert staff.get("/api/v1/categories/half-done/").status_code in (200, 404)
    assert Category.objects.get().live
    assert [letter.subject for letter in mail.outbox] == ["Published"]


@pytest.mark.parametrize("address", ["answers-error", "invalid", "raced", "breaks"])
def test_what_fails_leaves_nothing_half_done_and_sends_no_mail(staff, address):
    staff.post(f"/cms/{address}")

    assert not Category.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("invalid", "Choose another address."),
        ("raced", "Nothing was saved: somebody else has just saved"),
    ],
)
def test_a_refusal_is_told_where_one_came_from_and_success_is_not(
    staff, address, sentence
):
    came_from = "http://testserver/cms/articles/"

    answer = staff.post(f"/cms/{address}", headers={"referer": came_from}, follow=True)

    assert answer.redirect_chain == [(came_from, 302)]
    assert sentence in words(answer)
    assert "It worked." not in words(answer)


def test_a_refusal_leads_to_no_other_site(staff):
    answer = staff.post("/cms/invalid", headers={"referer": "https://example.org/x"})

    assert answer.headers["Location"] == "/cms/"


def test_a_script_is_told_in_json(staff):
    answer = staff.post("/cms/invalid", headers={"accept": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["error_message"] == "Choose another address."


def test_mail_waits_for_the_commit(settings):
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outgoing = get_connection("cms.mail.AfterCommit")
    letter = EmailMessage("Subject", "Text", "cms@example.com", ["ada@example.com"])

    with publication():
        outgoing.send_messages([letter])
        assert mail.outbox == []

    assert len(mail.outbox) == 1
    outgoing.send_messages([letter])
    assert len(mail.outbox) == 2


def test_mail_of_what_was_undone_is_never_sent(settings):
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    letter = EmailMessage("Subject", "Text", "cms@example.com", ["ada@example.com"])

    with transaction.atomic():
        get_connection("cms.mail.AfterCommit").send_messages([letter])
        transaction.set_rollback(True)

    assert mail.outbox == []
