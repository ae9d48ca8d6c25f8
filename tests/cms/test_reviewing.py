"""Whoever opens an article under review finds first what is asked of them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from wagtail.models import Workflow

from content_models.models import Article
from tests import factories as make
from tests.admin import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return make.UserFactory(roles=["Writers"])


@pytest.fixture
def article(writer) -> Article:
    """It lies with the medical reviewers."""
    article = make.ArticleFactory(live=False, owner=writer)
    article.save_revision(user=writer)
    Workflow.objects.get(active=True).start(article, writer)
    return article


def editor(client: Client, article: Article, user) -> Tag:
    client.force_login(user)
    return BeautifulSoup(client.get(address(article, "edit")).content, "lxml")


def actions(page: Tag) -> list[str]:
    """What the buttons at the foot of the editor say, the big one first."""
    found = page.select("footer nav :is(button, a)")
    labels = [" ".join(one.get_text(" ").split()) for one in found]
    return [label for label in labels if label and label != "More actions"]


def test_a_reviewer_approves_or_asks_for_changes_first(client, article):
    page = editor(client, article, make.UserFactory(roles=["Medical reviewers"]))

    assert actions(page) == [
        "Approve and Publish",
        "Request changes",
        "Approve with comment and Publish",
        "Save draft",
        "Take back from review",
    ]


def test_enter_in_a_field_approves_nothing(client, article):
    page = editor(client, article, make.UserFactory(roles=["Medical reviewers"]))

    first = page.select_one("footer :is(button:not([type]), [type=submit])")

    assert first.has_attr("hidden")
    assert not first.has_attr("data-workflow-action-name")


def test_what_ends_a_review_is_nobodys_first_button(client, article, writer):
    page = editor(client, article, writer)

    assert actions(page) == ["Page locked", "Take back from review"]


def test_an_administrator_is_not_the_one_it_waits_for(client, article):
    page = editor(client, article, make.UserFactory(is_superuser=True))

    assert actions(page)[:2] == ["Save draft", "Approve and Publish"]


def test_the_writer_reads_in_the_editor_what_is_to_be_changed(client, article, writer):
    reviewer = make.UserFactory(roles=["Medical reviewers"], first_name="Ann")
    article.current_workflow_task_state.reject(
        user=reviewer, comment="How often is often?"
    )

    page = editor(client, article, writer)

    said = page.select_one(".messages").get_text(" ")
    assert "asks for changes: “How often is often?”" in said


def test_nothing_is_said_of_an_article_that_nobody_sent_back(client, article, writer):
    assert "asks for changes" not in editor(client, article, writer).get_text()
