"""What staff write is longer, shorter or stranger than a designer thinks: it fits."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories as make

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

WIDTHS = [320, 360, 1280]
LONG = "Rückenschmerz" * 24
ADDRESS = f"https://example.com/{'a' * 200}"
ARABIC = "آلام الظهر في العمل"
NAMELESS = {"name": "Teresa", "given_name": "Teresa", "family_name": "", "photo": None}
REFERENCES = [
    {
        "number": n,
        "text": f"{'Doe J, ' * 9}Knees {n}. 2020.",
        "doi": f"10.1000/{'x' * 60}{n}",
    }
    for n in range(1, 61)
]
# What the API says otherwise than of plain content, by what is hard about it.
ARTICLES: dict[str, dict[str, Any]] = {
    "a title without a space": {"title": LONG, "summary": LONG, "byline": LONG},
    "nothing but a title": {
        "summary": "",
        "image": None,
        "authors": [],
        "byline": "",
        "categories": [],
        "tags": [],
        "reading_minutes": 0,
    },
    "another script": {
        "title": ARABIC,
        "summary": ARABIC,
        "body_html": f"<p>{ARABIC}</p>",
    },
    "60 references": {"references": REFERENCES},
    "a wide table and a long address": {
        "body_html": (
            f"<p><a href='{ADDRESS}'>{ADDRESS}</a></p>"
            "<div class='table-scroll'><table><tbody><tr>"
            + "<td>1,000 steps</td>" * 12
            + f"</tr></tbody></table></div><pre>{'x' * 300}</pre>"
        )
    },
}
PLACES: dict[str, dict[str, Any]] = {
    "without hours, phone or address": {
        "phones": [],
        "hours": [],
        "hours_exceptions": [],
        "street_address": "",
        "booking_url": None,
        "photos": [],
        "services": [],
    },
    "with a name without a space": {
        "name": LONG,
        "services": [{"name": LONG, "description": LONG}],
    },
    "in another script": {"name": ARABIC, "street_address": ARABIC},
}


@pytest.fixture
def site(microsite: str) -> str:
    author = make.AuthorFactory(given_name="Ada", family_name="Byron", slug="ada")
    make.ArticleFactory(title="Back pain at work", slug="back-pain", authors=[author])
    return microsite


def told(page: Page, path: str, changes: dict[str, Any]) -> None:
    """Let the API say so of one document, wherever it is."""

    def changed(route: Route) -> None:
        answer = route.fetch()
        document = answer.json()
        several = document.get("results")
        if several is None:
            document |= changes
        else:
            document["results"] = [one | changes for one in several]
        route.fulfill(response=answer, json=document)

    page.route(f"**/api/v1/{path}", changed)


def fits(page: Page, width: int) -> bool:
    widest: int = page.evaluate("document.documentElement.scrollWidth")
    return widest <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ARTICLES)
def test_an_article_fits_the_page(site: str, page: Page, kind: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    told(page, "articles/back-pain/", ARTICLES[kind])

    page.goto(f"{site}/articles/back-pain/")
    heading = page.get_by_role("heading", level=1)

    expect(heading).to_have_text(ARTICLES[kind].get("title", "Back pain at work"))
    assert fits(page, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "kind", ["a title without a space", "nothing but a title", "another script"]
)
def test_its_card_fits_the_list(site: str, page: Page, kind: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    told(page, "articles/?*", ARTICLES[kind])

    page.goto(f"{site}/articles/")

    expect(page.locator(".card")).to_have_count(1)
    assert fits(page, width)
    # A card without a summary keeps no room for one.
    assert page.locator(".card-summary:empty").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", PLACES)
def test_a_location_fits_the_page(site: str, page: Page, kind: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    told(page, "locations/edison/", PLACES[kind])
    told(page, "locations/?*", PLACES[kind])

    for path in ("/locations/edison/", "/", "/locations/"):
        page.goto(site + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert fits(page, width)


def test_a_location_without_hours_or_phone_offers_what_there_is(site: str, page: Page):
    told(page, "locations/edison/", PLACES["without hours, phone or address"])

    page.goto(f"{site}/locations/edison/")

    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="Opening hours")).to_be_visible()
    expect(main).to_contain_text("not listed")
    # Nobody is asked to call a place that has no number.
    expect(main).not_to_contain_text("call us")
    expect(main.get_by_role("link", name="Directions")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_name_may_be_one_word(site: str, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    told(page, "authors/ada/", NAMELESS)
    told(page, "authors/?*", NAMELESS)

    page.goto(f"{site}/team/")
    expect(page.locator(".face").first).to_have_text("T")
    page.goto(f"{site}/team/ada/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Teresa")
    assert fits(page, width)


def test_the_60th_reference_is_reached_from_its_mark_and_back(site: str, page: Page):
    marked = {
        "references": REFERENCES,
        "body_html": '<p>So it is.<a class="citation" href="#ref-60">60</a></p>',
    }
    told(page, "articles/back-pain/", marked)
    page.goto(f"{site}/articles/back-pain/")

    page.get_by_role("link", name="Reference 60", exact=True).click()
    expect(page.locator("#ref-60")).to_be_in_viewport()
    page.get_by_role("link", name="Back to reference 60 in the text").click()

    expect(page.get_by_text("So it is.")).to_be_in_viewport()


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_the_page_has_its_text_and_a_search(
    site: str, browser: Any, width: int
):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{site}/articles/back-pain/")

    # By selector: Playwright looks for no text and no role within a <noscript>.
    text = page.locator(".essentials")
    expect(text.locator("h1")).to_be_visible()
    expect(text).to_contain_text("Back pain at work")
    expect(text).to_contain_text("By Ada Byron")
    expect(page.locator(".site-footer")).to_be_hidden()
    expect(page.locator("a[href='/search/']")).to_be_attached()
    assert fits(page, width)
    context.close()


def test_what_is_withdrawn_says_why_and_what_is_not_there_offers_a_search(
    site: str, page: Page
):
    def gone(route: Route) -> None:
        reason = {"kind": "withdrawn", "reason": "A study was retracted."}
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(status=410, json=reason, headers=headers)

    page.route("**/api/v1/articles/back-pain/", gone)

    page.goto(f"{site}/articles/back-pain/")
    expect(page.get_by_text("A study was retracted.")).to_be_visible()
    expect(page.get_by_role("heading", name="Need to reach us?")).to_be_visible()

    page.goto(f"{site}/articles/nothing/")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_visible()
