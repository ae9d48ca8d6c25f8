"""What staff ask of a webhook: a test, a message again, another secret."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from api.webhooks import sending
from api.webhooks.models import Attempt, Delivery, Endpoint
from tests.api.factories import ChannelFactory
from tests.api.hooks import place_of, tell, withdraw
from tests.api.receivers import Receiver
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


# --- What staff ask for -----------------------------------------------------------


def test_a_test_is_sent_also_while_it_is_paused(endpoint: Endpoint, receiver: Receiver):
    endpoint.pause("Not yet.")

    endpoint.ask_for_test()
    tell()

    (got,) = receiver.got
    assert got.message["type"] == "webhook.test"
    assert got.message["data"] == {}
    secret = endpoint.secret  # type: ignore[attr-defined]
    Webhook(secret).verify(got.body, got.headers)


def test_a_test_that_fails_is_no_reason_to_pause(
    endpoint: Endpoint, receiver: Receiver
):
    receiver.status = 500

    endpoint.ask_for_test()
    tell()

    endpoint.refresh_from_db()
    assert endpoint.failures == 0
    assert Delivery.objects.get().state == "failed"
    assert len(receiver.got) == 1


def test_one_that_answers_a_test_does_not_wait_for_the_end_of_its_pause(
    endpoint: Endpoint, receiver: Receiver
):
    receiver.answers = [500]
    article = ArticleFactory()
    tell()

    endpoint.ask_for_test()
    tell()

    assert receiver.got[-1].place == place_of(article, endpoint)


def test_a_message_is_sent_again_under_its_id(endpoint: Endpoint, receiver: Receiver):
    ArticleFactory()
    tell()

    Delivery.objects.get().ask_again()
    tell()

    first, again = receiver.got
    assert (first.id, first.body) == (again.id, again.body)
    assert Attempt.objects.count() == 2


def test_what_has_changed_since_is_not_sent_again(
    endpoint: Endpoint, receiver: Receiver
):
    article = ArticleFactory()
    tell()
    withdraw(article)
    tell()

    Delivery.objects.earliest("pk").ask_again()
    tell()

    assert len(receiver.got) == 2
    assert not Delivery.objects.filter(asked_at__isnull=False).exists()


def test_the_log_says_what_was_sent_and_what_came_back(
    endpoint: Endpoint, receiver: Receiver
):
    receiver.status, receiver.body = 500, b"\0Out of memory" + b"x" * 9_000
    ArticleFactory(slug="knees")

    tell()

    attempt = Attempt.objects.select_related("delivery").get()
    assert attempt.status == 500
    assert attempt.answer.startswith("�Out of memory")
    assert len(attempt.answer) == sending.MOST_KEPT
    assert attempt.took_ms < 2_000
    assert attempt.delivery.payload.encode() == receiver.got[0].body
    assert (attempt.delivery.slug, attempt.delivery.state) == ("knees", "failed")


def test_old_messages_are_forgotten(endpoint: Endpoint, receiver: Receiver):
    ArticleFactory()
    tell()
    old = timezone.now() - timedelta(days=31)
    Delivery.objects.update(created_at=old)
    ArticleFactory()
    tell()

    sending.clear()

    assert Delivery.objects.count() == 1


# --- Secrets ------------------------------------------------------------------------


def test_while_a_secret_is_replaced_both_verify_until_the_former_is_ended(
    endpoint: Endpoint, receiver: Receiver
):
    former = Webhook(endpoint.secret)  # type: ignore[attr-defined]
    new = Webhook(endpoint.new_secret())
    ArticleFactory()
    tell()
    got = receiver.got[-1]
    assert former.verify(got.body, got.headers) == new.verify(got.body, got.headers)

    endpoint.end_former_secrets()
    ArticleFactory()
    tell()

    got = receiver.got[-1]
    new.verify(got.body, got.headers)
    assert " " not in got.headers["webhook-signature"]


def test_there_are_two_secrets_at_the_most(endpoint: Endpoint):
    endpoint.new_secret()

    with pytest.raises(ValidationError, match="End the former one"):
        endpoint.new_secret()


def test_the_database_has_no_secret(endpoint: Endpoint):
    text = endpoint.secret  # type: ignore[attr-defined]
    raw = base64.b64decode(text.removeprefix("whsec_"))

    (kept,) = endpoint.secrets.values()
    rows = " ".join(str(value) for value in kept.values())
    assert text not in rows
    assert raw.hex() not in rows


def test_an_address_inside_is_refused_when_it_is_entered(settings: Any):
    settings.WEBHOOKS_REACH_LOOPBACK = False
    endpoint = Endpoint(channel=ChannelFactory(), url="https://10.0.0.1/hooks")

    with pytest.raises(ValidationError, match="not a public address"):
        endpoint.full_clean()


def test_an_event_that_does_not_exist_is_refused():
    endpoint = Endpoint(
        channel=ChannelFactory(),
        url="http://localhost:8123/",
        events=["article.deleted"],
    )

    with pytest.raises(ValidationError, match=r"article\.deleted"):
        endpoint.full_clean()
