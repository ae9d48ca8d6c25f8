"""What readers of both sites see: addresses, dates, people, places, words."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.frontend_stub.browsing import run

pytestmark = pytest.mark.browser

# How many pixels of the field are left beside its placeholder.
ROOM_IN_SEARCH = """
    const room = () => {
        const input = document.querySelector("main input[type=search]");
        const style = getComputedStyle(input);
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.font = style.font;
        const text = canvas.measureText(input.placeholder).width;
        return input.clientWidth - 2 * parseFloat(style.paddingInlineStart) - text;
    };
    const { default: articles } = await import("/views/articles.js");
    const { fragment } = await import("/dom.js");
    const missing = room();
    const data = { articles: { count: 0, results: [] }, categories: [], tags: [] };
    const { content } = articles.render({ data, query: new URLSearchParams() });
    document.querySelector("main").replaceChildren(fragment(content));
    return [missing, room()];
"""

TOPS_OF_DOORS = """
    const { doors } = await import("/views/location.js");
    const place = { slug: "edison", short_name: "Edison", city: "Edison" };
    const list = doors(Array.from({ length: given }, () => place));
    const box = document.createElement("div");
    box.className = "wrap";
    box.append(list);
    document.querySelector("main").replaceChildren(box);
    return [...list.children].map((door) => door.offsetTop);
"""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/articles",
        "/articles/knee/",
        "/articles/a/b/",
        "/team/",
        "/team/ada/",
        "/location/",
        "/location/edison/",
        "/locations/",
        "/locations/edison/",
        "/awards/",
        "/awards/2026/",
        "/es/articles/",
        "/es/articles/rodilla/",
        "/pt-BR/team/ada",
        "/es/locations/edison/",
        "/es/",
        "/spanish/articles/",
        "/es/awards/",
        "/spanish/articles/rodilla/",
        "/nowhere",
    ],
)
def test_the_server_knows_the_same_addresses_as_the_page(
    microsite: str, page: Page, path: str
) -> None:
    response = page.goto(microsite + path)

    is_known = run(
        page,
        "const { match } = await import('/routes.js'); return Boolean(match(given));",
        path,
    )

    assert response is not None
    assert response.status == (200 if is_known else 404)


def test_a_partners_address_without_a_page_says_so(partner: str, page: Page) -> None:
    response = page.goto(f"{partner}/nowhere")

    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    expect(page).to_have_title("There is no such page – The Shore Gazette")
    expect(page.locator("nav [aria-current]")).to_have_count(0)
    expect(page.get_by_role("link", name="All health articles")).to_be_visible()


@pytest.mark.parametrize(
    ("zone", "expected"),
    # Half past two at night in UTC is still the evening before in New York.
    [("America/New_York", "November 3, 2026"), ("Europe/Berlin", "November 4, 2026")],
)
def test_a_withdrawal_has_the_date_of_where_the_reader_is(
    microsite: str, browser: Browser, zone: str, expected: str
) -> None:
    page = browser.new_page(timezone_id=zone)
    page.goto(microsite)
    said = run(
        page,
        "const { day } = await import('/words.js');"
        "return [day('2026-11-04T02:30:00Z'), day('2026-11-04')];",
    )
    page.close()

    assert said == [expected, "November 4, 2026"]


def test_the_team_of_a_location_is_those_who_work_there(
    microsite: str, page: Page
) -> None:
    page.goto(microsite)
    people = [
        {"name": "Ada", "locations": [{"slug": "edison"}]},
        {"name": "Cy", "locations": [{"slug": "lake-como"}]},
        {"name": "Flo", "locations": []},
        {"name": "Gus", "locations": [{"slug": "lake-como"}, {"slug": "edison"}]},
    ]

    here, everywhere = run(
        page,
        "const { teamOf } = await import('/views/team.js');"
        "return [{ slug: 'edison' }, null]"
        ".map((place) => teamOf(given, place).map(({ name }) => name));",
        people,
    )

    assert here == ["Ada", "Gus"]
    assert everywhere == ["Ada", "Cy", "Flo", "Gus"]


def test_a_pictures_credit_is_not_read_as_its_caption(
    microsite: str, page: Page
) -> None:
    page.goto(microsite)
    expected = {
        "Ada Bell": "Picture: Ada Bell",
        "Photographers’ Guild": "Picture: Photographers’ Guild",
        "Photo: Ada Bell": "Photo: Ada Bell",
        "© Ada Bell": "© Ada Bell",
    }

    said = {
        credit: run(
            page,
            "const { creditLine } = await import('/words.js');"
            "return creditLine(given);",
            credit,
        )
        for credit in expected
    }

    assert said == expected


@pytest.mark.parametrize(("count", "rows"), [(2, [2]), (3, [3]), (4, [2, 2])])
def test_no_location_stands_alone_in_a_row(
    microsite: str, page: Page, count: int, rows: list[int]
) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    # Its problem is drawn at once, and nothing draws over what the test puts there.
    page.goto(f"{microsite}/nothing/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    tops = run(page, TOPS_OF_DOORS, count)

    assert list(Counter(tops).values()) == rows


def test_the_search_says_on_a_phone_what_it_is_for(microsite: str, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{microsite}/nothing/")
    expect(page.get_by_role("searchbox")).to_be_visible()

    room = run(page, ROOM_IN_SEARCH)

    assert min(room) >= 0


RUNS = """
    const { markCitations } = await import("/references.js");
    const { richText } = await import("/richtext.js");
    const body = document.createElement("div");
    const link = '<a class="citation" href="#ref-$&">$&</a>';
    body.append(richText(`Rest [1993] ${given.replace(/\\d+/g, link)}.`));
    const marks = markCitations(body);
    document.querySelector("main").replaceChildren(body);
    const leadsTo = (id) => Boolean(document.getElementById(id)?.matches(".citation"));
    return [
        body.textContent.replace(/^Rest \\[1993\\] |\\.$/g, ""),
        [...marks].filter(([, ids]) => ids.length && ids.every(leadsTo)).length,
    ];
