"""What the pages' own modules make of data, in a real browser under the real policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.frontend_stub.browsing import run

pytestmark = pytest.mark.browser

PLACE = {
    "time_zone": "America/New_York",
    "hours": [
        {"weekday": day, "opens": opens, "closes": closes}
        for day in range(1, 6)
        for opens, closes in [("13:00", "18:00"), ("08:30", "12:00")]
    ],
    "hours_exceptions": [
        {
            "starts_on": "2026-11-26",
            "ends_on": "2026-11-27",
            "closed": True,
            "opens": None,
            "closes": None,
            "reason": "Thanksgiving",
        },
        {
            "starts_on": "2026-12-24",
            "ends_on": "2026-12-24",
            "closed": False,
            "opens": "09:00",
            "closes": "11:00",
            "reason": "Christmas Eve",
        },
    ],
}

# A link on the tinted surface, as the browser paints the two.
ACCENT_AND_SURFACE = """
    const { applyAccent } = await import("/accent.js");
    applyAccent(given);
    const surface = document.body.appendChild(document.createElement("p"));
    surface.className = "notice";
    const link = surface.appendChild(document.createElement("a"));
    link.href = "/";
    const canvas = document.createElement("canvas").getContext("2d");
    const painted = (css) => {
        canvas.fillStyle = css;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    return [
        painted(getComputedStyle(link).color),
        painted(getComputedStyle(surface).backgroundColor),
    ];
"""


def opening_line(page: Page, place: dict[str, Any], moment: str) -> str:
    page.clock.set_fixed_time(moment)
    said = run(
        page,
        "const { openLine } = await import('/opening.js');"
        "return openLine(given).textContent;",
        place,
    )
    return str(said).replace("\u00a0", " ")


def test_the_line_on_opening_hours_is_right_where_the_clinic_is(
    microsite: str, page: Page
) -> None:
    page.goto(microsite)
    expected = {
        "2026-11-23T14:00:00Z": "Open now, until 12 pm",
        "2026-11-23T17:30:00Z": "Closed now, opens today at 1 pm",
        # The last minute is the one before the door closes.
        "2026-11-23T22:59:00Z": "Open now, until 6 pm",
        "2026-11-23T23:00:00Z": "Closed now, opens tomorrow at 8:30 am",
        # Tuesday in UTC, but Monday evening at the clinic.
        "2026-11-24T02:00:00Z": "Closed now, opens tomorrow at 8:30 am",
        "2026-11-28T15:00:00Z": "Closed today, opens Monday at 8:30 am",
        "2026-11-26T15:00:00Z": (
            "Closed today (Thanksgiving), opens Monday at 8:30 am"
        ),
        "2026-12-24T15:30:00Z": "Open now, until 11 am",
        "2026-12-24T16:30:00Z": "Closed now, opens tomorrow at 8:30 am",
        # In summer New York is four hours behind UTC, not five.
        "2026-07-06T12:15:00Z": "Closed now, opens today at 8:30 am",
        "2026-07-06T12:30:00Z": "Open now, until 12 pm",
    }

    said = {moment: opening_line(page, PLACE, moment) for moment in expected}

    assert said == expected


def test_a_location_without_hours_claims_none(microsite: str, page: Page) -> None:
    page.goto(microsite)

    line = run(
        page,
        "const { openLine } = await import('/opening.js'); return openLine(given);",
        {"time_zone": "America/New_York", "hours": [], "hours_exceptions": []},
    )

    assert line is None


def test_html_that_is_no_text_never_reaches_the_page(
    microsite: str, page: Page
) -> None:
    page.goto(microsite)
    expected = {
        "<script>alert(1)</script><p>Kept</p>": "<p>Kept</p>",
        '<p onclick="alert(1)" style="color:red">Kept</p>': "<p>Kept</p>",
        '<a href="javascript:alert(1)">Kept</a>': "<a>Kept</a>",
        '<a href=" data:text/html,x">Kept</a>': "<a>Kept</a>",
        '<a class="citation" href="#ref-1">1</a>': (
            '<a class="citation" href="#ref-1">1</a>'
        ),
        '<iframe src="https://example.org"></iframe><form>Kept</form>': "",
        "<svg><script>alert(1)</script></svg><math></math>Kept": "Kept",
        "<font><b>Kept</b></font>": "<b>Kept</b>",
        '<h2 id="page-main">Kept</h2>': "<h2>Kept</h2>",
        '<h2 id="what-helps">Kept</h2>': '<h2 id="what-helps">Kept</h2>',
        '<img src="javascript:alert(1)" alt="Kept">': (
            '<img alt="Kept" loading="lazy" decoding="async">'
        ),
    }

    cleaned = {
        html: run(
            page,
            "const { richText } = await import('/richtext.js');"
            "const box = document.createElement('div');"
            "box.append(richText(given)); return box.innerHTML;",
            html,
        )
        for html in expected
    }

    assert cleaned == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_accent_colour_can_be_read(
    microsite: str, page: Page, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(microsite)

    printed = {
        color: run(page, ACCENT_AND_SURFACE, color)
        for color in ("#1f6f78", "#ffee00", "#000000", "#ffffff", "#b0d8ff", "#c00")
    }

    unreadable = {c: pair for c, pair in printed.items() if contrast(*pair) < 4.5}
    assert unreadable == {}


def contrast(one: list[int], other: list[int]) -> float:
    """Source: WCAG 2.2, definition of contrast ratio."""
    low, high = sorted(luminance(color) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(color: list[int]) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_how_long_to_wait_is_read_as_seconds_or_as_a_date(
    microsite: str, page: Page
) -> None:
    page.goto(microsite)
    expected = {
        "120": 120_000,
        " 0 ": 0,
        "Thu, 26 Nov 2026 12:00:30 GMT": 30_000,
        # In the past, beyond an hour, and no time at all.
        "Thu, 26 Nov 2026 11:00:00 GMT": 0,
        "86400": 3_600_000,
        "soon": 0,
        "-5": 0,
    }

    waits = run(
        page,
        "const { waitIn } = await import('/api.js');"
        "const now = Date.parse('2026-11-26T12:00:00Z');"
        "return Object.fromEntries(given.map((text) => [text, waitIn(text, now)]));",
        list(expected),
    )

    assert waits == expected


def test_a_page_whose_api_is_away_says_so_and_offers_again(
    microsite: str, page: Page
) -> None:
    page.goto(f"{microsite}/articles/")

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "We cannot reach our server"
    )
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")


def test_the_partners_own_stories_do_not_depend_on_the_clinic(
    partner: str, page: Page
) -> None:
    page.goto(partner)

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "The boardwalk opens two weeks early"
    )
    # The clinic's element never came: what the paper has in its place stands there.
    expect(page.get_by_text("Health texts from our clinic")).to_be_visible()


def test_a_partners_article_whose_clinic_is_away_keeps_the_paper_whole(
    partner: str, page: Page
) -> None:
    response = page.goto(f"{partner}/health/knee/")

    # An API in trouble has withdrawn nothing.
    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text("Health")
    expect(page.get_by_role("link", name="All health articles")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/articles/", "/team/", "/awards/", "/nothing/"])
def test_no_page_scrolls_sideways_on_the_narrowest_phone(
    microsite: str, page: Page, path: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})

    page.goto(microsite + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert run(page, "return document.documentElement.scrollWidth") == 320
