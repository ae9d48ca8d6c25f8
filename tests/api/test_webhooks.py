"""Sites hear of each change of their channel, in order, until they confirm it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from api.channels.models import Channel
from api.documents import publishing
from api.documents.models import Document, Placement
from api.webhooks import sending
from api.webhooks.models import Delivery, Endpoint
from tests.api.factories import ChannelFactory, EndpointFactory, settle
from tests.api.hooks import (
    ARTICLES,
    Travel,
    document_of,
    place_of,
    retitle,
    said,
    tell,
    withdraw,
)
from tests.api.receivers import Receiver, receiving
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


# --- What is said -----------------------------------------------------------------


def test_a_site_is_told_what_was_published_with_where_to_read_it(
    endpoint: Endpoint, receiver: Receiver
):
    article = ArticleFactory(slug="knees")

    tell()

    (got,) = receiver.got
    placement = Placement.objects.get(
        document=document_of(article), channel=endpoint.channel
    )
    assert got.message == {
        "type": "article.published",
        "timestamp": placement.changed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "data": {
            "type": "article",
            "id": str(placement.document_id),
            "locale": "en",
            "sequence": placement.sequence,
            "slug": "knees",
            "url": "http://localhost:8000/api/v1/articles/knees/"
            f"?channel={endpoint.channel.slug}",
            "canonical_url": placement.document.canonical_url,
            "etag": placement.etag,
        },
    }


def test_a_receiver_verifies_it_with_the_secret_it_was_given(
    endpoint: Endpoint, receiver: Receiver
):
    ArticleFactory(slug="knees")

    tell()

    (got,) = receiver.got
    secret = endpoint.secret  # type: ignore[attr-defined]
    assert Webhook(secret).verify(got.body, got.headers)["type"] == "article.published"


def test_a_site_that_wants_it_gets_the_whole_document(
    endpoint: Endpoint, receiver: Receiver
):
    Endpoint.objects.update(carries_document=True)
    ArticleFactory(title="Knees", body=[("text", "<p>Bend them.</p>")])

    tell()

    document = receiver.got[0].message["data"]["document"]
    assert document["title"] == "Knees"
    assert "Bend them." in document["body_html"]
    assert document["indexing"]["robots"] == "noindex, follow"


def test_a_channel_of_summaries_sends_no_text():
    with receiving() as receiver:
        channel = ChannelFactory(extent="summary")
        EndpointFactory(
            channel=channel, url=receiver.url, carries_document=True, events=ARTICLES
        )
        ArticleFactory(body=[("text", "<p>Bend them.</p>")])

        tell()

    assert b"Bend them." not in receiver.got[0].body


def test_what_it_knows_is_updated_and_what_is_gone_is_withdrawn(
    endpoint: Endpoint, receiver: Receiver
):
    article = ArticleFactory(slug="knees")
    tell()
    retitle(article, "Your knees")
    tell()
    withdraw(article)
    tell()

    assert [event for event, _ in said(receiver)] == ARTICLES
    data = receiver.got[-1].message["data"]
    document = document_of(article)
    assert data["kind"] == "gone"
    assert (data["reason"], data["replacement"]) == (None, None)
    assert data["withdrawn_at"] == document.withdrawn_at.strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ"
    )
    assert "etag" not in data


def test_a_withdrawal_says_why_and_what_to_read_instead(
    endpoint: Endpoint, receiver: Receiver
):
    article = ArticleFactory()
    tell()
    withdraw(article)
    Document.objects.filter(pk=document_of(article).pk).update(
        withdrawn_kind="withdrawn",
        withdrawn_reason="The dose was wrong.",
        replacement="https://clinic.example/new/",
    )

    tell()

    data = receiver.got[-1].message["data"]
    assert data["reason"] == "The dose was wrong."
    assert data["replacement"] == "https://clinic.example/new/"


def test_what_a_channel_may_carry_no_longer_is_withdrawn_there():
    with receiving() as receiver:
        channel = ChannelFactory()
        article = ArticleFactory(slug="knees")
        EndpointFactory(channel=channel, url=receiver.url, events=ARTICLES)

        with publishing.publishing():
            channel.selection = "none"
            channel.save()
            publishing.note(Channel, channel.pk)
        settle()
        tell()

    assert said(receiver) == [("article.withdrawn", "knees")]
    assert receiver.got[0].message["data"]["kind"] == "out_of_scope"
    assert document_of(article).withdrawn_at is None


def test_what_may_be_carried_no_longer_is_not_sent_before_the_channel_has_settled():
    with receiving() as receiver:
        channel = ChannelFactory()
        endpoint = EndpointFactory(channel=channel, url=receiver.url, events=ARTICLES)
        ArticleFactory(slug="knees")
        with publishing.publishing():
            channel.selection = "none"
            channel.save()
            publishing.note(Channel, channel.pk)

        tell()

        assert receiver.got == []
        settle()
        Endpoint.objects.filter(pk=endpoint.pk).update(next_attempt_at=timezone.now())
        tell()

    assert said(receiver) == [("article.withdrawn", "knees")]


def test_it_hears_of_what_it_asked_for_and_of_its_own_channel():
    with receiving() as receiver:
        EndpointFactory(url=receiver.url, events=["article.withdrawn"])
        endpoint = Endpoint.objects.get()
        article = ArticleFactory(slug="knees")
        ArticleFactory()
        tell()
        assert receiver.got == []
        withdraw(article)

        tell()

    assert said(receiver) == [("article.withdrawn", "knees")]
    assert place_of(article, endpoint) <= Endpoint.objects.get().sequence


def test_who_asks_for_nothing_in_particular_hears_of_everything():
    with receiving() as receiver:
        EndpointFactory(url=receiver.url)
        ArticleFactory()

        tell()

    assert {"article.published", "author.published"} <= {
        event for event, _ in said(receiver)
    }


def test_what_was_there_before_it_came_is_not_told():
    with receiving() as receiver:
        channel = ChannelFactory()
        article = ArticleFactory(slug="knees")
        EndpointFactory(channel=channel, url=receiver.url, events=ARTICLES)
        tell()
        assert receiver.got == []

        retitle(article, "Your knees")
        tell()

    assert said(receiver) == [("article.updated", "knees")]


# --- In order, at least once --------------------------------------------------------


def test_changes_come_in_their_order_each_with_an_id_of_its_own(
    endpoint: Endpoint, receiver: Receiver
):
    articles = [ArticleFactory() for _ in range(30)]

    tell()

    assert receiver.places == [place_of(article, endpoint) for article in articles]
    assert receiver.places == sorted(receiver.places)
    assert len({one.id for one in receiver.got}) == 30


def test_its_place_moves_with_what_it_confirms(endpoint: Endpoint, receiver: Receiver):
    article = ArticleFactory()

    tell()

    endpoint.refresh_from_db()
    assert endpoint.sequence >= place_of(article, endpoint)
    assert endpoint.confirmed_at is not None
    assert (endpoint.lease, endpoint.leased_until) == (None, None)


def test_what_is_not_confirmed_comes_again_under_the_same_id_before_anything_else(
    endpoint: Endpoint, receiver: Receiver, frozen: Travel
):
    receiver.answers = [500]
    with frozen(timezone.now()):
        first = ArticleFactory()
        second = ArticleFactory()
        tell()
        assert len(receiver.got) == 1
    with frozen(timezone.now() + timedelta(seconds=6)):
        tell()

    places = [place_of(article, endpoint) for article in (first, first, second)]
    assert receiver.places == places
    assert receiver.got[0].id == receiver.got[1].id != receiver.got[2].id
    assert (
        receiver.got[0].headers["webhook-timestamp"]
        != (receiver.got[1].headers["webhook-timestamp"])
    )


def test_what_was_overtaken_while_it_waited_is_not_sent_any_more(
    endpoint: Endpoint, receiver: Receiver, frozen: Travel
):
    receiver.answers = [500]
    Endpoint.objects.update(carries_document=True)
    article = ArticleFactory(slug="knees", title="Wrong and unsafe")
    tell()
    withdraw(article)
    with frozen(timezone.now() + timedelta(seconds=6)):
        tell()

    assert [event for event, _ in said(receiver)] == [
        "article.published",
        "article.withdrawn",
    ]
    assert b"unsafe" not in receiver.got[-1].body
    states = Delivery.objects.order_by("sequence").values_list("state", flat=True)
    assert list(states) == ["superseded", "delivered"]


def test_a_withdrawal_is_told_even_if_the_publication_was_never_confirmed(
    endpoint: Endpoint, receiver: Receiver
):
    """Its confirmation may be what was lost."""
    withdraw(ArticleFactory(slug="knees"))

    tell()

    assert said(receiver) == [("article.withdrawn", "knees")]


def test_what_a_suspended_channel_has_is_not_sent(
    endpoint: Endpoint, receiver: Receiver
):
    ArticleFactory()
    Channel.objects.filter(pk=endpoint.channel_id).update(is_suspended=True)
    tell()
    assert receiver.got == []

    Channel.objects.filter(pk=endpoint.channel_id).update(is_suspended=False)
    tell()

    assert len(receiver.got) == 1


def test_what_changes_nothing_has_nobody_called(endpoint: Endpoint, receiver: Receiver):
    article = ArticleFactory()
    tell()

    retitle(article, article.title)
    tell()

    assert len(receiver.got) == 1
    assert sending.claim(timezone.now()) is None


def test_ids_on_the_wire_are_those_of_documents(endpoint: Endpoint, receiver: Receiver):
    article = ArticleFactory()

    tell()

    assert UUID(receiver.got[0].message["data"]["id"]) == document_of(article).pk
