"""An administrator gives a partner a channel and a key, which opens just that."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from api.documents import publishing

from .desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def read(desk: Desk, key: str) -> list[str]:
    """The articles that the API shows to whoever has `key`."""
    address = desk.url.replace("/cms", "/api/v1/articles/")
    request = Request(address, headers={"Authorization": f"Bearer {key}"})
    with urlopen(request) as answer:
        return [one["slug"] for one in json.load(answer)["results"]]


def test_a_partner_is_made_and_its_key_copied(desk: Desk, page: Page):
    desk.log_in("Administrators")
    desk.open_menu("Sites", "Channels")
    page.get_by_role("link", name="Add a partner").click()

    page.get_by_label("Name").press_sequentially("Shoreline Gazette")
    address = page.get_by_label("Address", exact=True)
    expect(address).to_have_value("shoreline-gazette")
    page.get_by_label("Knee").check()
    page.get_by_role("button", name="What this would change").click()
    change = page.get_by_role("region", name="What this would change")
    expect(change).to_contain_text("Added: 1 article")
    expect(change).to_contain_text("On knees")
    expect(change).to_be_focused()
    expect(address).to_have_value("shoreline-gazette")
    page.get_by_role("button", name="Save", exact=True).click()
    desk.tells("Shoreline Gazette")

    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Name").fill("Gazette web server")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("it will not be shown again")).to_be_visible()
    page.get_by_role("button", name="Copy the key").click()
    key = page.evaluate("navigator.clipboard.readText()")

    while publishing.settle():
        pass
    assert key.startswith("clinicast_")
    assert read(desk, key) == ["knees"]
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Gazette web server", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="On knees")).to_be_visible()
    assert key not in page.content()


def test_an_editor_takes_an_article_off_a_site(desk: Desk, page: Page):
    desk.log_in("Editors")
    desk.open_article("On knees")
    page.locator("header").get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Where it appears").click()

    choice = page.get_by_label("Everything published")
    choice.select_option("Never")
    page.get_by_role("button", name="Save where it appears").click()

    desk.tells("Saved.")
    row = page.get_by_role("row", name="Everything published")
    expect(row).to_contain_text("Not there")
    expect(row).to_contain_text("Excepted here")
