"""Everybody can use every page: two checkers, 320 px, light and dark, keyboard."""

from __future__ import annotations

import pytest

from . import checkers, known
from .conftest import Open
from .pages import ADMIN, DEVELOPERS, EMBEDDED, SITES, STATES, Place

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# The narrowest phone, and also what 1,280 px are at 400 % zoom.
NARROW = 320
NAMES = {"ids": lambda place: place.name}


@pytest.mark.thorough
@pytest.mark.parametrize("place", [*SITES, *STATES, *DEVELOPERS, *ADMIN], **NAMES)
def test_no_checker_finds_anything_in_light_on_a_desktop(visit: Open, place: Place):
    page = visit(place)

    assert known.unknown(checkers.complaints(page), place.name) == []


@pytest.mark.parametrize("place", [*SITES, *STATES, *ADMIN], **NAMES)
def test_nor_in_the_dark_on_the_narrowest_phone_where_nothing_scrolls_sideways(
    visit: Open, place: Place
):
    page = visit(place, width=NARROW, scheme="dark")

    widest = page.evaluate("document.documentElement.scrollWidth")
    assert known.unknown(checkers.complaints(page), place.name) == []
    assert widest <= NARROW


@pytest.mark.parametrize("place", EMBEDDED, **NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_where_an_embedded_article_is_gone_or_cannot_be_had(
    visit: Open, scheme: str, place: Place
):
    page = visit(place, width=NARROW, scheme=scheme)

    assert page.locator("clinic-article").get_by_role("status").inner_text()
    assert checkers.complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


@pytest.mark.parametrize("place", [*SITES, *STATES], **NAMES)
def test_the_keyboard_reaches_all_and_shows_where_it_is(visit: Open, place: Place):
    page = visit(place)
    expected = page.evaluate(
        """() => [
          ...document.querySelectorAll("a[href], button, input, select, summary"),
        ].filter((e) => e.checkVisibility({ visibilityProperty: true })
            && !e.disabled && e.type !== "hidden").length"""
    )
    seen, unmarked = set(), []

    for _ in range(expected + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {
              let e = document.activeElement;
              if (e === document.body) return null;
              while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
              e.dataset.tabbed ??= String(Math.random());
              const isRinged = (one) => {
                const s = getComputedStyle(one);
                return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
              };
              // A card whose whole face is one link shows the ring around itself.
              const card = e.closest("article, .card, .door, .person-card") ?? e;
              return [e.dataset.tabbed, isRinged(e) || isRinged(card),
                e.outerHTML.slice(0, 120)];
            }"""
        )
        if here is None:
            continue
        name, is_marked, html = here
        seen.add(name)
        if not is_marked:
            unmarked.append(html)

    assert unmarked == []
    assert len(seen) >= expected


def test_motion_rests_for_those_who_ask_for_it(visit: Open):
    page = visit(SITES[0])

    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((e) => {
          const s = getComputedStyle(e);
          const longest = (text) => Math.max(...text.split(",").map(parseFloat));
          const lasts_s = [s.transitionDuration, s.animationDuration].map(longest);
          return Math.max(...lasts_s) > 0.001;
        }).map((e) => e.outerHTML.slice(0, 100))"""
    )

    assert moving == []


PLANTED = {
    "an image without words": ("<img src='/icon.svg'>", "image-alt", "img_alt"),
    "a button without a name": ("<button></button>", "button-name", "label"),
    "grey on grey": (
        "<p data-style='color:#999;background:#aaa'>Read this</p>",
        "color-contrast",
        "contrast",
    ),
    "a field without a label": ("<input type='text'>", "label", "input_label"),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_both_checkers_see_a_mistake_that_is_planted(visit: Open, mistake: str):
    html, axes, aces = PLANTED[mistake]
    page = visit(Place("planted", "web", "/developers/"))
    page.evaluate(
        """(html) => {
          document.querySelector("main").insertAdjacentHTML("beforeend", html);
          const grey = document.querySelector("[data-style]");
          if (grey) grey.style.cssText = grey.dataset.style;
        }""",
        html,
    )

    assert any(axes in found for found in checkers.axe(page))
    assert any(aces in found for found in checkers.ace(page)), checkers.ace(page)
