"""One whole article on somebody else's page, by the lines that one pastes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from api.documents import publishing
from content_models.models import Article
from tests import factories as make

from .conftest import POLICY, Elsewhere

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

LINES = """<!doctype html><html lang="en"><title>Somebody else's</title>
<script type="module" src="{origin}/embed/v1/clinic-feed.js"></script>
<h1>Their own</h1>
<clinic-article slug="back-pain" {options}><a href="https://clinic.example">Our clinic</a></clinic-article>
"""  # noqa: E501 - as it is pasted
UNFRIENDLY = """<style>
  * { all: unset !important; }
  h2, p, a { color: #fefefe !important; font-size: 2px !important; }
  body { text-transform: uppercase; text-align: justify; white-space: nowrap; }
</style>"""
DETAIL = re.compile(r"/api/v1/articles/back-pain/")

Paste = Callable[..., str]


@pytest.fixture
def paste(elsewhere: Elsewhere, origin: str) -> Paste:
    """Show a page of another origin with the lines in it."""

    def pasted(options: str = "", before: str = "", policy: str = POLICY) -> str:
        html = LINES.replace("{options}", options)
        return elsewhere(html.replace("<h1>", f"{before}<h1>"), origin, policy)

    return pasted


@pytest.fixture
def article(origin: str) -> Article:
    author = make.AuthorFactory(given_name="Ada", family_name="Byron")
    reference = make.ReferenceFactory(title="A trial of exercise", doi="10.5555/one")
    body = [
        ("heading", {"text": "What helps?", "level": "2"}),
        ("text", "<p>Get <b>up</b> often [1]. Read &amp; <i>rest</i> &lt;3.</p>"),
        (
            "callout",
            {"kind": "seek-care", "title": "See a doctor", "text": "<p>If numb.</p>"},
        ),
        ("quote", {"text": "Keep moving.", "attribution": "A therapist"}),
    ]
    return make.ArticleFactory(
        title="Back pain at work",
        slug="back-pain",
        authors=[author],
        reviewers=[make.AuthorFactory(given_name="Cy", family_name="Dorn")],
        references=[reference],
        body=body,
    )


def failing(page: Page, status: int, problem: Any = None, **headers: str) -> list[str]:
    """Make the API answer so; returns the questions it gets, which grow."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        allowed = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(problem or {})
        route.fulfill(status=status, headers=allowed | named, body=body)

    page.route(DETAIL, answer)
    return asked


# --- What is shown ----------------------------------------------------------------


def test_all_of_it_stands_there_with_who_wrote_it_and_whose_it_is(article, paste, page):
    paste()

    title = page.get_by_role("heading", level=2, name="Back pain at work")
    expect(title).to_be_visible()
    expect(page.get_by_text("By Ada Byron")).to_be_visible()
    expect(
        page.get_by_text("Medically reviewed by Cy Dorn on January 15, 2026")
    ).to_be_visible()
    expect(page.get_by_text("Get up often [1]. Read & rest <3.")).to_be_visible()
    expect(page.get_by_role("complementary", name="See a doctor")).to_be_visible()
    expect(page.get_by_text("A trial of exercise")).to_be_visible()
    expect(page.get_by_role("link", name="Read the original")).to_have_attribute(
        "href", "https://lakeside.example/articles/back-pain/"
    )
    expect(page.get_by_text("It does not replace the advice")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_hidden()


def test_headings_continue_those_of_the_page(article, paste, page):
    paste('heading="3"')

    for level, name in ((3, "Back pain at work"), (4, "What helps?"), (5, "See a")):
        expect(page.get_by_role("heading", level=level, name=name)).to_be_visible()


def test_a_mark_leads_to_its_reference_and_that_back_to_the_mark(article, paste, page):
    paste()
    mark = page.get_by_role("link", name="1", exact=True)

    mark.click()
    reference = page.locator("clinic-article").locator("#ref-1")
    expect(reference).to_be_focused()
    reference.get_by_role("link", name="Back to the text").click()

    expect(mark).to_be_focused()


def test_the_style_of_the_page_does_not_reach_into_it(article, paste, page):
    policy = f"{POLICY}; style-src 'unsafe-inline'"

    paste(before=UNFRIENDLY, policy=policy)

    byline = page.get_by_text("By Ada Byron")
    expect(byline).to_have_css("text-transform", "none")
    expect(byline).to_have_css("text-align", "start")
    expect(byline).to_have_css("white-space-collapse", "collapse")
    expect(page.get_by_role("heading", name="What helps?")).not_to_have_css(
        "font-size", "2px"
    )


def test_a_part_and_a_property_of_it_may_be_styled(article, paste, page):
    style = """<style>
      clinic-article { --clinic-link: rgb(1, 2, 3); }
      clinic-article::part(title) { color: rgb(4, 5, 6); }
    </style>"""

    paste(before=style, policy=f"{POLICY}; style-src 'unsafe-inline'")

    title = page.get_by_role("heading", name="Back pain at work")
    expect(title).to_have_css("color", "rgb(4, 5, 6)")
    link = page.get_by_role("link", name="Read the original")
    expect(link).to_have_css("color", "rgb(1, 2, 3)")


def test_a_text_from_right_to_left_runs_so_in_any_page(article, paste, page):
    def in_arabic(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"locale": "ar"})

    page.route(DETAIL, in_arabic)
    paste()

    title = page.get_by_role("heading", name="Back pain at work")
    expect(title).to_have_css("direction", "rtl")
    expect(title).to_have_attribute("lang", "ar")
    expect(page.get_by_text("By Ada Byron")).to_have_css("direction", "ltr")


def test_it_speaks_the_language_of_the_article(origin, paste, page):
    spanish = make.locale("es")
    make.ArticleFactory(title="Dolor", slug="back-pain", locale=spanish)

    paste('locale="es"')

    expect(page.get_by_role("link", name="Leer el original")).to_be_visible()


def test_no_markup_from_the_api_is_ever_read_as_such(article, paste, page):
    html = (
        '<p onclick="alert(1)">One<img src=x onerror=alert(1)>'
        '<a href="javascript:alert(1)">two</a><svg><script>alert(1)</script></svg></p>'
    )

    def hostile(route: Route) -> None:
        answer = route.fetch()
        blocks = [
            {"id": "1", "type": "text", "value": {"html": html}},
            {"id": "2", "type": "constructor", "value": {}},
            {"id": "3", "type": "quote", "value": {"text": html, "attribution": ""}},
        ]
        route.fulfill(response=answer, json=answer.json() | {"body": blocks})

    page.route(DETAIL, hostile)
    dialogs: list[Any] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))
    paste()

    expect(page.get_by_text(html)).to_be_visible()
    inside = page.evaluate(
        """() => [...document.querySelector("clinic-article").shadowRoot
          .querySelectorAll(".text *")].flatMap((one) =>
            [one.localName, ...one.getAttributeNames()])"""
    )
    assert set(inside) == {"p", "span", "blockquote", "part"}
    assert dialogs == []


