"""A page is drawn piece by piece, so that a phone is never held up for long."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories as make
from tests.machine import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

# No piece but the first comes before `letGo()`, then as many as it says.
HELD = """
    const later = window.setTimeout;
    const held = [];
    window.requestAnimationFrame = (then) => held.push(then);
    window.setTimeout = (then, ms) => (ms === 100 ? held.push(then) : later(then, ms));
    window.letGo = async (pieces = Infinity) => {
        for (let one = 0; held.length && one < pieces; one += 1) {
            held.splice(0).forEach((then) => then());
            await new Promise((resume) => later(resume, 20));
        }
    };
"""
HIDDEN = "window.requestAnimationFrame = () => 0;"
# Which of the page's timers for grey shapes are set, and how many there were.
SHAPES = """
    const { setTimeout: timer, clearTimeout: forget } = window;
    window.shapes = { set: new Set(), number: 0 };
    window.setTimeout = (then, ms) => {
        const isOne = ms === 150;
        const id = timer(then, isOne ? 1_000_000 : ms);
        if (isOne) shapes.number += 1;
        if (isOne) shapes.set.add(id);
        return id;
    };
    window.clearTimeout = (id) => {
        shapes.set.delete(id);
        forget(id);
    };
"""
# Beside its text a wide article has what to do next.
WIDE = {"width": 1280, "height": 800}
# Less than until a page asks again whether it is still true.
AGAIN_MS = 20_000


@pytest.fixture
def site(microsite: str) -> str:
    for number in range(5):
        make.ArticleFactory(title=f"Knees, part {number}", slug=f"knees-{number}")
    return microsite


def test_no_grey_shapes_come_over_what_is_drawn_while_the_rest_is_not(
    site: str, page: Page
):
    page.add_init_script(HELD + SHAPES)

    page.goto(f"{site}/articles/")
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()

    assert page.evaluate("[shapes.number, shapes.set.size]") == [1, 0]
    expect(page.locator(".card")).to_have_count(0)


def test_nothing_of_a_page_that_was_left_comes_onto_the_next_one(site: str, page: Page):
    page.add_init_script(HELD)
    page.goto(f"{site}/articles/")
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()

    page.get_by_role("link", name="Our team").first.click()
    expect(page.get_by_role("heading", name="Our team")).to_be_visible()
    page.evaluate("letGo()")

    expect(page.locator("footer h2").first).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)


def test_nothing_of_a_page_that_was_left_comes_under_the_wait_for_the_next_one(
    site: str, page: Page
):
    page.add_init_script(HELD)
    page.goto(f"{site}/articles/")
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    page.route("**/api/v1/authors/*", lambda route: None)

    page.get_by_role("link", name="Our team").first.click()
    expect(page.locator(".skeleton")).to_be_visible()
    page.evaluate("letGo()")

    assert page.locator("main > *").count() == 1


def test_a_page_in_the_background_is_drawn_whole(site: str, page: Page):
    page.add_init_script(HIDDEN)

    page.goto(f"{site}/articles/")

    expect(page.locator(".card")).to_have_count(5)


def test_a_text_stands_where_it_stays_before_what_is_beside_it_has_come(
    site: str, page: Page
):
    page.set_viewport_size(WIDE)
    page.add_init_script(HELD)

    page.goto(f"{site}/articles/knees-1/")
    expect(page.get_by_role("heading", name="Knees, part 1", level=1)).to_be_visible()
    page.evaluate("letGo(1)")
    text = page.locator(".article-body")
    expect(text).to_be_visible()
    before = text.bounding_box()
    expect(page.locator(".article-aside")).to_have_count(0)
    page.evaluate("letGo()")
    expect(page.locator(".article-aside")).to_be_visible()

    after = text.bounding_box()
    assert before and after
    assert [before[side] for side in "xy"] == [after[side] for side in "xy"]


def test_who_comes_for_a_part_of_a_page_gets_all_of_it_at_once(site: str, page: Page):
    page.add_init_script(HELD)

    page.goto(f"{site}/articles/knees-1/#page-none")

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


def test_a_page_of_which_a_piece_failed_is_tried_again_until_it_can_be_drawn(
    site: str, page: Page
):
    asked = []

    def broken(route: Route) -> None:
        answer = route.fetch()
        place = answer.json()
        asked.append(route.request.url)
        if len(asked) <= 2:
            place["services"] = [None]
        route.fulfill(response=answer, json=place)

    page.route("**/api/v1/locations/edison/*", broken)
    page.route("**/api/v1/locations/edison/", broken)

    page.goto(f"{site}/locations/edison/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("went wrong")

    heading = page.get_by_role("heading", name="Edison", level=1)
    expect(heading).to_be_visible(timeout=AGAIN_MS)


def test_dates_are_got_ready_in_a_worker_that_the_policy_allows(site: str, page: Page):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    with page.expect_worker() as worker:
        page.goto(f"{site}/articles/")

    expect(page.locator(".card")).to_have_count(5)
    assert worker.value.url == f"{site}/tables.js"
    assert said == []
