"""For every site staff see what it has, since when, and how we know."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from api.channels import keys
from api.channels.models import Channel, Key
from api.documents import publishing
from api.documents.models import ConsumerPosition, Document, Placement, Told
from api.webhooks import sending
from cms.desk import withdrawing
from cms.desk.propagation import words
from cms.desk.propagation.acts import act_of, board_of, open_acts
from cms.desk.propagation.arrivals import Site, arrivals_of
from cms.desk.propagation.consumers import How, consumers_of
from cms.desk.propagation.missing import missing_at
from content_models.models import Article
from tests import factories as make
from tests.api.factories import ChannelFactory, EndpointFactory
from tests.api.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db

REPORT = reverse("sites_have")
REASON = "The dose was wrong."
WITHDRAWALS = ["article.withdrawn"]


class Mirror:
    """A site that follows the change feed with a key."""

    def __init__(self, channel: Channel, name: str = "Web server", **query: str):
        made, self.key = keys.issue(channel, name)
        self.made: Key = made
        self._query, self._since = query, ""

    def ask(self) -> None:
        """Once: what came before has arrived, what comes now has not been applied."""
        since = {"since": self._since} if self._since else self._query
        bearer = {"Authorization": f"Bearer {self.key}"}
        answer = Client().get("/api/v1/sync/", since, headers=bearer)
        assert answer.status_code == 200, answer.content
        self._since = answer.json()["checkpoint"]

    def catch_up(self) -> None:
        self.ask()
        self.ask()


@pytest.fixture
def gazette() -> Channel:
    made: Channel = ChannelFactory(
        slug="gazette",
        is_open=False,
        contact_name="Ines Ferreira",
        contact_phone="+1 732 555 0100",
    )
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client


def read(key: str, path: str) -> int:
    bearer = {"Authorization": f"Bearer {key}"}
    return Client().get(f"/api/v1/{path}", headers=bearer).status_code


def tell() -> None:
    """What the worker does for webhooks, until nothing is due."""
    while (due := sending.claim(timezone.now())) is not None:
        sending.serve(due)


def change(article: Article) -> None:
    article.refresh_from_db()
    with publishing.publishing():
        article.title += "!"
        article.save_revision().publish()


def withdraw(*articles: Article, urgency: str = "routine") -> None:
    given = {"reason": REASON, "urgency": urgency, "replacement": None}
    with publishing.publishing():
        editor = make.UserFactory(roles=["Editors"])
        withdrawing.withdraw(articles, editor, **given)


def document_of(content: Any) -> Document:
    source = f"{content._meta.model_name}:{content.pk}"
    return Document.objects.get(source=source)


def on(channel: Channel, content: Any) -> Site:
    """What is known of one thing on one site."""
    rows = Placement.objects.filter(channel=channel, document=document_of(content))
    [site] = arrivals_of(rows, timezone.now())
    return site


def known(channel: Channel, content: Any) -> tuple[str, str]:
    """How the site stands, and what it has."""
    site = on(channel, content)
    return words.state_of(site).word, words.has(site)


def board(client: Client, article: Article) -> dict[str, str]:
    """The rows of a withdrawal's board, by the site."""
    answer = client.get(board_of(document_of(article)))
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "lxml")
    return {
        row.select_one(".title").get_text(" ", strip=True): " ".join(
            row.get_text(" ").split()
        )
        for row in page.select(".desk-board tbody tr")
    }


def missing() -> set[tuple[str, str]]:
    """What the list says is missing: the site, and the document's address."""
    found = missing_at(timezone.now()).select_related("channel", "document")
    return {(one.channel.slug, one.document.slug) for one in found}


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

    assert known(gazette, article)[0] == "Never had it"
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

        assert known(gazette, article)[0] == "Never had it"
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

    assert [query for query in asked if "INSERT" in query["sql"]] == []
    assert len(asked) == 3


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


# --- The board ----------------------------------------------------------------------


