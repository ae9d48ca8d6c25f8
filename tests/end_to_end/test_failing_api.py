"""With the API stopped, slow or failing the microsite says so, and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make
from tests.between import Between, between

from .conftest import serve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

PAGES = {
    "/": "Edison",
    "/articles/": "Articles",
    "/articles/back-pain/": "Back pain at work",
    "/team/": "Our team",
    "/team/ada-byron/": "Ada Byron",
    "/location/": "Edison",
    "/locations/": "locations",
    "/awards/": "Awards",
    "/search/?q=pain": "Search",
}
# What the reader is told, by what the API does.
TROUBLES = {
    "fails": "Something went wrong",
    "is away": "We cannot reach our server",
}


@pytest.fixture
def trouble(api: str) -> Iterator[Between]:
    make.home_section()
    make.PracticeFactory(name="Larkwater Physical Therapy")
    place = make.LocationFactory(slug="edison", name="Edison", phones=["+17325550142"])
    author = make.AuthorFactory(
        given_name="Ada", family_name="Byron", slug="ada-byron", locations=[place]
    )
    make.ArticleFactory(title="Back pain at work", slug="back-pain", authors=[author])
    make.AwardFactory(name="Clinic of the year")
    with between(api) as made:
        yield made


@pytest.fixture
def site(trouble: Between) -> Iterator[str]:
    yield from serve("microsite", trouble.url, "--location", "edison")


@pytest.mark.parametrize("kind", TROUBLES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_is_wrong_and_comes_back_by_itself(
    trouble: Between, site: str, page: Page, path: str, kind: str
):
    trouble.status = 500 if kind == "fails" else None
    trouble.is_away = kind == "is away"

    page.goto(site + path)
    expect(page.get_by_role("heading", name=TROUBLES[kind])).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    trouble.recover()
    heading = page.get_by_role("heading", level=1, name=PAGES[path])
    expect(heading).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("kind", TROUBLES)
def test_whoever_comes_while_the_api_fails_can_still_call(
    trouble: Between, site: str, page: Page, kind: str
):
    urlopen(site).close()
    trouble.status = 500 if kind == "fails" else None
    trouble.is_away = kind == "is away"

    page.goto(f"{site}/articles/back-pain/")

    expect(page.get_by_role("banner")).to_contain_text("Edison")
    help = page.get_by_role("main").get_by_role("link", name="Call")
    expect(help).to_have_attribute("href", "tel:+17325550142")
    expect(page).to_have_title(re.compile("Larkwater Physical Therapy, Edison$"))


def test_an_api_that_asks_for_time_gets_it(trouble: Between, site: str, page: Page):
    trouble.status, trouble.retry_after = 503, "6"
    page.goto(f"{site}/articles/back-pain/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("We will be right back")
    page.wait_for_load_state("networkidle")
    asked = trouble.asked

    page.wait_for_timeout(2_500)
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(1_000)
    asked_meanwhile = trouble.asked - asked
    trouble.recover()

    assert asked_meanwhile == 0
    expect(heading).to_have_text("Back pain at work", timeout=10_000)


def test_a_slow_api_shows_what_will_come_and_says_that_it_takes_long(
    trouble: Between, site: str, page: Page
):
    trouble.delay_s = 3

    page.goto(f"{site}/articles/back-pain/")

    expect(page.locator(".skeleton")).to_be_visible()
    expect(page.get_by_text("This takes longer than usual.")).to_be_visible(
        timeout=10_000
    )
    heading = page.get_by_role("heading", name="Back pain at work")
    expect(heading).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("how", ["says nothing", "stops halfway"])
def test_who_does_not_want_to_wait_for_a_slow_api_asks_again_and_is_answered(
    trouble: Between, site: str, page: Page, how: str
):
    urlopen(site).close()
    trouble.delay_s = 60 if how == "says nothing" else 0
    trouble.stalls = how == "stops halfway"
    page.goto(f"{site}/articles/back-pain/")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=15_000)

    trouble.recover()
    again.click()

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Back pain at work")


def test_what_is_shown_stays_while_the_api_is_away_and_says_so(
    trouble: Between, site: str, page: Page
):
    page.goto(f"{site}/articles/back-pain/")
    heading = page.get_by_role("heading", name="Back pain at work")
    expect(heading).to_be_visible()

    trouble.is_away = True
    page.wait_for_timeout(2_100)
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.get_by_text("may not be the newest version")).to_be_visible()
    expect(heading).to_be_visible()
