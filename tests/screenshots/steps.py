"""What a person does on a page before the picture is taken: each makes one step."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

Step = Callable[[Page], None]


def press(name: str, role: str = "button", at: int = 0) -> Step:
    """Press the `at`-th visible button of that name, or a tab, or a link."""

    def step(page: Page) -> None:
        found = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        found.locator("visible=true").nth(at).click()

    return step


def tab(name: str) -> Step:
    return press(name, "tab")


def tick(count: int) -> Step:
    """Tick the first rows of a list."""

    def step(page: Page) -> None:
        boxes = page.locator(
            "td.bulk-action-checkbox-cell input, td input.bulk-action-checkbox"
        )
        for place in range(count):
            boxes.nth(place).check()

    return step


def untick(label: str) -> Step:
    def step(page: Page) -> None:
        page.get_by_label(label, exact=True).first.uncheck()

    return step


def write(label: str, text: str) -> Step:
    def step(page: Page) -> None:
        page.get_by_label(label, exact=True).first.fill(text)

    return step


def wait_for(words: str) -> Step:
    """Wait until the page, or a frame in it, says `words`."""

    def step(page: Page) -> None:
        page.get_by_text(re.compile(words)).locator("visible=true").first.wait_for()

    return step


def wait_in_preview(words: str) -> Step:
    def step(page: Page) -> None:
        frame = page.frame_locator("#w-preview-iframe")
        expect(frame.get_by_text(re.compile(words)).first).to_be_visible(timeout=20_000)

    return step


def wait_until_checked(page: Page) -> None:
    """Wait until Wagtail's checks have looked at the preview."""
    words = page.locator("[data-content-word-count]")
    expect(words).to_have_text(re.compile(r"\d"), timeout=20_000)


def api_fails(page: Page) -> None:
    """Every question of the page to the API is answered with an error."""

    def refuse(route: Route) -> None:
        route.fulfill(
            status=500, headers={"Access-Control-Allow-Origin": "*"}, body="{}"
        )

    page.route("**/api/v1/**", refuse)


def api_is_away(page: Page) -> None:
    page.route("**/api/v1/**", lambda route: route.abort())
