"""A clinic's articles on somebody else's page, by the lines that one pastes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from api.documents import publishing
from content_models.models import Article
from tests import factories as make

from .conftest import Elsewhere

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

LINES = """<!doctype html><title>Somebody else's</title>
<script type="module" src="{origin}/embed/v1/clinic-feed.js"></script>
<clinic-article-feed {options}><a href="https://clinic.example">Our clinic</a></clinic-article-feed>
"""  # noqa: E501 - as it is pasted


@pytest.fixture
def paste(elsewhere: Elsewhere, origin: str) -> Callable[..., str]:
    """Show a page of another origin with the lines in it."""

    def pasted(options: str = "") -> str:
        return elsewhere(LINES.replace("{options}", options), origin)

    return pasted


def test_the_newest_articles_stand_there_with_their_source(paste, page):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron")
    make.ArticleFactory(title="Back pain at work", slug="back-pain", authors=[author])

    paste()

    title = page.get_by_role("heading", level=3, name="Back pain at work")
    expect(title.get_by_role("link")).to_have_attribute(
        "href", "https://lakeside.example/articles/back-pain/"
    )
    expect(page.get_by_role("link", name="From Lakeside")).to_be_visible()
    expect(page.get_by_text("Ada Byron")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_hidden()


def test_a_partner_may_lead_to_pages_of_its_own_and_choose_the_level(paste, page):
    make.ArticleFactory(title="Back pain at work", slug="back-pain")

    own = paste('link="/health/{slug}/" heading="2"')

    link = page.get_by_role("heading", level=2).get_by_role("link")
    expect(link).to_have_attribute("href", f"{own}/health/back-pain/")


def test_what_was_withdrawn_is_gone_when_the_reader_comes_back(paste, page):
    make.ArticleFactory(title="Stays")
    article = make.ArticleFactory(title="Goes")
    paste()
    expect(page.get_by_text("Goes")).to_be_visible()

    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.get_by_text("Goes")).to_have_count(0)
    expect(page.get_by_text("Stays")).to_be_visible()


def test_markup_in_a_title_is_text(paste, page):
    make.ArticleFactory(title="<img src=x onerror=alert(1)> & co")

    paste()

    expect(page.get_by_text("<img src=x onerror=alert(1)> & co")).to_be_visible()


def test_an_empty_list_says_so(paste, page):
    paste()

    expect(page.get_by_text("There are no articles at the moment.")).to_be_visible()


def test_where_the_api_refuses_what_the_page_has_inside_stays(paste, page):
    paste('category="no category &#1; at all"')

    expect(page.get_by_text("cannot be fetched at the moment")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_visible()


def test_two_feeds_on_one_page_do_not_mind_each_other(paste, page):
    make.ArticleFactory(title="In both")
    paste()
    expect(page.get_by_text("In both")).to_have_count(1)

    page.evaluate("document.body.append(document.createElement('clinic-article-feed'))")

    expect(page.get_by_text("In both")).to_have_count(2)
