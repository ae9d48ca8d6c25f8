"""A clinic's articles on somebody else's page, by the lines that one pastes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.developers import texts
from api.documents import publishing
from content_models.models import Article
from tests import factories as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

LINES = """<!doctype html><title>Somebody else's</title>
<script type="module" src="{origin}/embed/v1/clinic-feed.js"></script>
<clinic-article-feed {options}><a href="https://clinic.example">Our clinic</a></clinic-article-feed>
"""  # noqa: E501 - as it is pasted

POLICY = (
    "default-src 'none'; script-src {origin}/embed/v1/clinic-feed.js; "
    "connect-src {origin}; require-trusted-types-for 'script'"
)

Paste = Callable[..., str]


class Somebody(BaseHTTPRequestHandler):
    """Answers every address with the server's `html`, under a strict policy."""

    def do_GET(self) -> None:
        body = self.server.html.encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def paste(page: Page) -> Iterator[Paste]:
    """Show a page of another origin with the lines in it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Somebody) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def pasted(origin: str, options: str = "", html: str = LINES) -> str:
            own = f"http://localhost:{server.server_address[1]}"
            filled = html.replace("{origin}", origin).replace("{options}", options)
            server.html = filled  # type: ignore[attr-defined]
            server.policy = POLICY.format(origin=origin)  # type: ignore[attr-defined]
            page.goto(own)
            return own

        yield pasted
        server.shutdown()


@pytest.fixture
def origin(live_server: Any, api: str) -> str:
    make.home_section()
    make.PracticeFactory(name="Lakeside", base_url="https://lakeside.example")
    return str(live_server.url)


def test_the_newest_articles_stand_there_with_their_source(origin, paste, page):
    author = make.AuthorFactory(given_name="Ada", family_name="Byron")
    make.ArticleFactory(title="Back pain at work", slug="back-pain", authors=[author])

    paste(origin)

    title = page.get_by_role("heading", level=3, name="Back pain at work")
    expect(title.get_by_role("link")).to_have_attribute(
        "href", "https://lakeside.example/articles/back-pain/"
    )
    expect(page.get_by_role("link", name="From Lakeside")).to_be_visible()
    expect(page.get_by_text("Ada Byron")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_hidden()


def test_a_partner_may_lead_to_pages_of_its_own_and_choose_the_level(
    origin, paste, page
):
    make.ArticleFactory(title="Back pain at work", slug="back-pain")

    own = paste(origin, 'link="/health/{slug}/" heading="2"')

    link = page.get_by_role("heading", level=2).get_by_role("link")
    expect(link).to_have_attribute("href", f"{own}/health/back-pain/")


def test_what_was_withdrawn_is_gone_when_the_reader_comes_back(origin, paste, page):
    make.ArticleFactory(title="Stays")
    article = make.ArticleFactory(title="Goes")
    paste(origin)
    expect(page.get_by_text("Goes")).to_be_visible()

    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.get_by_text("Goes")).to_have_count(0)
    expect(page.get_by_text("Stays")).to_be_visible()


def test_markup_in_a_title_is_text(origin, paste, page):
    make.ArticleFactory(title="<img src=x onerror=alert(1)> & co")

    paste(origin)

    expect(page.get_by_text("<img src=x onerror=alert(1)> & co")).to_be_visible()


def test_an_empty_list_says_so(origin, paste, page):
    paste(origin)

    expect(page.get_by_text("There are no articles at the moment.")).to_be_visible()


def test_where_the_api_refuses_what_the_page_has_inside_stays(origin, paste, page):
    paste(origin, 'category="no category &#1; at all"')

    expect(page.get_by_text("cannot be fetched at the moment")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_visible()


def test_two_feeds_on_one_page_do_not_mind_each_other(origin, paste, page):
    make.ArticleFactory(title="In both")
    paste(origin)
    expect(page.get_by_text("In both")).to_have_count(1)

    page.evaluate("document.body.append(document.createElement('clinic-article-feed'))")

    expect(page.get_by_text("In both")).to_have_count(2)


def test_the_lines_of_the_guide_work_as_they_are_pasted(origin, paste, page):
    make.ArticleFactory(title="Back pain at work")
    (lines,) = [
        snippet.text
        for snippet in texts.snippets(texts.source("embed"))
        if snippet.language == "html"
    ]

    paste(origin, html=lines.replace(texts.DEMO, origin))

    expect(page.get_by_role("heading", name="Back pain at work")).to_be_visible()