def test_who_withdraws_sees_who_has_confirmed_and_whom_to_call(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    mirror = Mirror(gazette)
    mirror.catch_up()
    form = {"reason": REASON, "urgency": "urgent", "replacement": ""}

    answer = editor.post(reverse("withdraw", args=["article", article.pk]), form)
    before = board(editor, article)["Gazette"]
    mirror.catch_up()
    after = board(editor, article)["Gazette"]

    assert answer["Location"] == board_of(document_of(article))
    assert "Not confirmed" in before
    assert "Ines Ferreira" in before and "+1 732 555 0100" in before
    assert "Confirmed" in after and "Ines Ferreira" not in after


def test_the_part_that_changes_comes_alone(editor: Client, gazette: Channel) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)

    answer = editor.get(board_of(document_of(article)), {"part": "rows"})

    text = answer.content.decode()
    assert "0 of 1 sites have confirmed." in text
    assert "<html" not in text
    assert "no-store" in answer["Cache-Control"]


def test_all_of_an_author_is_one_board(editor: Client, gazette: Channel) -> None:
    first, second = make.ArticleFactory(), make.ArticleFactory()
    Mirror(gazette).catch_up()

    withdraw(first, second)

    act = act_of(document_of(first), timezone.now())
    assert len(act.documents) == 2
    assert len(open_acts(timezone.now())) == 1


def test_what_a_site_says_on_the_phone_is_noted_with_who_heard_it(
    client: Client, gazette: Channel
) -> None:
    ada = make.UserFactory(roles=["Editors"], first_name="Ada", last_name="Byron")
    client.force_login(ada)
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)

    client.post(board_of(document_of(article)), {"channel": gazette.pk})

    row = board(client, article)["Gazette"]
    assert "Confirmed" in row
    assert "Ada Byron has noted" in row
    assert open_acts(timezone.now()) == []


