"""What the guide for partners shows is what happens, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from api.developers import texts
from tests import factories as make
from tests.api import guide

from .conftest import Elsewhere

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

TITLE, SLUG = "Carpal tunnel: does a splint at night help?", guide.SHOWN[0]
# The guide's pages name a server of their own.
ANY = "default-src * 'unsafe-inline'"


def snippets(language: str) -> list[texts.Snippet]:
    text = texts.source("embed").replace(texts.DEMO, "{origin}")
    return [one for one in texts.snippets(text) if one.language == language]


def named(name: str) -> str:
    return next(one.text for one in snippets("html") if one.name == name)


@pytest.fixture(autouse=True)
def article(origin: str) -> None:
    make.ArticleFactory(title=TITLE, slug=SLUG)


@pytest.mark.parametrize("name", ["A feed", "An article"])
def test_the_lines_work_as_they_are_pasted_under_the_policy_of_the_guide(
    origin: str, elsewhere: Elsewhere, page: Page, name: str
) -> None:
    (policy,) = snippets("text")

    elsewhere(named(name), origin, policy.text.strip())

    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_the_page_of_five_minutes_lists_articles_and_opens_one(
    origin: str, elsewhere: Elsewhere, page: Page
) -> None:
    elsewhere(named("index.html"), origin, ANY)

    page.get_by_role("link", name=TITLE).click()

    expect(page.get_by_role("heading", level=2, name=TITLE)).to_be_visible()
    expect(page.get_by_text("Get up every half hour.")).to_be_visible()


def test_the_head_is_what_the_element_makes_of_it(
    origin: str, elsewhere: Elsewhere, page: Page
) -> None:
    (shown,) = (one.text for one in snippets("html") if "canonical" in one.text)

    elsewhere(
        named("An article").replace("<clinic-article ", "<clinic-article head "), origin
    )

    expect(page.locator("meta[name=robots]")).to_have_count(1)
    made = page.locator("link[rel=canonical]").evaluate("(one) => one.outerHTML")
    assert made.replace("lakeside.example", "clinic.example") in shown


def test_style_and_script_of_the_guide_do_what_they_say(
    origin: str, elsewhere: Elsewhere, page: Page
) -> None:
    (css,), (js,) = snippets("css"), snippets("js")
    before = f"<style>{css.text}</style><script>{js.text}</script>"

    elsewhere(before + named("An article"), origin, ANY)

    title = page.get_by_role("heading", name=TITLE)
    expect(title).to_have_css("font-family", "Georgia, serif")
    expect(page).to_have_title(TITLE)


def test_with_the_hash_of_the_guide_the_script_runs_and_with_another_it_does_not(
    origin: str, elsewhere: Elsewhere, page: Page, tmp_path
) -> None:
    (shown,) = snippets("console")
    ((command, _),) = guide.session(shown.text.replace("{origin}", origin))
    fixed = next(one.text for one in snippets("html") if "integrity" in one.text)
    feed = "<clinic-article-feed>Our clinic</clinic-article-feed>"

    digest = guide.run(command, tmp_path)
    elsewhere(fixed.replace("…", digest) + feed, origin)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()

    elsewhere(fixed.replace("…", "A" * 64) + feed, origin)
    expect(page.get_by_text("Our clinic")).to_be_visible()
