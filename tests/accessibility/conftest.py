from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from cms.management.commands.demo import PASSWORD
from tests.accessibility.pages import Place
from tests.demo import FIRST_S, Demo, demo_of_its_own

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with demo_of_its_own() as demo:
        demo.start(within_s=FIRST_S)
        yield demo


def address(demo: Demo, place: Place) -> str:
    """Where a browser finds it."""
    origins = {
        "web": demo.ports.base_url,
        "partner": demo.ports.partner_url,
        **demo.ports.site_urls,
    }
    return origins[place.site] + place.path


def log_in(context: BrowserContext, demo: Demo, role: str) -> None:
    page = context.new_page()
    page.goto(f"{demo.ports.base_url}/cms/login/")
    page.get_by_label("Username").fill(role)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{demo.ports.base_url}/cms/")
    page.close()


@pytest.fixture(scope="module")
def browsers(browser: Browser, demo: Demo) -> Iterator[Callable[[str], BrowserContext]]:
    """The browser of each role, which logs in once and keeps what it has loaded."""
    contexts: dict[str, BrowserContext] = {}

    def of(role: str) -> BrowserContext:
        if role not in contexts:
            contexts[role] = browser.new_context(reduced_motion="reduce")
            if role:
                log_in(contexts[role], demo, role)
        return contexts[role]

    yield of
    for context in contexts.values():
        context.close()


PROBLEM = {
    "kind": "withdrawn",
    "reason": "The advice was wrong.",
    "withdrawn_at": "2026-11-04T12:00:00Z",
    "replacement": "https://clinic.example/api/v1/articles/newer/",
}


def answer_otherwise(page: Page, place: Place) -> None:
    """Let the API answer the page's script as the place says."""

    def refused(route: Route) -> None:
        headers = {"Access-Control-Allow-Origin": "*"}
        if place.status:
            route.fulfill(status=place.status, json=PROBLEM, headers=headers)
        else:
            route.abort()

    def changed(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | place.changes)

    if place.status is not None:
        page.route("**/api/v1/**", refused)
    elif place.document:
        page.route(f"**/api/v1/{place.document}", changed)


@pytest.fixture
def visit(demo: Demo, browsers: Callable[[str], BrowserContext]) -> Iterator[Open]:
    """Open a place at a width and in a colour scheme; wait until it stands still."""
    pages: list[Page] = []

    def opened(place: Place, width: int = 1280, scheme: str = "light") -> Page:
        page = browsers(place.role).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        answer_otherwise(page, place)
        page.goto(address(demo, place))
        if place.then:
            place.then(page)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for page in pages:
        page.close()
