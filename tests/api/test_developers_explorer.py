"""The explorer in a real browser: it asks this server, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.api.factories import article

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

# The first to ask for the OpenAPI document waits until it is made.
PATIENT_MS = 20_000
VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The addresses that the page has asked for so far."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.fixture
def explorer(live_server: Any, page: Page, asked: list[str]) -> Iterator[Page]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(VIOLATIONS)
    yield page
    assert page.evaluate("window.violations") == []
    assert errors == []
    hosts = {urlsplit(one).netloc for one in asked if not one.startswith("data:")}
    assert hosts == {urlsplit(live_server.url).netloc}


def test_it_sends_real_requests_and_shows_what_came_back(
    live_server: Any, explorer: Page, asked: list[str]
) -> None:
    article("hip-pain")
    explorer.goto(f"{live_server.url}/developers/explorer/")

    operation = explorer.locator("#operations-articles-list_articles")
    operation.click(timeout=PATIENT_MS)
    explorer.get_by_role("button", name="Try it out").click()
    explorer.locator("tr[data-param-name=limit] input").fill("3")
    explorer.get_by_role("button", name="Execute").click()

    shown = explorer.locator(".live-responses-table")
    expect(shown.locator(".response-col_status").last).to_contain_text("200")
    expect(shown).to_contain_text("hip-pain")
    sent = [one for one in asked if "/api/v1/articles/" in one]
    assert len(sent) == 1
    assert "limit=3" in sent[0]


def test_the_reference_leads_to_the_place_in_the_explorer(
    live_server: Any, explorer: Page
) -> None:
    explorer.goto(f"{live_server.url}/developers/reference/")

    operation = explorer.locator("#get_article")
    operation.get_by_role("link", name="Try it").click()

    opened = explorer.locator("#operations-articles-get_article")
    button = opened.get_by_role("button", name="Try it out")
    expect(button).to_be_visible(timeout=PATIENT_MS)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(live_server: Any, explorer: Page, width: int) -> None:
    explorer.set_viewport_size({"width": width, "height": 800})
    for name in ("", "microsite/", "reference/", "problems/", "terms/", "explorer/"):
        explorer.goto(f"{live_server.url}/developers/{name}")
        explorer.wait_for_load_state("networkidle")

        room = "document.documentElement.scrollWidth - document.body.clientWidth"
        assert explorer.evaluate(room) <= 0, name


def test_the_list_of_contents_starts_folded_on_a_phone_only(
    live_server: Any, explorer: Page
) -> None:
    for width, is_open in ((360, False), (1280, True)):
        explorer.set_viewport_size({"width": width, "height": 800})
        explorer.goto(f"{live_server.url}/developers/reference/")

        link = explorer.get_by_role("navigation", name="Reference").get_by_role("link")
        assert link.first.is_visible() is is_open
