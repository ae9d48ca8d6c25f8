"""Staff who use no mouse: what we added to the admin works by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from content_models.models import Article, Author
from tests import factories as make
from tests.content_models.pages import TEXT_PAGE

from .desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

# More than any of the screens has to stop at.
STOPS = 150
# Asked at once: what a window opens with may take the focus at any moment.
HAS_FOCUS = """element => {
  if (element !== document.activeElement) return "no";
  const style = getComputedStyle(element);
  const isRinged = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return isRinged ? "marked" : "unmarked";
}"""


@pytest.fixture
def desk(live_server: Any, page: Page) -> Iterator[Desk]:
    make.home_section()
    desk = Desk(page, f"{live_server.url}/cms")
    desk.log_in("Editors")
    yield desk
    # An open editor saves by itself, also while the database is emptied.
    page.close()


def tab_to(target: Locator) -> None:
    """Press Tab until `target` has the focus, which must then be seen."""
    target.wait_for()
    for _ in range(STOPS):
        target.page.keyboard.press("Tab")
        focus = target.evaluate(HAS_FOCUS)
        assert focus != "unmarked", "It has the focus, and shows nothing."
        if focus == "marked":
            return
    pytest.fail(f"Tab never comes to {target}")


def press(target: Locator, key: str = "Enter") -> None:
    tab_to(target)
    target.page.keyboard.press(key)


def write(target: Locator, text: str) -> None:
    tab_to(target)
    target.page.keyboard.insert_text(text)


def test_a_page_is_imported_by_keyboard_alone(desk: Desk):
    make.CredentialTypeFactory(abbreviation="PT")
    page = desk.page
    page.goto(f"{desk.url}/import-page/")

    write(page.get_by_label("Text of the page"), TEXT_PAGE)
    press(page.get_by_role("button", name="Read it"))
    press(page.locator(".import-to-check a").first)
    write(page.get_by_label("Summary"), "What to do in the first days.")
    press(page.get_by_text("Correct what was read").first)
    write(page.get_by_label("Job title").first, "Physical therapist")
    press(page.get_by_role("button", name="Create the draft").last)

    expect(page.get_by_text("was made. New drafts:")).to_be_visible(timeout=30_000)
    assert Article.objects.get().summary == "What to do in the first days."
    assert Author.objects.get().job_title == "Physical therapist"


def test_an_author_is_made_where_one_chooses_it_by_keyboard_alone(desk: Desk):
    award, page = make.AwardFactory(), desk.page
    page.goto(f"{desk.url}/snippets/content_models/award/edit/{award.pk}/")

    press(page.get_by_role("button", name="Choose author"))
    modal = page.get_by_role("dialog")
    # As tabs are everywhere: the arrows lead from one to the next.
    press(modal.get_by_role("tab", name="Search"), "ArrowRight")
    write(modal.get_by_label("Given name"), "Jane")
    write(modal.get_by_label("Family name"), "Doe")
    press(modal.get_by_role("button", name="Publish it and choose it"))
    expect(page.locator("#id_author-chooser")).to_contain_text("Jane Doe")
    press(page.get_by_role("button", name="Save draft"))

    desk.tells(award.name)
    award.refresh_from_db()
    assert award.get_latest_revision_as_object().author.name == "Jane Doe"