def test_it_asks_nobody_but_the_clinic_and_sends_no_cookie(
    article, origin, paste, page
):
    asked = []
    page.on("request", lambda request: asked.append(request))
    page.context.add_cookies([{"name": "who", "value": "reader", "url": origin}])

    own = paste()
    expect(page.get_by_text("By Ada Byron")).to_be_visible()

    assert {one.url.split("/", 3)[2] for one in asked} == {
        origin.split("/")[2],
        own.split("/")[2],
    }
    questions = [one for one in asked if "/api/" in one.url]
    assert all("cookie" not in one.all_headers() for one in questions)


# --- What search engines are told -------------------------------------------------


def test_asked_to_it_tells_search_engines_where_the_original_is(article, paste, page):
    paste("head")

    expect(page.locator("link[rel=canonical]")).to_have_attribute(
        "href", "https://lakeside.example/articles/back-pain/"
    )
    expect(page.locator("meta[name=robots]")).to_have_count(1)


def test_unasked_it_leaves_the_head_alone(article, paste, page):
    paste()
    expect(page.get_by_text("By Ada Byron")).to_be_visible()

    expect(page.locator("link[rel=canonical], meta[name=robots]")).to_have_count(0)


# --- What is gone -----------------------------------------------------------------


def test_a_withdrawn_article_says_so_and_its_text_is_gone(article, paste, page):
    paste("head")
    expect(page.get_by_text("Get up often")).to_be_visible()

    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()
    page.evaluate("dispatchEvent(new Event('focus'))")

    gone = page.get_by_role("heading", name="The clinic no longer offers this article")
    expect(gone).to_be_visible()
    expect(page.get_by_text("Get up often")).to_have_count(0)
    expect(page.get_by_text("Our clinic")).to_be_hidden()
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
    expect(page.locator("link[rel=canonical]")).to_have_count(0)