"""


@pytest.mark.parametrize(
    ("written", "read", "references"),
    [
        ("[1][2][3][4]", "[1–4]", 4),
        ("[1, 2, 3] [7]", "[1–3] [7]", 4),
        ("[1][2]", "[1][2]", 2),
        ("[3][2][1]", "[3][2][1]", 3),
        ("[1] says, and [2] and [3]", "[1] says, and [2] and [3]", 3),
    ],
)
def test_marks_that_follow_each_other_are_read_as_one(
    microsite: str, page: Page, written: str, read: str, references: int
) -> None:
    page.goto(f"{microsite}/nothing/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    text, found_from_the_list = run(page, RUNS, written)

    assert text == read
    assert found_from_the_list == references


ARTICLE = """
    const { default: article } = await import("/views/article.js");
    const { fragment } = await import("/dom.js");
    const site = { location: null, locations: [] };
    const { content } = article.render({ data: { article: given, more: [] }, site });
    document.querySelector("main").replaceChildren(fragment(content));
"""


def test_a_corrected_article_says_so_at_its_top_and_leads_to_the_correction(
    microsite: str, page: Page
) -> None:
    page.goto(f"{microsite}/nothing/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    corrections = [
        {"date": "2026-03-05", "note": "It said 10 weeks."},
        {"date": "2026-05-03", "note": "It named another exercise."},
    ]

    run(
        page,
        ARTICLE,
        {
            "title": "Knees",
            "slug": "knees",
            "locale": "en",
            "body_html": "<p>Move.</p>",
            "published_at": "2026-01-05T12:00:00Z",
            "updated_at": "2026-05-03T12:00:00Z",
            "corrections": corrections,
        },
    )

    top = page.locator(".article-head")
    expect(top).to_contain_text("Corrected on May 3, 2026.")
    top.get_by_role("link", name="What was corrected").click()
    expect(page.locator("#page-corrections")).to_be_in_viewport()
