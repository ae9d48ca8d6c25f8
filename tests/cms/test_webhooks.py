"""Administrators say where sites hear of changes, and see what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from standardwebhooks.webhooks import Webhook
from wagtail.models import ModelLogEntry

from api.webhooks import sending
from api.webhooks.models import Delivery, Endpoint
from cms.desk.webhooks import mail as letters
from tests import factories as make
from tests.admin import errors_in
from tests.api.factories import ChannelFactory, EndpointFactory
from tests.api.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db

INDEX, ADD = reverse("webhooks:index"), reverse("webhooks:add")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Administrators"]))
    return client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def endpoint(receiver: Receiver) -> Endpoint:
    made: Endpoint = EndpointFactory(
        url=receiver.url, description="Search index", events=["article.published"]
    )
    return made


def tell() -> None:
    while (due := sending.claim(timezone.now())) is not None:
        sending.serve(due)


def page_of(endpoint: Endpoint) -> str:
    return reverse("webhooks:inspect", args=[endpoint.pk])


def act(client: Client, endpoint: Endpoint, what: str) -> str:
    url = reverse("webhooks:act", args=[endpoint.pk])
    return words(client.post(url, {"act": what}, follow=True))


def words(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "lxml")
    return " ".join(page.select_one("main").get_text(" ").split())


def secret_in(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "lxml")
    (shown,) = page.select("input[aria-label='The signing secret']")
    return str(shown["value"])


# --- Who may ----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Writers", "Editors", "Medical reviewers"])
def test_who_looks_after_content_does_not_look_after_webhooks(
    client: Client, endpoint: Endpoint, role: str
):
    client.force_login(make.UserFactory(roles=[role]))

    for url in (INDEX, ADD, page_of(endpoint)):
        assert client.get(url).status_code == 302
    for name, form in (
        ("act", {"act": "pause"}),
        ("act", {"act": "test"}),
        ("secret", {"newest": str(endpoint.secrets.get().pk)}),
        ("delete", {}),
    ):
        client.post(reverse(f"webhooks:{name}", args=[endpoint.pk]), form)

    endpoint.refresh_from_db()
    assert endpoint.is_active
    assert endpoint.secrets.count() == 1
    assert not endpoint.deliveries.exists()


def test_what_is_done_to_a_webhook_is_on_record(admin: Client, endpoint: Endpoint):
    act(admin, endpoint, "pause")
    admin.post(
        reverse("webhooks:secret", args=[endpoint.pk]),
        {"newest": str(endpoint.secrets.get().pk)},
    )

    done = ModelLogEntry.objects.for_instance(endpoint).order_by("pk")
    assert list(done.values_list("action", flat=True)) == [
        "clinicast.pause",
        "clinicast.make_secret",
    ]


# --- Making and changing one ------------------------------------------------------


def test_a_new_one_shows_its_secret_and_only_then(admin: Client, receiver: Receiver):
    channel = ChannelFactory()
    make.ArticleFactory()

    answer = admin.post(
        ADD,
        {"channel": channel.pk, "url": receiver.url, "events": ["article.published"]},
    )

    secret = secret_in(answer)
    assert "no-store" in answer["Cache-Control"]
    endpoint = Endpoint.objects.get()
    # What there is already, it reads for itself.
    assert endpoint.sequence == channel.head.sequence > 0
    make.ArticleFactory()
    tell()
    (got,) = receiver.got
    Webhook(secret).verify(got.body, got.headers)
    assert secret not in admin.get(page_of(endpoint)).content.decode()


def test_the_same_address_twice_is_refused(admin: Client, endpoint: Endpoint):
    answer = admin.post(ADD, {"channel": endpoint.channel_id, "url": endpoint.url})

    assert any("has a webhook at that address" in one for one in errors_in(answer))


def test_an_address_inside_is_refused_with_a_sentence(admin: Client, settings: Any):
    settings.WEBHOOKS_REACH_LOOPBACK = False

    answer = admin.post(
        ADD, {"channel": ChannelFactory().pk, "url": "https://10.0.0.1/"}
    )

    assert any("not a public address" in error for error in errors_in(answer))
    assert not Endpoint.objects.exists()


def test_a_change_leaves_what_the_worker_keeps(admin: Client, endpoint: Endpoint):
    url = reverse("webhooks:edit", args=[endpoint.pk])
    Endpoint.objects.update(sequence=77, failures=3)

    admin.post(url, {"url": endpoint.url, "description": "Other", "events": []})

    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.events) == ("Other", [])
    assert (endpoint.sequence, endpoint.failures) == (77, 3)


def test_of_a_new_one_articles_are_ticked(admin: Client):
    page = BeautifulSoup(admin.get(ADD).content, "lxml")

    ticked = [box["value"] for box in page.select("input[name=events][checked]")]

    assert ticked == ["article.published", "article.updated", "article.withdrawn"]


# --- How it stands ----------------------------------------------------------------


def test_the_list_says_what_each_hears_of_and_how_it_stands(
    admin: Client, endpoint: Endpoint
):
    said = words(admin.get(INDEX))

    assert "Search index" in said
    assert "article: published" in said
    assert "Nothing confirmed yet" in said
    assert "Has everything" in said


def test_one_that_confirms_works(admin: Client, endpoint: Endpoint, receiver: Receiver):
    make.ArticleFactory()
    tell()

    assert "Works" in words(admin.get(INDEX))


def test_the_list_takes_as_many_statements_for_ten_as_for_one(
    admin: Client, endpoint: Endpoint, django_assert_max_num_queries: Any
):
    for number in range(9):
        EndpointFactory(url=f"http://localhost:{number + 1}/")

    with django_assert_max_num_queries(20):
        admin.get(INDEX)


def test_its_page_says_how_many_changes_wait_and_since_when_it_fails(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    receiver.status = 500
    make.ArticleFactory(slug="knees")
    tell()

    said = words(admin.get(page_of(endpoint)))

    assert "Trying again" in said
    assert "Next attempt" in said
    assert "article.published" in said
    assert "knees" in said


def test_paused_and_resumed_by_a_button(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    act(admin, endpoint, "pause")
    make.ArticleFactory()
    tell()
    assert "until it is resumed" in words(admin.get(page_of(endpoint)))
    assert receiver.got == []

    act(admin, endpoint, "resume")
    tell()

    assert len(receiver.got) == 1


def test_a_test_is_sent_by_a_button_and_its_outcome_is_in_the_log(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    assert "On its way" in act(admin, endpoint, "test")
    tell()

    said = words(admin.get(page_of(endpoint)))

    assert "webhook.test" in said
    assert "Delivered" in said
    assert len(receiver.got) == 1


def test_the_log_shows_what_was_sent_and_what_came_back(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    receiver.status, receiver.body = 500, b"<script>Out of memory</script>"
    make.ArticleFactory(slug="knees")
    tell()
    delivery = Delivery.objects.get()

    answer = admin.get(reverse("webhooks:message", args=[endpoint.pk, delivery.pk]))

    said = words(answer)
    assert '"slug": "knees"' in said
    assert "<script>Out of memory</script>" in said
    assert b"<script>Out" not in answer.content
    assert delivery.webhook_id in said


def test_a_message_is_sent_again_by_a_button(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    make.ArticleFactory()
    tell()
    delivery = Delivery.objects.get()

    admin.post(reverse("webhooks:message", args=[endpoint.pk, delivery.pk]))
    tell()

    assert len(receiver.got) == 2
    assert len({one.id for one in receiver.got}) == 1


def test_what_is_not_so_any_more_is_not_sent_again(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    article = make.ArticleFactory()
    tell()
    with make.publication():
        article.unpublish()
    delivery = Delivery.objects.get()
    url = reverse("webhooks:message", args=[endpoint.pk, delivery.pk])

    assert "Send again" not in words(admin.get(url))
    assert "has changed since" in words(admin.post(url, follow=True))


# --- Its secret -------------------------------------------------------------------


def test_a_secret_is_replaced_without_an_outage(
    admin: Client, endpoint: Endpoint, receiver: Receiver
):
    url = reverse("webhooks:secret", args=[endpoint.pk])
    former = Webhook(endpoint.secret)  # type: ignore[attr-defined]

    answer = admin.post(url, {"newest": endpoint.secrets.get().pk})

    new = Webhook(secret_in(answer))
    endpoint.ask_for_test()
    tell()
    for one in (former, new):
        one.verify(receiver.got[0].body, receiver.got[0].headers)
    assert "the former one ends" in words(admin.get(page_of(endpoint)))

    act(admin, endpoint, "end-former")

    assert len(endpoint.valid_secrets(timezone.now())) == 1


def test_a_reload_makes_no_second_secret(admin: Client, endpoint: Endpoint):
    url = reverse("webhooks:secret", args=[endpoint.pk])
    form = {"newest": endpoint.secrets.get().pk}
    admin.post(url, form)

    said = words(admin.post(url, form, follow=True))

    assert "No secret was made" in said
    assert endpoint.secrets.count() == 2


# --- The letter -------------------------------------------------------------------


def test_those_who_look_after_it_are_told_once_when_it_is_stopped(
    endpoint: Endpoint, receiver: Receiver, django_capture_on_commit_callbacks: Any
):
    reader = make.UserFactory(roles=["Administrators"])
    make.UserFactory(roles=["Editors"])
    make.UserFactory(roles=["Administrators"], is_active=False)
    receiver.status = 410
    make.ArticleFactory()
    tell()

    with django_capture_on_commit_callbacks(execute=True):
        while letters.send():
            pass

    (letter,) = mail.outbox
    assert letter.subject == "Webhook ended: Search index"
    assert letter.bcc == [reader.email]
    assert "410" in letter.body
    assert f"http://localhost:8000{page_of(endpoint)}" in letter.body


def test_nobody_is_told_of_a_pause_that_staff_made(admin: Client, endpoint: Endpoint):
    act(admin, endpoint, "pause")

    assert not letters.send()
