"""Staff at work in a real browser: what they publish, readers see."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from content_models.models import Award
from tests import factories as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def admin(live_server: Any, page: Page) -> str:
    """The address of the admin, with somebody logged in who may do everything."""
    make.UserFactory(username="ada", is_staff=True, is_superuser=True)
    page.goto(f"{live_server.url}/cms/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server.url}/cms/")
    return f"{live_server.url}/cms"


def publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def test_a_changed_title_is_on_the_microsite(microsite: str, admin: str, page: Page):
    article = make.ArticleFactory(title="Back pain at work", slug="back-pain")

    page.goto(f"{admin}/pages/{article.pk}/edit/")
    page.locator("#id_title").fill("Back pain at a desk")
    publish(page)
    expect(page.get_by_text("has been published")).to_be_visible()

    page.goto(f"{microsite}/articles/back-pain/")
    expect(page.get_by_role("heading", name="Back pain at a desk")).to_be_visible()


def test_view_live_leads_to_the_microsite(microsite: str, admin: str, page: Page):
    article = make.ArticleFactory(title="Back pain at work", slug="back-pain")

    page.goto(f"{admin}/pages/{article.pk}/edit/")
    address = page.locator(f"a[href^='{microsite}']").first.get_attribute("href")

    assert address == f"{microsite}/articles/back-pain/"


def test_what_is_saved_while_it_saves_itself_is_made_once(admin: str, page: Page):
    is_asked: list[Route] = []
    page.goto(f"{admin}/snippets/content_models/award/add/")
    page.route("**/award/add/", lambda route: is_asked.append(route))

    # The machine takes its time with what the editor sends by itself.
    page.locator("#id_name").fill("Reader's Choice")
    while not is_asked:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_timeout(300)
    for route in is_asked:
        route.continue_()
    page.unroute("**/award/add/")

    expect(page.locator(".messages")).to_contain_text("Reader's Choice")
    assert Award.objects.count() == 1
    page.close()
