"""The change feed: what a mirror is told, in which order, and what it costs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from api.channels import keys
from api.channels.models import Channel
from api.documents import publishing, retention
from api.documents.models import (
    ConsumerPosition,
    Counter,
    Document,
    Head,
    Placement,
    PlacementHistory,
    Progress,
)
from api.sync import checkpoints, views
from api.sync.models import SigningKey
from content_models.models import Article
from tests import factories as make
from tests.api.factories import ChannelFactory, article, public, settle

pytestmark = pytest.mark.django_db

SYNC = "/api/v1/sync/"
LINES = "application/x-ndjson"


def ask(query: str = "", key: str | None = None, **headers: str) -> Any:
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return Client().get(f"{SYNC}?{query}", headers=headers)


def page(query: str = "", **given: Any) -> dict[str, Any]:
    answer = ask(query, **given)
    assert answer.status_code == 200, answer.content
    read: dict[str, Any] = answer.json()
    return read


def lines(query: str = "", **given: Any) -> list[dict[str, Any]]:
    answer = ask(query, Accept=LINES, **given)
    assert answer["Content-Type"] == LINES
    return [json.loads(line) for line in b"".join(answer).splitlines()]


def told(changes: dict[str, Any]) -> list[tuple[str, str]]:
    """What each change says: `("put", slug)` or `("delete", slug)`."""
    return [
        (one["op"], one["document"]["slug"] if "document" in one else one["slug"])
        for one in changes["changes"]
    ]


def republish(content: Any, **changed: Any) -> None:
    with publishing.publishing():
        content = type(content).objects.get(pk=content.pk)
        for name, value in changed.items():
            setattr(content, name, value)
        content.save_revision().publish()


def unpublish(content: Any) -> None:
    with publishing.publishing():
        type(content).objects.get(pk=content.pk).unpublish()


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


# --- Checkpoints ------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text[1:],
        lambda text: f"{text}x",
        lambda text: "none",
        lambda text: "",
        lambda text: "%C3%A9",
        lambda text: text.swapcase(),
    ],
)
def test_a_checkpoint_that_we_did_not_give_is_refused(spoil: Callable[[str], str]):
    since = page()["checkpoint"]

    answer = ask(f"since={spoil(since)}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "since"


def test_a_checkpoint_can_stand_in_an_address_as_it_is():
    assert set(page()["checkpoint"]) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    )


def test_a_checkpoint_is_good_for_its_channel_and_filters_only():
    ChannelFactory(slug="shore")
    since = page("types=tag")["checkpoint"]

    other_channel = ask(f"since={since}&channel=shore")
    other_types = ask(f"since={since}&types=article")

    assert other_channel.status_code == other_types.status_code == 400
    assert "another channel" in other_channel.json()["detail"]
    assert "other types" in other_types.json()["detail"]
    assert ask(f"since={since}&types=tag").status_code == 200
    assert ask(f"since={since}").status_code == 200


def test_the_filters_of_a_checkpoint_go_on_without_being_said():
    since = page("types=tag")["checkpoint"]

    make.ArticleFactory(), make.TagFactory(slug="knee")

    assert told(page(f"since={since}")) == [("put", "knee")]


def test_keys_are_changed_without_any_consumer_noticing():
    before = page()["checkpoint"]

    checkpoints.rotate()
    after = page(f"since={before}")["checkpoint"]

    assert SigningKey.objects.count() == 2
    assert before.rpartition(".")[2] != after.rpartition(".")[2]
    assert ask(f"since={after}").status_code == 200


def test_a_key_goes_when_nothing_that_it_signed_would_be_accepted(settings: Any):
    with time_machine.travel(timezone.now()) as clock:
        page()
        checkpoints.rotate()
        clock.shift(timedelta(days=settings.TOMBSTONE_DAYS + 2))

        assert checkpoints.rotate() == 2


def expired(since: str, query: str = "") -> bool:
    answer = ask(f"{query}&since={since}")
    return answer.status_code == 410 and answer.json()["type"].endswith(
        "/checkpoint-expired/"
    )


def test_after_its_time_a_checkpoint_has_expired(settings: Any):
    since = page()["checkpoint"]

    with time_machine.travel(timezone.now()) as clock:
        clock.shift(timedelta(days=settings.TOMBSTONE_DAYS - 1))
        kept = page(f"since={since}")["checkpoint"]
        clock.shift(timedelta(days=2))

        assert expired(since)
        assert not expired(kept)


def test_a_new_timeline_has_everybody_start_again():
    since = page()["checkpoint"]

    retention.begin_timeline()

    assert expired(since)
    assert not expired(page()["checkpoint"])


def test_a_backup_that_was_restored_is_noticed_by_itself():
    tag = make.TagFactory(name="before")
    with publishing.publishing():
        tag.name = "lost with the backup"
        tag.save()
    since = page()["checkpoint"]
    newest = Counter.objects.get().value

    # What the backup knows nothing of, and what was done instead after it.
    PlacementHistory.objects.filter(sequence=newest).delete()
    Counter.objects.update(value=newest - 1)
    lost = expired(since)
    with publishing.publishing():
        tag.name = "done instead"
        tag.save()

    assert lost
    assert Counter.objects.get().value == newest
    assert expired(since)


def test_a_database_that_moved_to_another_machine_goes_on(settings: Any):
    since = page()["checkpoint"]

    settings.SECRET_KEY = "that of another machine, which signs sessions " * 2
    checkpoints.forget_keys()

    assert ask(f"since={since}").status_code == 200


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


# --- How far consumers are --------------------------------------------------------


def test_the_checkpoint_that_a_consumer_sends_says_how_far_it_is():
    channel = ChannelFactory(slug="gazette", is_open=False)
    placement = article("theirs", channel=channel)
    made, key = keys.issue(channel, "Web server")

    since = page(key=key)["checkpoint"]
    before = ConsumerPosition.objects.count()
    page(f"since={since}", key=key)

    position = ConsumerPosition.objects.get()
    assert before == 0
    assert (position.channel, position.key, position.kind, position.sequence) == (
        channel,
        made,
        "sync",
        placement.sequence,
    )


def test_it_is_written_once_a_second_at_most():
    since = page()["checkpoint"]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page(f"since={since}")
        seen_at = ConsumerPosition.objects.get().seen_at
        clock.shift(timedelta(milliseconds=900))
        page(f"since={since}")
        assert ConsumerPosition.objects.get().seen_at == seen_at

        clock.shift(timedelta(milliseconds=200))
        page(f"since={since}")
        assert ConsumerPosition.objects.get().seen_at > seen_at


def test_whoever_has_come_to_the_end_is_written_down_at_once():
    channel = ChannelFactory(slug="gazette", is_open=False)
    _, key = keys.issue(channel, "Web server")
    with time_machine.travel(timezone.now(), tick=False):
        since = page(key=key)["checkpoint"]
        page(f"since={since}", key=key)
        placement = article("theirs", channel=channel)

        since = page(f"since={since}", key=key)["checkpoint"]
        before = ConsumerPosition.objects.get().sequence
        page(f"since={since}", key=key)

    assert before < placement.sequence
    assert ConsumerPosition.objects.get().sequence == placement.sequence


def test_where_a_mirror_stands_is_known_while_it_waits(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    settings.SYNC_WAITS = 1
    known = []

    def no_news(*args: Any) -> bool:
        known.append(ConsumerPosition.objects.count())
        return False

    monkeypatch.setattr(views.waiting, "until_news", no_news)
    since = page()["checkpoint"]

    page(f"since={since}&wait=5")

    assert known == [1]


def test_what_a_consumer_follows_is_kept_with_its_place():
    channel = ChannelFactory(slug="gazette", is_open=False)
    article("theirs", channel=channel)
    _, key = keys.issue(channel, "Web server")

    for query in ("", "types=tag,article", "locale=es"):
        since = page(query, key=key)["checkpoint"]
        page(f"since={since}", key=key)

    follows = ConsumerPosition.objects.values_list("types", "locale").order_by("pk")
    assert list(follows) == [("", ""), ("article,tag", ""), ("", "es")]


def test_without_a_key_there_is_one_place_however_many_follow_whatever():
    for query in ("", "types=tag", "locale=es"):
        since = page(query)["checkpoint"]
        page(f"since={since}")

    assert ConsumerPosition.objects.count() == 1
    assert not Progress.objects.exists()


def test_when_a_consumer_had_first_come_so_far_stays():
    channel = ChannelFactory(slug="gazette", is_open=False)
    placement = article("theirs", channel=channel)
    _, key = keys.issue(channel, "Web server")
    since = page(key=key)["checkpoint"]
    page(f"since={since}", key=key)
    first = Progress.objects.get(sequence=placement.sequence).at

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        page(f"since={since}", key=key)

    assert Progress.objects.get(sequence=placement.sequence).at == first


# --- What is forgotten ------------------------------------------------------------


def test_what_left_a_channel_is_forgotten_when_nobody_may_ask_for_it(
    settings: Any, assert_healed: Callable[[], None]
):
    knee = make.CategoryFactory()
    wander, withdrawn = (
        make.ArticleFactory(categories=[knee]),
        make.ArticleFactory(slug="withdrawn", categories=[knee]),
    )
    channel = ChannelFactory(slug="shore", categories=[knee])
    republish(wander, filings=[])
    unpublish(withdrawn)
    gone = Placement.objects.filter(channel=channel, is_visible=False)
    kinds = set(gone.values_list("withdrawn_kind", flat=True))

    with time_machine.travel(timezone.now()) as clock:
        clock.shift(timedelta(days=settings.TOMBSTONE_DAYS))
        retention.clear_tombstones()
        kept = set(gone.values_list("withdrawn_kind", flat=True))
        clock.shift(timedelta(days=365))
        # A paused webhook is still before all of it.
        retention.clear_tombstones({channel.pk: 0})
        kept &= set(gone.values_list("withdrawn_kind", flat=True))
        clock.shift(timedelta(days=2))
        retention.clear_tombstones()

    assert kinds == kept == {"gone", "out_of_scope"}
    old = gone.filter(withdrawn_kind="out_of_scope")
    assert not old.exclude(sequence=channel.head.sequence).exists()
    assert gone.filter(document__slug="withdrawn").exists()
    assert_healed()


def test_who_has_not_heard_of_what_was_forgotten_starts_again():
    """A clock was a year ahead when the worker looked, and is right again."""
    knee = make.CategoryFactory()
    wander, stays = make.ArticleFactory.create_batch(2, categories=[knee])
    channel = ChannelFactory(slug="shore", categories=[knee])
    settle()
    before = page("channel=shore")["checkpoint"]
    republish(wander, filings=[])
    republish(stays, title="Another")
    after = page("channel=shore")["checkpoint"]

    with time_machine.travel(timezone.now() + timedelta(days=365)):
        retention.clear_tombstones()

    source = f"article:{wander.pk}"
    assert not channel.placements.filter(document__source=source).exists()
    assert expired(before, "channel=shore")
    assert ask(f"channel=shore&since={after}").status_code == 200


def test_who_begins_goes_on_whatever_was_forgotten_before():
    knee = make.CategoryFactory()
    articles = make.ArticleFactory.create_batch(4, categories=[knee])
    ChannelFactory(slug="shore", categories=[knee])
    settle()
    republish(articles[0], filings=[])
    republish(articles[1], title="Another")
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        retention.clear_tombstones()

    first = page("channel=shore&limit=1")

    assert first["more"]
    assert page(f"channel=shore&since={first['checkpoint']}")["changes"] != []
