"""A draft in the real microsite, beside the form in which it is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from cms.desk import preview as sharing
from content_models import previews, renditions
from tests import factories as make

from .desk import Desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def desk(live_server: Any, microsite: str, page: Page) -> Desk:
    make.ArticleFactory(
        title="Back pain at work",
        slug="back-pain",
        live=False,
        image=make.ImageFactory(description="IMG_2041.jpg"),
    )
    while renditions.make_missing():
        pass
    desk = Desk(page, f"{live_server.url}/cms")
    desk.log_in("Writers")
    desk.open_article("Back pain at work")
    return desk


def preview(desk: Desk) -> FrameLocator:
    desk.page.get_by_role("button", name="Toggle preview").click()
    return desk.page.frame_locator("#w-preview-iframe")


def test_the_microsite_shows_what_is_being_written(desk: Desk):
    shown = preview(desk)
    heading = shown.get_by_role("heading", name="Back pain at work")
    expect(heading).to_be_visible(timeout=15_000)
    bar = shown.get_by_role("note").filter(has_text="Preview of a draft.")
    expect(bar).to_contain_text("Readers see none of it before it is published.")
    expect(bar).not_to_contain_text("people with this link")
    expect(shown.get_by_role("link", name=re.compile("Edison"))).not_to_have_count(0)

    # What the editor compares with, it looks at a while after the page has come.
    desk.page.wait_for_timeout(3_000)
    desk.page.locator("#id_title").fill("Back pain at a desk")

    expect(shown.get_by_role("heading", name="Back pain at a desk")).to_be_visible(
        timeout=10_000
    )


def test_wagtails_checks_find_what_is_wrong_in_it(desk: Desk):
    preview(desk)
    desk.page.get_by_role("button", name="Toggle checks").click()

    checks = desk.page.locator("[data-checks-panel]")
    found = checks.get_by_text("Image alt text has inappropriate pattern")
    expect(found).to_be_visible(timeout=15_000)


def test_a_link_that_was_sent_works_until_it_is_ended(desk: Desk, browser: Browser):
    desk.page.get_by_role("button", name="Actions").first.click()
    desk.page.get_by_role("link", name="Share a preview").click()
    desk.page.get_by_role("button", name="Make a link").click()
    link = desk.page.get_by_label(re.compile("Link to the draft")).input_value()

    somebody = browser.new_context().new_page()
    somebody.goto(link)
    heading = somebody.get_by_role("heading", name="Back pain at work")
    expect(heading).to_be_visible()
    bar = somebody.get_by_role("note").filter(has_text="Preview of a draft.")
    expect(bar).to_contain_text("Only people with this link see it")

    desk.page.get_by_role("button", name="End this link").click()
    desk.tells("shows no draft any more")
    somebody.reload()
    expect(somebody.get_by_text("This link was ended")).to_be_visible()
    somebody.context.close()


def test_guests_see_people_and_places_before_they_are_published(
    microsite: str, page: Page
):
    somebody = make.UserFactory(roles=["Editors"])
    place = make.LocationFactory(name="Brick Harbor", live=False)
    author = make.AuthorFactory(
        given_name="Ada", family_name="Byron", live=False, locations=[place]
    )
    (site,) = previews.sites()

    for content in (author, place):
        link = sharing.share(content, site, somebody)
        page.goto(sharing.address_of(link, site))
        page.reload()
        heading = page.get_by_role("heading", name=str(content), level=1)
        expect(heading).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("path", ["/preview/", "/preview/desk/"])
def test_no_other_site_may_show_a_draft_in_a_frame(
    desk: Desk, microsite: str, partner: str, browser: Browser, path: str
):
    page = browser.new_context().new_page()
    page.route(
        re.compile("/framing$"),
        lambda route: route.fulfill(
            content_type="text/html", body=f"<iframe src='{microsite}{path}'>"
        ),
    )

    page.goto(f"{partner}/framing")
    page.wait_for_load_state("networkidle")

    assert page.frames[1].url.startswith("chrome-error:")
    page.context.close()