def test_an_article_that_is_published_again_has_no_board(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    change(article)

    answer = editor.get(board_of(document_of(article)))

    assert answer["Location"] == reverse(
        "where_it_appears", args=["article", article.pk]
    )


def test_a_board_stays_when_its_article_is_deleted(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory(slug="knee")
    Mirror(gazette).catch_up()
    withdraw(article)
    document = document_of(article)

    article.refresh_from_db()
    with publishing.publishing():
        article.delete()

    page = editor.get(board_of(document)).content.decode()
    assert "Not confirmed" in page
    assert "knee" in page


# --- Who may see it -----------------------------------------------------------------


@pytest.mark.parametrize("role", ["Writers", "Medical reviewers"])
def test_who_does_not_see_the_sites_sees_nothing_of_what_they_have(
    client: Client, gazette: Channel, role: str
) -> None:
    article, other = make.ArticleFactory(), make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    client.force_login(make.UserFactory(roles=[role]))
    url = board_of(document_of(article))

    answers = [client.get(url), client.get(f"{url}?part=rows"), client.get(REPORT)]
    answers += [client.get(f"{REPORT}?export=csv"), client.post(url)]
    first = client.get("/cms/").content.decode()
    appears = client.get(reverse("where_it_appears", args=["article", other.pk]))

    assert {one.status_code for one in answers} == {302}
    assert {one["Location"] for one in answers} == {reverse("wagtailadmin_home")}
    assert "Not yet on every site" not in first
    assert "What sites have" not in first
    assert "What each site has" not in appears.content.decode()


@pytest.mark.parametrize("role", ["Editors", "Administrators"])
def test_who_sees_the_sites_sees_what_they_have(
    client: Client, gazette: Channel, role: str
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    client.force_login(make.UserFactory(roles=[role]))

    assert client.get(board_of(document_of(article))).status_code == 200
    assert client.get(REPORT).status_code == 200


def test_who_may_not_withdraw_notes_nothing(client: Client, gazette: Channel) -> None:
    looker = make.UserFactory(roles=["Writers"])
    looker.user_permissions.add(
        Permission.objects.get(
            codename="view_channel", content_type__app_label="channels"
        )
    )
    client.force_login(looker)
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    withdraw(article)
    url = board_of(document_of(article))

    client.post(url, {"channel": gazette.pk})

    assert client.get(url).status_code == 200
    assert "They say it is gone" not in client.get(url).content.decode()
    assert not Told.objects.exists()


# --- First page, channels, report ---------------------------------------------------


def panel(client: Client) -> list[str]:
    page = BeautifulSoup(client.get("/cms/").content, "lxml")
    [section] = page.select("section.w-panel--dashboard[id*=on_their_way]")
    return [" ".join(row.get_text(" ").split()) for row in section.select("tbody tr")]


def test_the_first_page_keeps_a_withdrawal_until_all_have_confirmed(
    editor: Client, gazette: Channel
) -> None:
    old, article = make.ArticleFactory(title="Hips"), make.ArticleFactory(title="Knees")
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(old)
    withdraw(article, urgency="urgent")

    before = panel(editor)
    mirror.catch_up()

    assert before[0].startswith("Knees 1 site has not confirmed yet. Urgent")
    assert before[1].startswith("Hips 1 site has not confirmed yet. Withdrawn")
    assert panel(editor) == []


def test_the_first_page_names_a_site_that_stays_behind(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    change(article)
    at_once = panel(editor)

    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        later = panel(editor)

    assert at_once == []
    assert "Whom to call: Ines Ferreira" in later[0]
    assert "1 change behind" in later[0]


def test_the_page_of_a_channel_says_how_far_it_is(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette, "Gazette web server").catch_up()
    change(article)

    page = BeautifulSoup(
        editor.get(reverse("channels:inspect", args=[gazette.pk])).content, "lxml"
    )

    said = " ".join(page.select_one("main").get_text(" ").split())
    assert "Change feed, key “Gazette web server” 1 change" in said


def rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(StringIO(text)))


def test_the_report_is_a_file_with_state_proof_and_contact(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory(title="Knees")
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(article)

    [row] = rows(editor.get(f"{REPORT}?state=missing&type=article&export=csv"))
    answer = editor.get(f"{REPORT}?channel={gazette.pk}&export=xlsx")

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    written = [[cell.value for cell in line] for line in sheet.active.iter_rows()]
    assert (row["What"], row["Site"], row["State"]) == (
        "Knees",
        "Gazette",
        "Not confirmed",
    )
    assert (row["Should have"], row["Has"]) == ("Nothing", "Version 1")
    assert row["Contact"] == "Ines Ferreira"
    assert ["Knees", "Article"] in [line[:2] for line in written]


@pytest.mark.parametrize("query", ["", "?state=shown", "?state=missing", "?type=tag"])
def test_the_report_is_a_page(editor: Client, gazette: Channel, query: str) -> None:
    make.ArticleFactory(title="Knees")
    Mirror(gazette).catch_up()

    assert editor.get(f"{REPORT}{query}").status_code == 200
    assert editor.get(reverse("sites_have_results") + query).status_code == 200


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


# --- What it costs ------------------------------------------------------------------


def some_sites(number: int, receiver: Receiver) -> list[Channel]:
    made = []
    for _ in range(number):
        channel = ChannelFactory(is_open=False)
        Mirror(channel).catch_up()
        EndpointFactory(channel=channel, url=receiver.url)
        made.append(channel)
    return made


def statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_twelve_sites_take_no_more_statements_than_two(
    editor: Client, receiver: Receiver
) -> None:
    article, other = make.ArticleFactory(), make.ArticleFactory()
    some_sites(2, receiver)
    withdraw(article)
    urls = [
        board_of(document_of(article)),
        reverse("channels:index"),
        reverse("where_it_appears", args=["article", other.pk]),
        REPORT,
        f"{REPORT}?state=missing",
        "/cms/",
    ]
    few = {url: statements(editor, url) for url in urls}

    some_sites(10, receiver)
    change(other)

    assert {url: statements(editor, url) for url in urls} == few


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
