"""No screen is without its picture, no picture without its screen."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.admin.viewsets import viewsets

from api.developers.urls import urlpatterns as developers_pages

from .pictures import FOLDER
from .screens import FILES, SCREENS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide.md"
ADDRESSES = runpy.run_path(str(ROOT / "frontend_stub" / "addresses.py"))["ADDRESSES"]
# What the list of a kind is called among its addresses.
LISTS = ("index", "list")
PICTURE = re.compile(r"!\[([^]]*)\]\(([^)]+)\)")


def paths(*sites: str) -> list[str]:
    """Of all screens of these sites, without what stands behind a question mark."""
    return [urlsplit(screen.path).path for screen in SCREENS if screen.site in sites]


def lists_of_the_admin() -> set[str]:
    """Where the list of each kind of content is; choosers and the like have none."""
    # Wagtail registers what it has when its addresses are read.
    assert get_resolver().url_patterns
    # Those without a name are of pages, which another one lists.
    named = [each for each in viewsets.viewsets if each.name]
    return {url for each in named for name in LISTS for url in list_of(each, name)}


def list_of(viewset: Any, name: str) -> Iterator[str]:
    with suppress(NoReverseMatch):
        yield reverse(viewset.get_url_name(name))


def test_each_list_of_the_admin_is_a_screen():
    lists = lists_of_the_admin()

    assert len(lists) > 9
    assert lists - set(paths("web")) == set()


@pytest.mark.parametrize("site", ADDRESSES)
def test_each_address_of_a_site_is_a_screen(site: str):
    others = {screen.site for screen in SCREENS} - {"web", "partner"}
    taken = paths("partner") if site == "partner" else paths(*others)

    missing = [
        pattern
        for pattern in ADDRESSES[site]
        # The editor's frame, which the editor's own pictures show.
        if pattern != "/preview/desk/"
        and not any(re.fullmatch(pattern, path) for path in taken)
    ]

    assert missing == []


def test_each_page_for_developers_is_a_screen():
    taken = [path.removeprefix("/developers/") for path in paths("web")]

    missing = [
        page.name
        for page in developers_pages
        # What the guides have one build or run is no page of its own.
        if page.name not in ("developers-example", "developers-mirror")
        and not any(page.pattern.match(path) for path in taken)
    ]

    assert missing == []


def test_no_two_screens_have_one_name():
    names = Counter(screen.name for screen in SCREENS)

    assert [name for name, uses in names.items() if uses > 1] == []


def test_the_pictures_are_those_of_the_table():
    assert {path.name for path in FOLDER.glob("*")} == FILES


def test_the_guide_shows_screens_and_says_what_is_on_them():
    shown = PICTURE.findall(GUIDE.read_text())

    assert shown
    assert {Path(path).name for _, path in shown} <= FILES
    assert [path for words, path in shown if len(words) < 10] == []
