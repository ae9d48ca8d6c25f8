"""A page is drawn piece by piece, so that a phone is never held up for long."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make
from tests.machine import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

NEVER = "window.requestAnimationFrame = () => 0;"
SLOWLY = "window.requestAnimationFrame = (then) => setTimeout(then, 1000);"
# Which of the page's timers for grey shapes are set, and how many there were.
SHAPES = """
    const { setTimeout: later, clearTimeout: forget } = window;
    window.shapes = { set: new Set(), number: 0 };
    window.setTimeout = (then, ms) => {
        const isOne = ms === 150;
        const id = later(then, isOne ? 1_000_000 : ms);
        if (isOne) shapes.number += 1;
        if (isOne) shapes.set.add(id);
        return id;
    };
    window.clearTimeout = (id) => {
        shapes.set.delete(id);
        forget(id);
    };
"""


# Several times as long as a slow piece takes.
DRAWN_MS = 30_000


def drawn(page: Page) -> None:
    """Wait until all of a page is there."""
    busy = page.locator("main[aria-busy]")
    expect(busy).to_have_count(0, timeout=DRAWN_MS)


@pytest.fixture
def site(microsite: str) -> str:
    for number in range(5):
        make.ArticleFactory(title=f"Knees, part {number}", slug=f"knees-{number}")
    return microsite


def test_no_grey_shapes_come_over_what_is_drawn_while_the_rest_is_not(
    site: str, page: Page
):
    page.add_init_script(NEVER + SHAPES)

    page.goto(f"{site}/articles/")
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()

    assert page.evaluate("[shapes.number, shapes.set.size]") == [1, 0]


def test_nothing_of_a_page_that_was_left_comes_onto_the_next_one(site: str, page: Page):
    page.add_init_script(SLOWLY)
    page.goto(f"{site}/articles/")
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()

    page.get_by_role("link", name="Our team").first.click()
    expect(page).to_have_url(re.compile("/team/$"))
    drawn(page)

    expect(page.locator(".card")).to_have_count(0)


def test_all_is_there_at_once_for_who_comes_for_something_far_down(
    site: str, page: Page
):
    page.add_init_script(NEVER)

    page.goto(f"{site}/articles/knees-1/#page-more")

    expect(page.get_by_role("heading", name="More to read")).to_be_visible()


def test_who_comes_back_finds_the_place_that_was_left(site: str, page: Page):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{site}/articles/")
    last = page.get_by_role("link", name="Knees, part 0")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert until(lambda: page.evaluate("history.state?.scroll > 0"))

    last.click()
    heading = page.get_by_role("heading", name="Knees, part 0", level=1)
    expect(heading).to_be_visible()
    page.go_back()

    expect(last).to_be_in_viewport()
