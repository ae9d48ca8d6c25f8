"""What each site has, since when, and how we know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.channels import keys
from api.channels.models import Channel, Key
from api.documents.models import ConsumerPosition, Placement, Told
from api.webhooks import sending
from cms.desk.propagation import words
from cms.desk.propagation.acts import open_acts
from cms.desk.propagation.arrivals import arrivals_of
from cms.desk.propagation.consumers import How, consumers_of
from cms.desk.propagation.missing import missing_at
from tests import factories as make
from tests.api.factories import ChannelFactory, EndpointFactory
from tests.api.receivers import Receiver

from .sites import (
    WITHDRAWALS,
    Mirror,
    change,
    known,
    missing,
    on,
    read,
    some_sites,
    tell,
    withdraw,
)

pytestmark = pytest.mark.django_db


# --- The change feed ----------------------------------------------------------------


def test_a_mirror_has_what_lies_before_the_checkpoint_that_it_sends(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory(slug="knee")
    mirror = Mirror(gazette)
    mirror.ask()

    mirror.ask()

    [arrival] = on(gazette, article).arrivals
    assert (arrival.consumer.how, arrival.consumer.name) == (How.MIRROR, "Web server")
    assert known(gazette, article) == ("Up to date", "Version 1")
    assert missing() == set()


def test_a_mirror_that_has_not_come_back_has_the_version_before(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory(slug="knee")
    Mirror(gazette).catch_up()

    change(article)

    assert known(gazette, article) == ("Not yet", "Version 1")
    assert ("gazette", "knee") in missing()


def test_since_when_it_has_something_stays_when_more_is_published(
    gazette: Channel,
) -> None:
    first = make.ArticleFactory()
    mirror = Mirror(gazette)
    mirror.catch_up()
    at = on(gazette, first).at

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        second = make.ArticleFactory()
        mirror.catch_up()
        later = on(gazette, second).at

    assert at is not None and later is not None
    assert on(gazette, first).at == at
    assert later - at > timedelta(days=2)


def test_a_mirror_of_other_types_says_nothing_of_an_article(gazette: Channel) -> None:
    article = make.ArticleFactory()
    Mirror(gazette, types="location").catch_up()

    withdraw(article)

    assert on(gazette, article).arrivals == []


def test_two_mirrors_of_different_types_do_not_speak_for_each_other(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory()
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(article)

    other = mirror._query, mirror._since
    mirror._query, mirror._since = {"types": "location"}, ""
    mirror.catch_up()
    before = known(gazette, article)
    mirror._query, mirror._since = other
    mirror.catch_up()

    assert before[0] == "Not confirmed"
    assert known(gazette, article)[0] == "Confirmed"


def test_who_reads_an_open_channel_without_a_key_confirms_nothing() -> None:
    shore = ChannelFactory(slug="shore", is_open=True)
    article = make.ArticleFactory()
    named = Mirror(shore)
    named.catch_up()
    withdraw(article)

    since = Client().get("/api/v1/sync/?channel=shore").json()["checkpoint"]
    Client().get("/api/v1/sync/", {"channel": "shore", "since": since})

    assert ConsumerPosition.objects.filter(channel=shore, key=None).exists()
    assert known(shore, article)[0] == "Not confirmed"


def test_all_mirrors_of_a_site_have_to_confirm(gazette: Channel) -> None:
    article = make.ArticleFactory()
    first, second = Mirror(gazette, "First"), Mirror(gazette, "Second")
    first.catch_up()
    second.catch_up()

    withdraw(article)
    first.catch_up()

    site = on(gazette, article)
    assert [one.consumer.name for one in site.missing] == ["Second"]


def test_what_a_mirror_never_had_it_need_not_take_down(gazette: Channel) -> None:
    make.ArticleFactory()
    Mirror(gazette).catch_up()

    article = make.ArticleFactory(slug="knee")
    withdraw(article)

    assert known(gazette, article)[0] == "Did not have it"
    assert ("gazette", "knee") not in missing()


def test_a_replaced_key_is_no_site_of_its_own(gazette: Channel) -> None:
    article = make.ArticleFactory()
    old = Mirror(gazette, "Old")
    old.catch_up()
    new = Mirror(gazette, "New")
    new.catch_up()
    withdraw(article)
    new.catch_up()
    before = known(gazette, article)

    Key.objects.filter(pk=old.made.pk).update(revoked_at=timezone.now())

    assert before[0] == "Not confirmed"
    assert known(gazette, article)[0] == "Confirmed"


def test_a_site_whose_only_key_was_revoked_still_has_its_copy(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory(slug="knee")
    mirror = Mirror(gazette)
    mirror.catch_up()
    Key.objects.filter(pk=mirror.made.pk).update(revoked_at=timezone.now())

    withdraw(article)

    site = on(gazette, article)
    assert "Its key has ended" in site.missing[0].said
    assert ("gazette", "knee") in missing()


# --- Webhooks -----------------------------------------------------------------------


def test_a_webhook_has_what_its_server_confirmed(
    gazette: Channel, receiver: Receiver
) -> None:
    EndpointFactory(channel=gazette, url=receiver.url)
    article = make.ArticleFactory()
    before = known(gazette, article)

    tell()

    site = on(gazette, article)
    assert before == ("Not yet", "Not known")
    assert words.state_of(site).word == "Up to date"
    assert site.at is not None


def test_a_webhook_that_does_not_want_withdrawals_confirms_none(
    gazette: Channel, receiver: Receiver
) -> None:
    EndpointFactory(channel=gazette, url=receiver.url, events=["article.published"])
    article = make.ArticleFactory()
    tell()

    withdraw(article)
    tell()

    assert on(gazette, article).arrivals == []


def test_a_webhook_that_wants_them_only_now_was_not_told_then(
    gazette: Channel, receiver: Receiver
) -> None:
    hook = EndpointFactory(
        channel=gazette, url=receiver.url, events=["article.published"]
    )
    article = make.ArticleFactory()
    withdraw(article)
    tell()

    hook.events = WITHDRAWALS
    hook.save(update_fields=["events"])

    assert on(gazette, article).arrivals == []


def test_a_webhook_that_came_later_says_nothing_of_what_was_there(
    gazette: Channel, receiver: Receiver
) -> None:
    article = make.ArticleFactory()

    EndpointFactory(channel=gazette, url=receiver.url)

    assert on(gazette, article).arrivals == []
    assert missing() == set()


def test_a_paused_webhook_says_so(gazette: Channel, receiver: Receiver) -> None:
    hook = EndpointFactory(channel=gazette, url=receiver.url)
    article = make.ArticleFactory()
    tell()
    hook.refresh_from_db()
    hook.pause("By hand.")

    withdraw(article)
    tell()

    [arrival] = on(gazette, article).missing
    assert "paused" in arrival.said


def test_a_confirmation_is_known_after_its_message_is_forgotten(
    gazette: Channel, receiver: Receiver
) -> None:
    EndpointFactory(channel=gazette, url=receiver.url)
    article = make.ArticleFactory()
    withdraw(article)
    tell()

    with time_machine.travel(timezone.now() + timedelta(days=40)):
        sending.clear()
        site = on(gazette, article)

    assert (words.state_of(site).word, site.at) == ("Confirmed", None)


# --- Reading the API ----------------------------------------------------------------


def test_a_list_read_after_a_withdrawal_confirms_nothing(gazette: Channel) -> None:
    article = make.ArticleFactory(slug="knee")
    _, key = keys.issue(gazette, "Build")
    read(key, "articles/")
    withdraw(article)

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        read(key, "articles/")

        [arrival] = on(gazette, article).missing
        assert "did not ask for this article" in arrival.said
        assert ("gazette", "knee") in missing()


def test_who_asks_for_the_article_itself_is_told_and_has_heard_it(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory(slug="knee")
    _, key = keys.issue(gazette, "Build")
    read(key, "articles/")
    withdraw(article)

    status = read(key, "articles/knee/")

    assert status == 410
    assert known(gazette, article) == ("Confirmed", "Nothing")
    assert on(gazette, article).at == Told.objects.get().at
    assert missing() == set()


def test_one_key_does_not_speak_for_what_another_one_read(gazette: Channel) -> None:
    article = make.ArticleFactory(slug="knee")
    _, app = keys.issue(gazette, "App")
    _, build = keys.issue(gazette, "Build")
    read(app, "articles/")
    read(build, "articles/")
    withdraw(article)

    read(app, "articles/knee/")
    read(build, "articles/")

    assert known(gazette, article)[0] == "Not confirmed"
    assert missing() == {("gazette", "knee")}
    assert {
        one.consumer.name: one.is_missing for one in on(gazette, article).arrivals
    } == {"App": False, "Build": True}
    read(build, "articles/knee/")
    assert known(gazette, article)[0] == "Confirmed"
    assert missing() == set()


def test_what_was_told_of_an_earlier_withdrawal_does_not_count_again(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory(slug="knee")
    _, key = keys.issue(gazette, "Build")
    read(key, "articles/")
    withdraw(article)
    read(key, "articles/knee/")
    change(article)
    article.refresh_from_db()

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        read(key, "articles/knee/")
        withdraw(article)

        assert known(gazette, article)[0] == "Not confirmed"


def test_who_never_asked_while_it_was_there_has_no_copy(gazette: Channel) -> None:
    _, key = keys.issue(gazette, "Build")
    read(key, "articles/")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        article = make.ArticleFactory(slug="knee")

        withdraw(article)

        assert known(gazette, article)[0] == "Did not have it"
        assert missing() == set()


def test_whoever_has_read_since_a_change_got_the_new_version(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory(slug="knee")
    _, key = keys.issue(gazette, "Build")
    read(key, "articles/")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)) as clock:
        change(article)
        before = known(gazette, article)
        clock.shift(timedelta(minutes=5))

        read(key, "articles/")

        assert before == ("Not yet", "Not known")
        assert known(gazette, article) == ("Up to date", "Version 2")


def test_a_site_with_a_mirror_is_not_confirmed_by_reading(gazette: Channel) -> None:
    article = make.ArticleFactory(slug="knee")
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(article)

    read(mirror.key, "articles/knee/")

    assert known(gazette, article)[0] == "Not confirmed"


def test_a_second_question_for_what_is_gone_writes_nothing(gazette: Channel) -> None:
    article = make.ArticleFactory(slug="knee")
    _, key = keys.issue(gazette, "Build")
    withdraw(article)
    read(key, "articles/knee/")
    at = Told.objects.get().at

    read(key, "articles/knee/")

    assert Told.objects.get().at == at


def test_without_a_key_a_question_for_what_is_gone_takes_no_statement_more() -> None:
    article = make.ArticleFactory(slug="knee")
    withdraw(article)
    Client().get("/api/v1/articles/knee/")

    with CaptureQueriesContext(connection) as asked:
        Client().get("/api/v1/articles/knee/")

    # The channel with what is at the address, and what has been there before.
    assert [query for query in asked if "INSERT" in query["sql"]] == []
    assert len(asked) == 2


def test_open_pages_ask_each_time_and_a_closed_channel_nobody_reads() -> None:
    shore, closed = ChannelFactory(is_open=True), ChannelFactory(is_open=False)
    article = make.ArticleFactory()

    withdraw(article)

    assert known(shore, article)[0] == "Reads live"
    assert known(closed, article)[0] == "Nobody reads it"
    assert open_acts(timezone.now()) == []


# --- Other kinds --------------------------------------------------------------------


def test_an_author_is_followed_like_an_article(gazette: Channel) -> None:
    author = make.AuthorFactory()
    make.ArticleFactory(authors=[author])
    Mirror(gazette).catch_up()

    assert known(gazette, author) == ("Up to date", "Version 1")


# --- As a list --------------------------------------------------------------------


def test_the_list_of_what_is_missing_says_what_each_placement_says(
    receiver: Receiver,
) -> None:
    sites = {name: ChannelFactory(slug=name, is_open=False) for name in SITES}
    articles = make.ArticleFactory.create_batch(4)
    mirrors = [
        Mirror(sites["whole"]),
        Mirror(sites["part"], types="article"),
        Mirror(sites["revoked"]),
        Mirror(sites["both"]),
    ]
    for name, events in (("hooked", WITHDRAWALS), ("both", [])):
        EndpointFactory(channel=sites[name], url=f"{receiver.url}{name}", events=events)
    _, key = keys.issue(sites["reads"], "Build")
    read(key, "articles/")
    for mirror in mirrors:
        mirror.catch_up()
    revoked = Key.objects.filter(pk=mirrors[2].made.pk)
    revoked.update(revoked_at=timezone.now())
    tell()

    compared = 0
    with time_machine.travel(timezone.now() + timedelta(hours=1)) as clock:
        change(articles[0])
        withdraw(articles[1])
        compared += assert_the_same()
        clock.shift(timedelta(minutes=5))
        mirrors[0].catch_up()
        read(key, f"articles/{articles[1].slug}/")
        withdraw(articles[2])
        compared += assert_the_same()
        tell()
        late = make.ArticleFactory()
        compared += assert_the_same()
        withdraw(late)
        compared += assert_the_same()
        # Its withdrawal was confirmed, and nobody came when it was there again.
        again = articles[2]
        mirrors[1].catch_up()
        change(again)
        again.refresh_from_db()
        withdraw(again)
        compared += assert_the_same()

    assert compared > 20


SITES = ("whole", "part", "revoked", "both", "hooked", "reads", "unread")


def assert_the_same() -> int:
    """What both ways find missing is the same; how much that is."""
    now = timezone.now()
    known = {
        site.placement.pk: site for site in arrivals_of(Placement.objects.all(), now)
    }
    missed = {pk for pk, site in known.items() if site.missing}
    assert set(missing_at(now).values_list("pk", flat=True)) == missed
    return len(missed)


# --- What it costs ------------------------------------------------------------


def test_the_positions_of_any_number_of_sites_are_three_statements(
    receiver: Receiver, django_assert_num_queries: Any
) -> None:
    channels = some_sites(4, receiver)

    with django_assert_num_queries(3):
        found = consumers_of(channels, timezone.now(), is_counted=True)

    assert {len(found[one.pk]) for one in channels} == {2}


def test_what_is_known_of_any_number_of_placements_is_eight_statements(
    receiver: Receiver, django_assert_num_queries: Any
) -> None:
    make.ArticleFactory.create_batch(3)
    some_sites(3, receiver)
    placements = list(Placement.objects.all())

    with django_assert_num_queries(8):
        arrivals_of(placements, timezone.now())
