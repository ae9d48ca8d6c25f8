"""What each role does in a week in a real browser, and what it may not do."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Workflow

from content_models.models import Article, Practice, Reference
from tests import factories as make
from tests.content_models.pages import TEXT_PAGE

from .desk import Desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def desk(live_server: Any, page: Page, settings: Any) -> Desk:
    settings.PUBLIC_BASE_URL = live_server.url
    make.home_section()
    return Desk(page, f"{live_server.url}/cms")


@pytest.fixture
def in_review() -> Article:
    article = make.ArticleFactory(title="Back pain at work", live=False)
    Workflow.objects.get(active=True).start(article, make.UserFactory())
    return article


def read(desk: Desk, article: Article) -> tuple[int, dict[str, Any]]:
    """Status and JSON of what the API says of `article`."""
    address = desk.url.replace("/cms", f"/api/v1/articles/{article.slug}/")
    try:
        with urlopen(address) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


# --- Writers ----------------------------------------------------------------------


def test_a_writer_sends_a_draft_for_review_but_cannot_publish_it(desk: Desk):
    article = make.ArticleFactory(title="Back pain at work", live=False)
    desk.log_in("Writers")

    desk.open_article("Back pain at work")
    assert not desk.offers("Publish")
    desk.act("Submit to Medical review")

    desk.tells("is submitted for review")
    assert read(desk, article)[0] == 404


def test_a_writer_cannot_take_an_article_down(desk: Desk):
    article = make.ArticleFactory(title="Back pain at work")
    desk.log_in("Writers")

    desk.page.goto(f"{desk.url}/pages/{article.pk}/unpublish/")

    desk.tells("do not have permission")
    assert read(desk, article)[0] == 200


# --- From a pasted page to a published article ----------------------------------------


def test_from_login_to_published_takes_fewer_than_25_clicks(desk: Desk):
    make.CredentialTypeFactory(abbreviation="PT")
    desk.log_in("Editors")

    desk.open_menu("Articles", "Import a page")
    desk.page.get_by_label("Text of the page").fill(TEXT_PAGE)
    desk.page.get_by_role("button", name="Read it").click()
    desk.page.get_by_label("Summary").fill("What to do in the first days.")
    desk.page.get_by_role("button", name="Create the draft").last.click()
    desk.tells("New drafts:")
    article = Article.objects.get()
    # Whoever wrote it and what it rests on come first: readers see them with it.
    desk.publish_from_list("People", "Authors", title="Jane Doe")
    for reference in Reference.objects.all():
        desk.publish_from_list("References", title=reference.title)
    desk.open_article(article.title)
    desk.act("Publish")

    desk.tells("has been published")
    assert read(desk, article)[1]["byline"] == "Jane Doe, PT, DPT"
    assert desk.clicks < 25


# --- Medical reviewers --------------------------------------------------------------


def test_a_reviewer_finds_what_waits_and_approving_publishes_it(desk: Desk, in_review):
    desk.log_in("Medical reviewers")

    desk.page.get_by_role("link", name="Back pain at work").first.click()
    desk.act("Approve and Publish")

    desk.page.wait_for_url(f"{desk.url}/")
    assert read(desk, in_review)[1]["title"] == "Back pain at work"
    assert desk.clicks <= 4


def test_a_reviewer_asks_for_changes_and_the_draft_stays_one(desk: Desk, in_review):
    desk.log_in("Medical reviewers")

    desk.page.get_by_role("link", name="Back pain at work").first.click()
    desk.act("Request changes")
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Comment").fill("How often is often?")
    dialog.get_by_role("button", name="Request changes").click()

    desk.page.wait_for_url(f"{desk.url}/")
    in_review.refresh_from_db()
    state = in_review.current_workflow_state
    assert state.status == state.STATUS_NEEDS_CHANGES
    assert state.current_task_state.comment == "How often is often?"
    assert read(desk, in_review)[0] == 404


def test_a_reviewer_cannot_open_what_nobody_asked_to_have_reviewed(desk: Desk):
    article = make.ArticleFactory(title="Back pain at work")
    desk.log_in("Medical reviewers")

    desk.page.goto(f"{desk.url}/pages/{article.pk}/edit/")

    desk.tells("do not have permission")


# --- Editors ------------------------------------------------------------------------


def test_an_editor_corrects_a_typing_error(desk: Desk):
    article = make.ArticleFactory(title="Bakc pain at work")
    desk.log_in("Editors")

    desk.open_article("Bakc pain at work")
    desk.page.locator("#id_title").fill("Back pain at work")
    desk.act("Publish")

    desk.tells("has been published")
    assert read(desk, article)[1]["title"] == "Back pain at work"
    assert desk.clicks <= 6


def test_an_editor_has_an_article_published_tomorrow(desk: Desk):
    article = make.ArticleFactory(title="Back pain at work", live=False)
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    desk.log_in("Editors")

    desk.open_article("Back pain at work")
    desk.page.get_by_role("button", name="Toggle status").click()
    desk.page.get_by_role("button", name="Set schedule").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Publish on").fill(tomorrow)
    calendar = desk.page.locator(".xdsoft_datetimepicker:visible")
    expect(calendar).to_have_count(1)
    # It lies on the button; a click beside it closes it.
    dialog.get_by_role("heading", name="Set publishing schedule").click()
    expect(calendar).to_have_count(0)
    dialog.get_by_role("button", name="Save schedule").click()
    desk.act("Schedule to publish")

    desk.tells("scheduled for publishing")
    article.refresh_from_db()
    assert article.approved_schedule
    assert read(desk, article)[0] == 404


def test_an_editor_puts_another_author_in_the_place_of_one(desk: Desk):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron")
    article = make.ArticleFactory(title="Back pain at work", authors=[author])
    make.AuthorFactory(given_name="Grace", family_name="Hopper")
    desk.log_in("Editors")

    desk.open_article("Back pain at work")
    desk.page.get_by_role("tab", name="People and sources").click()
    chosen = desk.page.locator("#inline_child_authorships-0")
    chosen.get_by_role("button", name="Actions").click()
    desk.page.get_by_role("button", name="Choose another author").click()
    desk.page.get_by_role("dialog").get_by_role("link", name="Grace Hopper").click()
    expect(chosen).to_contain_text("Grace Hopper")
    desk.act("Publish")

    desk.tells("has been published")
    assert read(desk, article)[1]["byline"].startswith("Grace Hopper")


def test_an_editor_takes_an_article_down(desk: Desk):
    article = make.ArticleFactory(title="Back pain at work")
    desk.log_in("Editors")

    desk.open_article("Back pain at work")
    desk.act("Unpublish")
    desk.page.get_by_role("button", name="Yes, unpublish it").click()

    desk.tells("unpublished")
    assert read(desk, article)[0] == 410


def test_an_editor_may_not_change_the_practice_or_who_may_log_in(desk: Desk):
    desk.log_in("Editors")

    desk.page.goto(f"{desk.url}/users/")
    desk.tells("do not have permission")
    menu = desk.page.get_by_role("navigation", name="Main menu")
    expect(menu.get_by_text("Practice")).to_have_count(0)


# --- Administrators -----------------------------------------------------------------


def test_an_administrator_changes_the_phone_number_of_the_practice(desk: Desk):
    make.PracticeFactory()
    desk.log_in("Administrators")

    desk.open_menu("Settings", "Practice")
    desk.page.locator("#id_phone").fill("+17325550199")
    desk.page.get_by_role("button", name="Save").click()

    desk.tells("updated")
    assert Practice.load().phone == "+17325550199"
