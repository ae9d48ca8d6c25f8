"""Sites hear of each change of their channel, in order, until they confirm it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from api.channels.models import Channel
from api.documents import publishing
from api.documents.models import Document, Placement
from api.webhooks import schedule, sending
from api.webhooks.models import Attempt, Delivery, Endpoint
from content_models.models import Article
from tests.api.factories import ChannelFactory, EndpointFactory, settle
from tests.api.receivers import Receiver, receiving
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db

ARTICLES = ["article.published", "article.updated", "article.withdrawn"]
Travel = Callable[[datetime], time_machine.travel]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def endpoint(receiver: Receiver) -> Endpoint:
    made: Endpoint = EndpointFactory(url=receiver.url, events=ARTICLES)
    return made


def tell() -> None:
    """What the worker does, until nothing is due."""
    while (due := sending.claim(timezone.now())) is not None:
        sending.serve(due)


def retitle(article: Article, title: str) -> None:
    with publishing.publishing():
        article.title = title
        article.save_revision().publish()


def withdraw(article: Article) -> None:
    with publishing.publishing():
        article.unpublish()


def document_of(article: Article) -> Document:
    return Document.objects.get(source=f"article:{article.pk}")


def place_of(article: Article, endpoint: Endpoint) -> int:
    placements = Placement.objects.filter(channel=endpoint.channel)
    return int(placements.get(document=document_of(article)).sequence)


def said(receiver: Receiver) -> list[tuple[str, str]]:
    return [(one.message["type"], one.message["data"]["slug"]) for one in receiver.got]


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


# --- Trying again -----------------------------------------------------------------


def attempts_at(endpoint: Endpoint, until: datetime) -> list[timedelta]:
    """When it was tried, by the clock's going on, from now until then."""
    start, at = timezone.now(), timezone.now()
    tried = []
    while at <= until:
        with time_machine.travel(at, tick=False):
            tell()
        tried.append(at - start)
        endpoint.refresh_from_db()
        if not endpoint.is_active or endpoint.next_attempt_at <= at:
            break
        at = endpoint.next_attempt_at
    return tried


def test_one_that_fails_for_three_days_is_tried_as_the_standard_says_and_paused(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(schedule, "JITTER", 0)
    receiver.status = 500
    ArticleFactory()

    tried = attempts_at(endpoint, timezone.now() + timedelta(days=9))

    pauses = [
        round((after - before).total_seconds() / 3600, 1)
        for before, after in pairwise(tried)
    ]
    assert pauses == [0, 0.1, 0.5, 2, 5, 10, 14, 20, 24]
    assert len(receiver.got) == 10
    assert endpoint.is_paused
    assert "answered 500 10 times" in endpoint.reason
    assert not endpoint.is_told


def test_500_for_a_day_loses_nothing(endpoint: Endpoint, receiver: Receiver):
    receiver.status = 500
    articles = [ArticleFactory() for _ in range(3)]
    day = timezone.now() + timedelta(days=1)
    attempts_at(endpoint, day)
    assert endpoint.is_active
    assert endpoint.failing_since is not None
    # However long it fails, it is one message that it fails with.
    assert len({one.id for one in receiver.got}) == 1

    receiver.status, receiver.got = 200, []
    with time_machine.travel(endpoint.next_attempt_at, tick=False):
        tell()

    assert receiver.places == [place_of(article, endpoint) for article in articles]
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_news_does_not_shorten_the_pause(endpoint: Endpoint, receiver: Receiver):
    receiver.status = 500
    ArticleFactory()
    tell()

    ArticleFactory()
    tell()

    assert len(receiver.got) == 1


def test_paused_and_resumed_it_hears_of_all_that_changed_meanwhile(
    endpoint: Endpoint, receiver: Receiver
):
    endpoint.pause("Moving house.")
    articles = [ArticleFactory() for _ in range(3)]
    tell()
    assert receiver.got == []

    endpoint.resume()
    tell()

    assert receiver.places == [place_of(article, endpoint) for article in articles]


def test_410_ends_it(endpoint: Endpoint, receiver: Receiver):
    receiver.status = 410
    ArticleFactory()

    tell()
    ArticleFactory()
    tell()

    endpoint.refresh_from_db()
    assert len(receiver.got) == 1
    assert endpoint.has_ended
    assert "410" in endpoint.reason
    assert not endpoint.is_told


@pytest.mark.parametrize("status", [301, 302, 304, 400, 401, 404, 429, 500, 503])
def test_anything_but_success_is_tried_again(
    endpoint: Endpoint, receiver: Receiver, status: int
):
    receiver.status = status
    ArticleFactory()

    tell()

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failures) == (True, 1)


