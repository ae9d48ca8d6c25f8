"""A browser that goes to a screen as whoever sees it, waits for calm, and takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from playwright.sync_api import (
    Browser,
    Page,
    TimeoutError,
    sync_playwright,
)

from tests import browser as chromium

from .moment import MOMENT
from .pictures import FOLDER, keep
from .screens import HEIGHTS, Scheme, Screen

# A whole page ends here: what is further down, another screen shows.
LONGEST_PX = 3_000
CALM_MS = 8_000

# Pictures further down come only when somebody scrolls. The key of a link to a draft is
# another one each time, and says nothing.
SETTLE = """async () => {
  for (const image of document.images) image.loading = "eager";
  const shown = [...document.images].filter((image) => image.checkVisibility());
  const seconds = new Promise((done) => setTimeout(done, 3000));
  const drawn = shown.map((image) => image.decode().catch(() => {}));
  await Promise.race([seconds, Promise.all([...drawn, document.fonts.ready])]);
  for (const link of document.querySelectorAll("input[readonly]"))
    link.value = link.value.replace(/(preview\\/#).*/, "$1a-key-nobody-can-guess");
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@dataclass(frozen=True)
class Sites:
    """What there is to be taken."""

    # Where each site is.
    origins: Mapping[str, str]
    # What stands for a word in braces in a screen's path.
    words: Mapping[str, str]
    # What a browser knows in which a role has logged in.
    logins: Mapping[str, object]

    def address(self, screen: Screen) -> str:
        return self.origins[screen.site] + screen.path.format_map(self.words)


@dataclass(frozen=True)
class Camera:
    """Takes screens of `sites` in a browser."""

    browser: Browser
    sites: Sites

    def take(self, screen: Screen) -> int:
        """Take `screen` at every width; how many files have changed."""
        changed = 0
        for scheme in screen.schemes:
            with self._page(screen, scheme) as page:
                for width in screen.widths:
                    drawn = self._at(page, screen, width)
                    changed += keep(drawn, FOLDER / screen.file(width, scheme))
        return changed

    @contextmanager
    def _page(self, screen: Screen, scheme: Scheme) -> Iterator[Page]:
        width = screen.widths[-1]
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=screen.has_scripts,
            storage_state=self.sites.logins.get(screen.role),  # type: ignore[arg-type]
            timezone_id="America/New_York",
            locale="en-US",
        )
        context.clock.install(time=MOMENT)
        page = context.new_page()
        if screen.is_printed:
            page.emulate_media(media="print")
        for step in screen.before:
            step(page)
        page.goto(self.sites.address(screen))
        calm(page)
        for step in screen.steps:
            step(page)
        yield page
        # So that the admin hears that nobody is at this form any more.
        page.goto("about:blank")
        context.close()

    def _at(self, page: Page, screen: Screen, width: int) -> bytes:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        calm(page)
        if screen.has_scripts:
            page.evaluate(SETTLE)
        if not screen.is_whole:
            return page.screenshot(animations="disabled")
        length = page.evaluate("document.documentElement.scrollHeight")
        height = min(max(length, HEIGHTS[width]), LONGEST_PX)
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        return page.screenshot(animations="disabled", full_page=True, clip=clip)  # type: ignore[arg-type]


def calm(page: Page) -> None:
    # Something may always be asked for anew, such as who else is at the same form.
    with suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=CALM_MS)


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.chromium(), args=chromium.flags()
        )
        yield browser
        browser.close()


def cookies_of(role: str, password: str, browser: Browser, web: str) -> object:
    """What a browser keeps once `role` has logged in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{web}/cms/login/")
    page.get_by_label("Username").fill(role)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{web}/cms/")
    cookies = context.storage_state()
    context.close()
    return cookies
