"""What will be asked of a channel comes with it, and never from another state of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from api.channels.models import Channel, Extent
from api.documents import publishing, reading
from api.documents.models import Settling
from tests import factories as make
from tests.api.carried import change
from tests.api.factories import ChannelFactory
from tests.api.hooks import withdraw

pytestmark = pytest.mark.django_db

LIST, DETAIL = "/api/v1/articles/", "/api/v1/articles/knee/"
ADDRESSES = [
    *(LIST, f"{LIST}?limit=1", f"{LIST}?fields=title,body", f"{LIST}?locale=es"),
    *(DETAIL, f"{DETAIL}?format=md", f"{DETAIL}?locale=es&fallback=true"),
    *("/api/v1/articles/nowhere/", "/api/v1/authors/", "/api/v1/awards/"),
]
# What no two answers share.
OWN = {"X-Request-ID"}


@pytest.fixture
def channel() -> Channel:
    found: Channel = ChannelFactory(slug="elsewhere")
    return found


@pytest.fixture
def article(channel: Channel) -> Any:
    make.ArticleFactory(slug="hip")
    return make.ArticleFactory(slug="knee", title="Knee pain")


def ask(client: Client, address: str) -> HttpResponse:
    joint = "&" if "?" in address else "?"
    found: HttpResponse = client.get(f"{address}{joint}channel=elsewhere")
    return found


def told(answer: HttpResponse) -> tuple[Any, ...]:
    headers = {name: text for name, text in answer.items() if name not in OWN}
    return answer.status_code, headers, answer.content


def publish(article: Any) -> None:
    with publishing.publishing():
        article.save_revision().publish()


def publish_another(channel: Channel, article: Any) -> None:
    make.ArticleFactory(slug="shoulder")


def rename(channel: Channel, article: Any) -> None:
    article.title = "Pain in the knee"
    publish(article)


def give_another_slug(channel: Channel, article: Any) -> None:
    article.slug = "knees"
    publish(article)


def take_away(channel: Channel, article: Any) -> None:
    withdraw(article)


def carry_summaries_only(channel: Channel, article: Any) -> None:
    change(channel, extent=Extent.SUMMARY)


def begin_to_settle(channel: Channel, article: Any) -> None:
    Settling.objects.create(channel=channel, since=timezone.now())


def close(channel: Channel, article: Any) -> None:
    change(channel, is_open=False)


def suspend(channel: Channel, article: Any) -> None:
    change(channel, is_suspended=True)


def change_nothing(channel: Channel, article: Any) -> None:
    pass


DEEDS: list[Callable[[Channel, Any], None]] = [
    *(publish_another, rename, give_another_slug, take_away, carry_summaries_only),
    *(begin_to_settle, close, suspend, change_nothing),
]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_an_answer_that_was_foreseen_is_the_answer_of_now(
    client: Client, channel: Channel, article: Any, deed: Callable[..., None]
) -> None:
    for address in ADDRESSES:
        ask(client, address)

    deed(channel, article)

    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        for address in ADDRESSES:
            foreseen = [told(ask(client, address)) for _ in range(2)]
            reading.forget_channels()
            anew = told(ask(client, address))
            assert foreseen == [anew, anew], address


@pytest.mark.parametrize("address", [LIST, DETAIL, f"{LIST}?locale=es"])
def test_what_was_read_before_takes_one_statement(
    client: Client, article: Any, django_assert_num_queries: Any, address: str
) -> None:
    ask(client, address)

    with django_assert_num_queries(1):
        assert ask(client, address).status_code == 200


def test_who_has_the_list_already_has_no_page_read(
    client: Client, article: Any, django_assert_num_queries: Any
) -> None:
    etag = ask(client, LIST)["ETag"]

    with django_assert_num_queries(1) as statements:
        answer = client.get(
            f"{LIST}?channel=elsewhere", headers={"If-None-Match": etag}
        )

    assert answer.status_code == 304
    assert "summary_json" not in statements.captured_queries[0]["sql"]


def test_of_a_suspended_channel_nothing_is_read_but_that_it_is(
    client: Client, channel: Channel, article: Any, django_assert_num_queries: Any
) -> None:
    change(channel, is_suspended=True)
    ask(client, DETAIL)

    with django_assert_num_queries(1) as statements:
        assert ask(client, DETAIL).status_code == 403

    assert "full_json" not in statements.captured_queries[0]["sql"]


def test_the_clock_ends_what_was_foreseen_as_it_does_everything(
    client: Client, channel: Channel, article: Any
) -> None:
    ask(client, DETAIL)
    article.expire_at = timezone.now() + timedelta(hours=1)
    publish(article)
    assert ask(client, DETAIL).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert ask(client, DETAIL).status_code == 410
        assert "knee" not in [
            one["slug"] for one in ask(client, LIST).json()["results"]
        ]