def test_a_withdrawal_says_why_since_when_and_what_to_read_instead(
    article, paste, page
):
    problem = {
        "kind": "withdrawn",
        "reason": "The dose was wrong.",
        "withdrawn_at": "2026-11-04T12:00:00Z",
        "replacement": "https://lakeside.example/api/v1/articles/newer/",
    }
    failing(page, 410, problem)

    paste('link="/health/{slug}/"')

    expect(page.get_by_role("status")).to_contain_text(
        "The clinic has withdrawn this article"
    )
    expect(page.get_by_text("The dose was wrong.")).to_be_visible()
    expect(page.get_by_text("Since November 4, 2026.")).to_be_visible()
    expect(page.get_by_role("link", name="Read this instead")).to_have_attribute(
        "href", re.compile("/health/newer/$")
    )


def test_an_article_that_never_was_is_not_found(origin, paste, page):
    paste()

    heading = page.get_by_role("heading", name="There is no such article")
    expect(heading).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_hidden()


# --- What fails -------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failing_api_leaves_what_the_page_has_and_is_asked_again(
    article, paste, page, status
):
    failing(page, status)
    paste()
    expect(page.get_by_text("cannot be fetched at the moment")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_visible()

    page.unroute(DETAIL)

    expect(page.get_by_text("By Ada Byron")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("cannot be fetched")).to_have_count(0)


def test_the_reader_may_ask_again_at_once_and_keeps_the_place(article, paste, page):
    page.route(DETAIL, lambda route: route.abort())
    paste()
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute(DETAIL)

    again.click()

    expect(page.get_by_role("heading", name="Back pain at work")).to_be_focused()


def test_an_api_that_asks_for_peace_gets_it(article, paste, page):
    page.clock.install()
    asked = failing(page, 503, Retry_After="120")
    paste()
    expect(page.get_by_text("cannot be fetched at the moment")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)

    page.clock.run_for(110_000)
    page.evaluate("dispatchEvent(new Event('focus'))")
    assert len(asked) == 1

    with page.expect_request(DETAIL):
        page.clock.run_for(20_000)


def test_it_asks_less_and_less_often(article, paste, page):
    page.clock.install()
    asked = failing(page, 500)
    paste()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    for _ in range(60):
        page.clock.run_for(1_000)
        page.evaluate("() => new Promise((done) => queueMicrotask(done))")

    assert 3 <= len(asked) <= 7


def test_a_slow_api_is_waited_for(article, paste, page):
    page.clock.install()
    held: list[Route] = []
    page.route(DETAIL, lambda route: held.append(route))
    paste()

    page.clock.run_for(4_000)
    expect(page.get_by_text("This takes longer than usual.")).to_be_visible()
    expect(page.get_by_text("Our clinic")).to_be_visible()

    held[0].continue_()
    expect(page.get_by_text("By Ada Byron")).to_be_visible()
    expect(page.get_by_text("This takes longer than usual.")).to_have_count(0)


def test_what_was_shown_stays_while_the_clinic_is_away(article, paste, page):
    paste()
    expect(page.get_by_text("By Ada Byron")).to_be_visible()
    asked = failing(page, 500)

    with page.expect_event("requestfinished", lambda one: "/back-pain/" in one.url):
        page.evaluate("dispatchEvent(new Event('focus'))")

    assert asked
    expect(page.get_by_text("By Ada Byron")).to_be_visible()
    expect(page.get_by_text("cannot be fetched")).to_have_count(0)


def test_another_slug_shows_another_article(article, paste, page):
    make.ArticleFactory(title="Neck pain", slug="neck-pain")
    paste()
    expect(page.get_by_text("By Ada Byron")).to_be_visible()

    page.locator("clinic-article").evaluate(
        "(one) => one.setAttribute('slug', 'neck-pain')"
    )

    expect(page.get_by_role("heading", name="Neck pain")).to_be_visible()
    expect(page.get_by_text("By Ada Byron")).to_have_count(0)