def test_a_clock_that_was_ahead_holds_up_no_message(
    endpoint: Endpoint, receiver: Receiver
):
    """By a day: one was confirmed, and the worker was killed over the next one."""
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        first = ArticleFactory()
        tell()
        second = ArticleFactory()
        assert sending.claim(timezone.now())
    third = ArticleFactory()
    tell()
    assert receiver.places == [place_of(first, endpoint)]

    sending.set_right(timezone.now())
    tell()

    told = [place_of(article, endpoint) for article in (first, second, third)]
    assert receiver.places == told


def test_what_a_receiver_asked_for_is_not_taken_for_a_wrong_clock(
    endpoint: Endpoint, receiver: Receiver
):
    receiver.status, receiver.headers = 429, {"Retry-After": str(24 * 3600)}
    ArticleFactory()
    tell()

    sending.set_right(timezone.now())
    tell()

    assert len(receiver.got) == 1


def test_jitter_has_those_that_failed_together_come_back_apart():
    pauses = {schedule.pause_after(4, None) for _ in range(50)}

    assert len(pauses) > 40
    assert all(
        timedelta(hours=1.8) <= pause <= timedelta(hours=2.2) for pause in pauses
    )


@pytest.mark.parametrize(
    ("asked_s", "waits"),
    [
        (1, timedelta(minutes=4)),
        (3600, timedelta(hours=1)),
        (10**8, timedelta(hours=24)),
    ],
)
def test_a_receiver_may_ask_for_more_patience_but_not_for_ever(
    asked_s: float, waits: timedelta
):
    pause = schedule.pause_after(2, asked_s)

    assert pause is not None
    assert waits <= pause <= max(waits, timedelta(minutes=6))


def test_it_is_left_alone_as_long_as_it_asks(endpoint: Endpoint, receiver: Receiver):
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    ArticleFactory()

    tell()

    endpoint.refresh_from_db()
    wait = endpoint.next_attempt_at - timezone.now()
    assert timedelta(seconds=590) < wait <= timedelta(seconds=600)


def test_one_of_whose_secret_nothing_is_left_is_paused_and_nothing_is_sent(
    endpoint: Endpoint, receiver: Receiver, settings: Any
):
    settings.SECRET_KEY = "another one " * 5
    ArticleFactory()

    tell()

    endpoint.refresh_from_db()
    assert receiver.got == []
    assert endpoint.is_paused
    assert "Make a new secret" in endpoint.reason


def test_a_new_secret_is_the_way_back_after_the_servers_key_was_lost(
    endpoint: Endpoint, receiver: Receiver, settings: Any
):
    settings.SECRET_KEY = "another one " * 5
    ArticleFactory()
    tell()
    endpoint.refresh_from_db()

    text = endpoint.new_secret()
    endpoint.resume()
    tell()

    [got] = receiver.got
    Webhook(text).verify(got.body, got.headers)


def test_a_mistake_of_our_own_is_logged_and_holds_up_nobody_else(
    endpoint: Endpoint,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    with receiving() as other:
        EndpointFactory(channel=endpoint.channel, url=other.url, events=ARTICLES)
        genuine = sending._next

        def broken(about: Endpoint, *args: Any) -> Any:
            if about.pk == endpoint.pk:
                raise KeyError("slug")
            return genuine(about, *args)

        monkeypatch.setattr(sending, "_next", broken)
        ArticleFactory()
        tell()

        assert len(other.got) == 1
    assert "cannot be told" in caplog.text
    endpoint.refresh_from_db()
    assert endpoint.next_attempt_at > timezone.now() + timedelta(seconds=50)


def test_what_staff_asked_for_does_not_fail_without_end(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    def broken(*args: Any) -> Any:
        raise KeyError("slug")

    monkeypatch.setattr(sending, "_body_again", broken)
    endpoint.ask_for_test()

    tell()

    assert Delivery.objects.get().state == "failed"


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


def test_ids_on_the_wire_are_those_of_documents(endpoint: Endpoint, receiver: Receiver):
    article = ArticleFactory()

    tell()

    assert UUID(receiver.got[0].message["data"]["id"]) == document_of(article).pk
