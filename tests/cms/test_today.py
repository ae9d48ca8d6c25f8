"""The admin's first page: each role sees what waits for it and what will go wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import timezone
from wagtail.models import Workflow

from content_models.models import Practice
from content_models.publication import publication
from tests import factories as make

pytestmark = pytest.mark.django_db


def today():
    return Practice.load().today(timezone.now())


def panels(client: Client) -> dict[str, list[str]]:
    """The rows of each panel by its heading without the number."""
    page = BeautifulSoup(client.get("/cms/").content, "lxml")
    return {
        words(panel.h2).partition(" (")[0]: [
            words(row) for row in panel.select("tbody tr")
        ]
        for panel in page.select("section.w-panel--dashboard")
    }


def words(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client


def test_a_writer_sees_her_own_drafts_and_nobody_elses(client):
    ada = make.UserFactory(roles=["Writers"])
    make.ArticleFactory(title="Mine", live=False, owner=ada)
    make.ArticleFactory(title="Another's", live=False)
    client.force_login(ada)

    (row,) = panels(client)["Your drafts"]

    assert row.startswith("Mine Draft")


def test_a_draft_under_review_is_no_draft_that_waits_for_its_writer(client):
    ada = make.UserFactory(roles=["Writers"])
    article = make.ArticleFactory(title="Mine", live=False, owner=ada)
    Workflow.objects.get(active=True).start(article, ada)
    client.force_login(ada)

    assert panels(client)["Your drafts"] == []


def test_what_a_reviewer_wants_changed_is_at_the_top_with_the_reason(client):
    ada = make.UserFactory(roles=["Writers"])
    article = make.ArticleFactory(title="Mine", live=False, owner=ada)
    Workflow.objects.get(active=True).start(article, ada)
    state = article.current_workflow_task_state
    state.reject(user=make.UserFactory(), comment="How often is often?")
    client.force_login(ada)

    (row,) = panels(client)["Sent back to you"]

    assert row.startswith("Mine How often is often? Changes asked for")


@pytest.mark.parametrize("role", ["Editors", "Administrators"])
def test_who_publishes_sees_what_lies_with_whom_and_since_when(client, role):
    client.force_login(make.UserFactory(roles=[role]))
    ada = make.UserFactory(roles=["Writers"], first_name="Ada", last_name="Byron")
    article = make.ArticleFactory(title="Hers", live=False, owner=ada)
    Workflow.objects.get(active=True).start(article, ada)

    (row,) = panels(client)["With the medical reviewers"]
    assert row.startswith(
        "Hers Sent by Ada Byron. Waits for: Medical reviewers. Under review 0 minutes"
    )
    assert "Hers" in client.get("/cms/articles/?state=review").content.decode()


def test_a_superuser_sees_what_waits_for_others_once(client):
    client.force_login(make.UserFactory(is_superuser=True))
    article = make.ArticleFactory(title="Back pain", live=False)
    Workflow.objects.get(active=True).start(article, article.owner)

    shown = panels(client)

    assert len(shown["With the medical reviewers"]) == 1
    assert "Awaiting your review" not in shown


@pytest.mark.parametrize(
    "role", ["Writers", "Editors", "Medical reviewers", "Administrators"]
)
def test_nothing_on_the_first_page_is_closed_to_whom_it_is_shown(client, role):
    soon = timezone.now() + timedelta(days=5)
    held = [make.credential("DPT", expires_on=soon.date())]
    make.AuthorFactory.create_batch(7, credentials=held)
    for number in range(7):
        due = {"next_review_on": soon.date(), "expire_at": soon}
        article = make.ArticleFactory(title=f"Article {number}", **due)
        Workflow.objects.get(active=True).start(article, article.owner)
    client.force_login(make.UserFactory(roles=[role]))

    page = BeautifulSoup(client.get("/cms/").content, "lxml")

    offered = [link["href"] for link in page.select("main a[href^='/']")]
    offered += [form["action"] for form in page.select("main form[action]")]
    # Wagtail leads away from what is closed, to the first page.
    led_to = {url: client.get(url, follow=True).request["PATH_INFO"] for url in offered}
    assert len(led_to) > 1
    assert [url for url, end in led_to.items() if end == "/cms/"] == []


def test_the_search_on_the_first_page_asks_the_list_of_all_articles(editor):
    form = BeautifulSoup(editor.get("/cms/").content, "lxml").select_one("main form")

    assert (form["action"], form.select_one("[name]")["name"]) == (
        "/cms/articles/",
        "q",
    )


@pytest.mark.parametrize("role", ["Writers", "Editors"])
def test_what_one_has_sent_for_review_is_said_once(client, role):
    someone = make.UserFactory(roles=[role])
    article = make.ArticleFactory(title="Back pain", live=False, owner=someone)
    Workflow.objects.get(active=True).start(article, someone)
    client.force_login(someone)

    page = client.get("/cms/").content.decode()

    assert page.count("Back pain</a>") == 1


def test_reviews_that_are_due_stand_in_the_order_in_which_they_are(editor):
    for days in (20, -3, 90):
        due = today() + timedelta(days=days)
        make.ArticleFactory(title=f"In {days}", next_review_on=due)

    late, soon = panels(editor)["Medical review is due"]

    assert late.startswith("In -3 Overdue 3 days ago")
    assert soon.startswith("In 20 Due soon In 2 weeks")


def test_credentials_that_lapse_are_told_before_and_after(editor):
    held = [
        make.credential("DPT", expires_on=today() + timedelta(days=10)),
        make.credential("OCS", expires_on=today() - timedelta(days=1)),
        make.credential("ATC", expires_on=today() + timedelta(days=400)),
    ]
    make.AuthorFactory(given_name="Ada", family_name="Byron", credentials=held)

    rows = panels(editor)["Credentials that lapse"]

    assert [row.split(" Last")[0][:24] for row in rows] == [
        "Ada Byron, OCS It is in ",
        "Ada Byron, DPT Lapses so",
    ]


def test_what_comes_and_what_goes_by_itself_is_told_in_order(editor):
    now = timezone.now()
    make.ArticleFactory(title="Goes", expire_at=now + timedelta(days=9))
    comes = make.ArticleFactory(title="Comes", live=False)
    comes.go_live_at = now + timedelta(days=2)
    with publication():
        comes.save_revision().publish()

    rows = panels(editor)["Scheduled"]

    assert rows[0].startswith("Comes Will be published In 1 day")
    assert rows[1].startswith("Goes Will be taken down In 1 week")


def test_a_reviewer_who_writes_nothing_is_asked_for_no_drafts(client):
    client.force_login(make.UserFactory(roles=["Medical reviewers"]))

    assert "Your drafts" not in panels(client)


def test_a_new_house_says_what_to_do_first(editor):
    page = editor.get("/cms/").content.decode()

    assert "Write an article, or import a page you have." in page


def test_a_long_list_leads_to_all_of_it(editor):
    for number in range(8):
        make.ArticleFactory(title=f"Article {number}")

    page = BeautifulSoup(editor.get("/cms/").content, "lxml")
    link = page.find("a", string="See all 8")
    listed = editor.get(link["href"]).content.decode()

    assert all(f"Article {number}" in listed for number in range(8))


def test_two_hundred_drafts_take_no_more_statements_than_two(
    client, django_assert_max_num_queries
):
    ada = make.UserFactory(roles=["Writers"])
    for number in range(12):
        make.ArticleFactory(title=f"Draft {number}", live=False, owner=ada, authors=[])
    client.force_login(ada)
    client.get("/cms/")

    # Of which 6 are the panels; the rest is who is asking and what the menu shows.
    with django_assert_max_num_queries(60):
        assert len(panels(client)["Your drafts"]) == 6
