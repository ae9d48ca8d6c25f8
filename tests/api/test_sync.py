"""The change feed: what a mirror is told, in which order, and what it costs."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from api.channels import keys
from api.channels.models import Channel
from api.documents import publishing
from api.documents.models import Document, Head, Placement
from api.sync import views
from content_models.models import Article
from tests import factories as make
from tests.api.factories import ChannelFactory, article, public, settle
from tests.api.feed import LINES, SYNC, ask, lines, page, republish, told, unpublish

pytestmark = pytest.mark.django_db


# --- The start --------------------------------------------------------------------


def test_it_starts_with_all_that_the_channel_carries_in_the_order_of_changes():
    first, second = article("first"), article("second")

    said = page("types=article")

    assert told(said) == [("put", "first"), ("put", "second")]
    assert [one["sequence"] for one in said["changes"]] == [
        first.sequence,
        second.sequence,
    ]
    assert said["more"] is False


def test_a_document_is_byte_for_byte_that_of_the_rest_api():
    make.ArticleFactory(slug="hip-pain")

    detail = Client().get("/api/v1/articles/hip-pain/").content.decode()

    assert f'"document":{detail}}}' in ask("types=article").content.decode()


def test_pages_lead_on_until_there_is_no_more():
    for name in ("a", "b", "c"):
        article(name)

    first = page("types=article&limit=2")
    second = Client().get(first["next"]).json()

    assert (told(first), first["more"]) == ([("put", "a"), ("put", "b")], True)
    assert (told(second), second["more"]) == ([("put", "c")], False)


def test_who_begins_is_not_told_of_what_was_withdrawn_before():
    gone, stays = make.ArticleFactory(), make.ArticleFactory(slug="stays")
    unpublish(gone)

    said = page("types=article&limit=1")
    unpublish(stays)
    after = page(f"since={said['checkpoint']}")

    assert told(said) == [("put", "stays")]
    assert told(after) == [("delete", "stays")]


def test_what_is_the_same_in_every_language_comes_with_each():
    article("en")
    article("es", locale="es")
    article("a-tag", type="tag")

    assert told(page("locale=es&types=article,tag")) == [
        ("put", "es"),
        ("put", "a-tag"),
    ]


# --- What changed -----------------------------------------------------------------


def test_from_a_checkpoint_on_only_what_changed_is_sent():
    one, _ = make.ArticleFactory(slug="one"), make.ArticleFactory(slug="two")
    since = page()["checkpoint"]

    assert page(f"since={since}")["changes"] == []
    republish(one, title="Another title")

    said = page(f"since={since}")
    assert told(said) == [("put", "one")]
    assert page(f"since={said['checkpoint']}")["changes"] == []


def test_of_many_changes_of_a_document_the_last_one_is_sent():
    one = make.ArticleFactory(slug="one")
    since = page()["checkpoint"]

    for title in ("Two", "Three"):
        republish(one, title=title)
    said = page(f"since={since}")

    assert [change["document"]["title"] for change in said["changes"]] == ["Three"]


def test_a_withdrawal_says_what_to_take_down_and_why():
    one = make.ArticleFactory(slug="one")
    document = page("types=article")["changes"][0]["document"]
    since = page()["checkpoint"]

    unpublish(one)
    changes = page(f"since={since}")["changes"]
    [change] = [one for one in changes if one["type"] == "article"]

    stored = Document.objects.get(pk=change["id"])
    assert change == {
        "op": "delete",
        "type": "article",
        "id": document["id"],
        "locale": "en",
        "sequence": change["sequence"],
        "slug": "one",
        "url": document["url"],
        "canonical_url": document["canonical_url"],
        "withdrawn_at": stored.withdrawn_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "kind": "gone",
        "reason": None,
        "replacement": None,
    }


def test_when_an_entitlement_shrinks_that_channel_and_no_other_gets_deletes():
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(slug="on-knees", categories=[knee])
    channel = ChannelFactory(slug="shore", categories=[knee])
    ours = page("channel=shore")["checkpoint"]
    public = page()["checkpoint"]

    with publishing.publishing():
        channel = Channel.objects.get(pk=channel.pk)
        channel.categories.set([hip])
        publishing.note(Channel, channel.pk)
    settle()

    gone = page(f"channel=shore&since={ours}")
    assert ("delete", "on-knees") in told(gone)
    assert {one["kind"] for one in gone["changes"] if one["op"] == "delete"} == {
        "out_of_scope"
    }
    assert page(f"since={public}")["changes"] == []


def test_what_happens_to_a_document_after_it_left_is_not_told():
    knee = make.CategoryFactory()
    wanders = make.ArticleFactory(slug="before", categories=[knee])
    ChannelFactory(slug="shore", categories=[knee])
    since = page("channel=shore&types=article")["checkpoint"]

    republish(wanders, filings=[])
    republish(wanders, slug="secret-plan", title="Secret plan")
    unpublish(wanders)
    [gone] = page(f"channel=shore&since={since}")["changes"]

    assert (gone["slug"], gone["kind"], gone["reason"]) == (
        "before",
        "out_of_scope",
        None,
    )
    assert "secret" not in json.dumps(gone)


# --- What cannot be shown at this moment -------------------------------------------


def test_what_lapsed_is_passed_over_and_comes_again_when_it_was_renewed():
    one = make.ArticleFactory(slug="one")
    since = page()["checkpoint"]
    republish(one, title="New")
    placement = Placement.objects.get(type="article")
    now = timezone.now()
    Document.objects.filter(pk=placement.document_id).update(valid_until=now)
    _overdue(placement.channel_id, now)

    lapsed = page(f"since={since}")
    while publishing.on_the_clock():
        pass
    renewed = page(f"since={lapsed['checkpoint']}")

    assert told(lapsed) == []
    assert told(renewed) == [("put", "one")]


def test_an_end_that_passed_and_was_put_off_is_a_change():
    one = make.ArticleFactory(slug="one")
    with time_machine.travel(timezone.now() + timedelta(days=1)) as clock:
        republish(one, expire_at=timezone.now() + timedelta(hours=1))
        since = page()["checkpoint"]
        clock.shift(timedelta(hours=2))
        before = Placement.objects.get(type="article").sequence

        republish(one, expire_at=timezone.now() + timedelta(days=9))

        assert Placement.objects.get(type="article").sequence > before
        assert ("put", "one") in told(page(f"since={since}"))


def test_what_left_and_came_back_while_a_channel_settled_is_not_lost():
    knee, hip = make.CategoryFactory(), make.CategoryFactory()
    make.ArticleFactory(slug="on-knees", categories=[knee])
    channel = ChannelFactory(slug="shore", categories=[knee])

    def choose(category: Any) -> None:
        with publishing.publishing():
            channel.categories.set([category])
            publishing.note(Channel, channel.pk)

    choose(hip)
    while_out = page("channel=shore&types=article")
    choose(knee)
    settle()
    after = page(f"channel=shore&since={while_out['checkpoint']}")

    assert told(while_out) == []
    assert told(after) == [("put", "on-knees")]


def test_translations_that_a_settling_channel_leaves_out_come_when_it_has_settled():
    english = make.ArticleFactory(slug="en")
    make.ArticleFactory(
        slug="es", locale=make.locale("es"), translation_key=english.translation_key
    )
    channel = ChannelFactory(slug="shore")
    with publishing.publishing():
        publishing.note(Channel, channel.pk)

    early = page("channel=shore&types=article&locale=en")
    settle()
    late = page(f"channel=shore&since={early['checkpoint']}")

    assert early["changes"][0]["document"]["translations"] == []
    named = late["changes"][0]["document"]["translations"]
    assert [one["slug"] for one in named] == ["es"]


def _overdue(channel_id: int, now: Any) -> None:
    Head.objects.filter(channel=channel_id).update(next_boundary_at=now)


def test_who_was_told_something_that_is_not_final_is_asked_to_take_his_time():
    make.ArticleFactory(slug="one")
    since = page()["checkpoint"]
    with publishing.publishing():
        publishing.note(Channel, public().pk)
    make.TagFactory(slug="new")

    answer = ask(f"since={since}")

    assert told(answer.json()) == [("put", "new")]
    assert int(answer["Retry-After"]) > 0


# --- Lines ------------------------------------------------------------------------


def test_lines_are_the_same_changes_and_end_with_the_checkpoint():
    for name in ("a", "b", "c"):
        article(name)

    *changes, last = lines("types=article")

    assert changes == page("types=article")["changes"]
    assert set(last) == {"checkpoint", "more", "next"}
    assert last["more"] is False


def test_lines_are_read_few_at_a_time_and_say_where_to_go_on(monkeypatch: Any):
    monkeypatch.setattr(views, "LINES", 3)
    monkeypatch.setattr(views, "READ_AT_ONCE", 2)
    for name in ("a", "b", "c", "d"):
        article(name)

    *changes, last = lines("types=article")
    *others, end = lines(f"since={last['checkpoint']}")

    assert [one["document"]["slug"] for one in [*changes, *others]] == list("abcd")
    assert (len(changes), last["more"], end["more"]) == (3, True, False)


def test_a_text_with_unusual_line_ends_is_still_one_line():
    article("odd", members={"summary": "one\u2028two\u0085three"})

    [change, _] = lines("types=article")

    assert change["document"]["summary"] == "one\u2028two\u0085three"


def test_lines_come_packed_and_head_has_none():
    article("long", members={"summary": "word " * 1_000})

    plain = b"".join(ask("types=article", Accept=LINES))
    packed = ask("types=article", Accept=LINES, **{"Accept-Encoding": "gzip"})
    head = Client().head(SYNC, headers={"Accept": LINES})

    assert gzip.decompress(b"".join(packed)) == plain
    assert head.status_code == 200
    assert b"".join(head) == b""


def test_who_may_read_is_asked_all_along(monkeypatch: Any):
    monkeypatch.setattr(views, "READ_AT_ONCE", 1)
    channel = ChannelFactory(slug="shore")
    article("a", channel=channel), article("b", channel=channel)
    answer = ask("channel=shore&types=article", Accept=LINES)
    parts = iter(answer)
    first = next(parts)

    Channel.objects.filter(pk=channel.pk).update(is_suspended=True)

    assert b'"a"' in first
    with pytest.raises(Exception, match="closed"):
        list(parts)


# --- HTTP -------------------------------------------------------------------------


def test_no_cache_keeps_it():
    assert "no-store" in ask()["Cache-Control"]


def test_it_reads_the_channel_of_a_key():
    channel = ChannelFactory(slug="gazette", is_open=False)
    article("theirs", channel=channel)
    _, key = keys.issue(channel, "Web server")

    assert told(page("types=article", key=key)) == [("put", "theirs")]
    assert ask("channel=gazette").status_code == 400


def test_where_nobody_is_held_an_empty_answer_says_when_to_ask_again():
    since = page()["checkpoint"]

    waits, at_once = ask(f"since={since}&wait=30"), ask(f"since={since}")

    assert waits.json()["changes"] == []
    assert int(waits["Retry-After"]) > 0
    assert "Retry-After" not in at_once


def test_also_who_has_nothing_yet_may_wait():
    ChannelFactory(slug="empty", selection="none")
    since = page("channel=empty&types=award")["checkpoint"]

    assert "Retry-After" in ask(f"channel=empty&since={since}&wait=30")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=1001", "limit"),
        ("wait=31", "wait"),
        ("types=articles", "types"),
        ("locale=fr", "locale"),
        ("format=xml", "format"),
        ("offset=5", "offset"),
    ],
)
def test_what_it_does_not_understand_is_refused_by_name(query: str, parameter: str):
    answer = ask(query)

    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]


def test_the_index_leads_to_it():
    assert Client().get("/api/v1/").json()["changes"].endswith(SYNC)


# --- What it costs ----------------------------------------------------------------


def test_a_delta_takes_one_statement_for_its_changes(django_assert_num_queries: Any):
    make.ArticleFactory.create_batch(5)
    since = page()["checkpoint"]
    for one in Article.objects.all():
        republish(one, title=f"New {one.pk}")

    # 1. the channel  2. whether the checkpoint is of this history  3. the changes
    # 4. how far the consumer is, after the answer
    with django_assert_num_queries(4):
        said = page(f"since={since}")

    assert len(said["changes"]) == 5


def test_who_has_everything_costs_no_look_at_the_changes(
    django_assert_num_queries: Any,
):
    since = page()["checkpoint"]

    with django_assert_num_queries(3):
        page(f"since={since}")
