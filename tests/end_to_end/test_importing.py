"""A marketing person moves an old page here, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from content_models.models import Article, Author
from tests import factories as make
from tests.content_models.pages import TEXT_PAGE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_a_pasted_page_is_a_draft_after_three_clicks(live_server: Any, page: Page):
    make.home_section()
    make.CredentialTypeFactory(abbreviation="PT")
    make.UserFactory(username="ada", is_staff=True, is_superuser=True)
    page.goto(f"{live_server.url}/cms/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server.url}/cms/")

    page.get_by_role("button", name="Articles").click()
    page.get_by_role("link", name="Import a page").click()
    page.get_by_label("Text of the page").fill(TEXT_PAGE)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="things to check")).to_be_visible()
    page.get_by_label("Summary").fill("What to do in the first days.")
    page.get_by_role("button", name="Create the draft").last.click()

    expect(page.get_by_text("was made. New drafts:")).to_be_visible()
    summary = page.get_by_role("textbox", name="Summary")
    expect(summary).to_have_value("What to do in the first days.")
    article = Article.objects.get()
    assert (article.live, Author.objects.get().name) == (False, "Jane Doe")
