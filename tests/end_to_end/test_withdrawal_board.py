"""A partner mirrors a channel; a withdrawal reaches it while staff watch."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.documents import publishing
from content_models.models import Article
from tests.machine import until

from .desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

ROOT = Path(__file__).parents[2]
MIRROR = ROOT / "frontend_stub" / "examples" / "mirror.py"
# The mirror asks every 5 s where nobody is held, the board looks every 4 s.
SOON_MS = 30_000


def work() -> None:
    """What the worker does after a change of entitlements."""
    while publishing.settle():
        pass


def partner(desk: Desk) -> str:
    """Make a partner that carries what is about knees; its key, from the clipboard."""
    page = desk.page
    desk.open_menu("Sites", "Channels")
    page.get_by_role("link", name="Add a partner").click()
    page.get_by_label("Name").press_sequentially("Shoreline Gazette")
    page.get_by_label("Contact").fill("Ines Ferreira")
    page.get_by_label("Phone").fill("+1 732 555 0100")
    page.get_by_label("Knee").check()
    page.get_by_role("button", name="Save", exact=True).click()
    desk.tells("Shoreline Gazette")
    work()
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Name").fill("Gazette web server")
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("button", name="Copy the key").click()
    key: str = page.evaluate("navigator.clipboard.readText()")
    return key


@contextmanager
def mirroring(desk: Desk, key: str, file: Path) -> Iterator[None]:
    """The example as a process of its own, with that key."""
    api = desk.url.replace("/cms", "/api/v1")
    command = [sys.executable, str(MIRROR), "--api", api, "--file", str(file)]
    process = subprocess.Popen(command, env={**os.environ, "CLINICAST_KEY": key})
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def mirrored(file: Path) -> set[str]:
    """The articles in a mirror's file."""
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as read:
            found = read.execute("SELECT slug FROM documents WHERE type = 'article'")
            return {slug for (slug,) in found}
    except sqlite3.OperationalError:
        return set()


def withdraw(desk: Desk, title: str, reason: str) -> None:
    page = desk.page
    desk.open_article(title)
    page.locator("header").get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_label("Urgent").check()
    page.get_by_role("button", name="Withdraw it").click()


def test_a_withdrawal_turns_green_when_a_partners_mirror_has_it(
    desk: Desk, page: Page, tmp_path: Path
):
    file = tmp_path / "mirror.sqlite3"
    desk.log_in("Administrators")
    key = partner(desk)
    with mirroring(desk, key, file):
        assert until(lambda: mirrored(file) == {"knees"}, within_s=30)
    # It is down: the board has somebody to wait for.
    withdraw(desk, "On knees", "The dose was wrong.")

    row = page.get_by_role("row", name="Shoreline Gazette")
    expect(page.get_by_role("heading", name="0 of 1 sites")).to_be_visible()
    expect(row).to_contain_text("Not confirmed")
    expect(row).to_contain_text("+1 732 555 0100")
    with mirroring(desk, key, file):
        expect(row).to_contain_text("Confirmed", timeout=SOON_MS)

    expect(row).to_contain_text("Gazette web server")
    expect(row).not_to_contain_text("+1 732 555 0100")
    expect(page.get_by_role("status").last).to_contain_text("has confirmed")
    assert mirrored(file) == set()
    assert not Article.objects.get(title="On knees").live


def test_a_board_can_be_read_without_scripts(desk: Desk, page: Page, tmp_path: Path):
    file = tmp_path / "mirror.sqlite3"
    desk.log_in("Administrators")
    key = partner(desk)
    with mirroring(desk, key, file):
        assert until(lambda: mirrored(file) == {"knees"}, within_s=30)
    withdraw(desk, "On knees", "The dose was wrong.")
    page.wait_for_url("**/withdrawn/**")
    board, known = page.url, page.context.storage_state()

    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, storage_state=known)
    still = plain.new_page()
    still.goto(board)
    expect(still.get_by_role("row", name="Shoreline")).to_contain_text("Not confirmed")
    with mirroring(desk, key, file):
        row = page.get_by_role("row", name="Shoreline Gazette")
        expect(row).to_contain_text("has asked for", timeout=SOON_MS)
    still.get_by_role("link", name="Look again").click()

    row = still.get_by_role("row", name="Shoreline")
    expect(row).not_to_contain_text("Not confirmed")
    plain.close()


@pytest.mark.parametrize("is_why", ["logged out", "the network is away"])
def test_a_board_that_cannot_be_kept_up_to_date_says_so(
    desk: Desk, page: Page, tmp_path: Path, is_why: str
):
    file = tmp_path / "mirror.sqlite3"
    desk.log_in("Administrators")
    key = partner(desk)
    with mirroring(desk, key, file):
        assert until(lambda: mirrored(file) == {"knees"}, within_s=30)
    withdraw(desk, "On knees", "The dose was wrong.")
    page.wait_for_url("**/withdrawn/**")
    late = page.get_by_text("not up to date any more")
    expect(late.first).to_be_hidden()

    if is_why == "logged out":
        page.context.clear_cookies()
    else:
        page.route("**/*part=rows*", lambda route: route.abort())

    expect(page.get_by_role("link", name="Look again")).to_be_visible(timeout=SOON_MS)
    expect(late.last).to_be_visible()
