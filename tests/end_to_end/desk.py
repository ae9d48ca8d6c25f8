"""A member of staff at the admin in a real browser, whose clicks are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests import factories as make

COUNTING = """
addEventListener("pointerdown", (event) => event.isTrusted && countClick(), true);
"""


@dataclass
class Desk:
    """The admin at `url`, seen by whoever has logged in."""

    page: Page
    url: str
    clicks: int = 0

    def __post_init__(self) -> None:
        self.page.expose_function("countClick", self._count)
        self.page.add_init_script(COUNTING)

    def _count(self) -> None:
        self.clicks += 1

    def log_in(self, *roles: str) -> None:
        """Come as somebody new who has `roles`; the clicks count from here on."""
        self.page.context.clear_cookies()
        somebody = make.UserFactory(roles=list(roles))
        self.page.goto(f"{self.url}/login/")
        self.clicks = 0
        self.page.get_by_label("Username").fill(somebody.get_username())
        self.page.get_by_label("Password").fill(make.PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.url}/")

    def open_menu(self, *names: str) -> None:
        """Go where the menu leads, by the words in it."""
        menu = self.page.get_by_role("navigation", name="Main menu")
        for name in names[:-1]:
            menu.get_by_role("button", name=name).click()
        menu.get_by_role("link", name=names[-1], exact=True).click()

    def open_article(self, title: str) -> None:
        self.open_menu("Articles", "All articles")
        self.page.get_by_role("link", name=title).first.click()

    def publish_from_list(self, *menu: str, title: str) -> None:
        """Publish what stands in a list by that title."""
        self.open_menu(*menu)
        self.page.get_by_role("link", name=title).first.click()
        self.act("Publish")
        self.tells("published")

    def act(self, name: str) -> None:
        """Do what the editor offers by that name, among "More actions" if need be."""
        action = self._action(name)
        if not action.is_visible():
            self.page.get_by_role("button", name="More actions").click()
        action.click()

    def offers(self, name: str) -> bool:
        """Whether the editor lets one do that, at once or among "More actions"."""
        return self._action(name).count() > 0

    def _action(self, name: str) -> Locator:
        named = re.compile(rf"^\s*{re.escape(name)}\s*$")
        return self.page.locator("footer :is(button, a)").filter(has_text=named)

    def tells(self, words: str) -> None:
        """Expect a message of the admin with these words."""
        # Beside whole suites a form with much in it takes longer to save.
        expect(self.messages).to_contain_text(words, timeout=30_000)

    @property
    def messages(self) -> Locator:
        return self.page.locator(".messages")
