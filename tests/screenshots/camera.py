"""A browser that goes to a screen as whoever sees it, waits for calm, and takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from playwright.sync_api import (
    Browser,
    Error,
    Page,
    TimeoutError,
    sync_playwright,
)

from tests import browser as chromium

from .moment import MOMENT
from .pictures import FOLDER, keep
from .screens import HEIGHTS, Scheme, Screen

# A whole page ends here: what is further down, another screen shows.
LONGEST_PX = 1_500
CALM_MS = 8_000
# What an opened panel takes to come to rest.
REST_MS = 300

# Pictures further down come only when somebody scrolls.
DRAW = """async () => {
  for (const image of document.images) image.loading = "eager";
  const shown = [...document.images].filter((image) => image.checkVisibility());
  const drawn = shown.map((image) => image.decode().catch(() => {}));
  const enough = new Promise((done) => setTimeout(done, 3000));
  await Promise.race([enough, Promise.all([...drawn, document.fonts.ready])]);
}"""

# What is another one each time, and says nothing: keys, and the minute of now.
STEADY = """() => {
  for (const link of document.querySelectorAll("input[readonly]"))
    link.value = link.value.replace(/(preview\\/#).*/, "$1a-key-nobody-can-guess");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const said = texts.currentNode.data;
    const steady = said.replace(/(until .*)\\b\\d+:\\d+ ([AP]M)/, "$111:30 $2");
    if (steady !== said) texts.currentNode.data = steady;
  }
}"""

# To what is higher than the window, its beginning matters most.
BRING = """(one) => {
  one.style.scrollMarginTop = "120px";
  const isHigh = one.getBoundingClientRect().height > innerHeight / 2;
  one.scrollIntoView({ block: isHigh ? "start" : "center", behavior: "instant" });
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
        return sum(self._take(screen, scheme) for scheme in screen.schemes)

    def _take(self, screen: Screen, scheme: Scheme) -> int:
        changed = 0
        with self._page(screen, scheme) as page:
            # Where all is loaded once, the widest offers most to press.
            for width in reversed(screen.widths):
                size = {"width": width, "height": HEIGHTS[width]}
                page.set_viewport_size(size)  # type: ignore[arg-type]
                if width == screen.widths[-1] or not screen.is_loaded_once:
                    self._arrive(page, screen)
                drawn = taken(page, screen, width)
                changed += keep(drawn, FOLDER / screen.file(width, scheme))
            # So that the admin hears that nobody is at this form any more.
            page.goto("about:blank")
        return changed

    @contextmanager
    def _page(self, screen: Screen, scheme: Scheme) -> Iterator[Page]:
        context = self.browser.new_context(
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=screen.has_scripts,
            storage_state=self.sites.logins.get(screen.role),  # type: ignore[arg-type]
            timezone_id="America/New_York",
            locale="en-US",
        )
        try:
            context.clock.install(time=MOMENT)
            page = context.new_page()
            page.emulate_media(media="print" if screen.is_printed else "screen")
            for step in screen.before:
                step(page)
            yield page
        finally:
            context.close()

    def _arrive(self, page: Page, screen: Screen) -> None:
        # From one place of a page to another of it, nothing would be loaded.
        page.goto("about:blank")
        page.goto(self.sites.address(screen))
        calm(page)
        for step in screen.steps:
            step(page)
        if screen.steps:
            # Away from what was pressed, which says its name to the pointer.
            page.mouse.move(HEIGHTS[360], 0)
            page.wait_for_timeout(REST_MS)


def taken(page: Page, screen: Screen, width: int) -> bytes:
    """What the screen looks like at `width`, as a PNG."""
    calm(page)
    if screen.has_scripts:
        page.evaluate(DRAW)
        for frame in page.frames:
            # One may be gone again before it is asked.
            with suppress(Error):
                frame.evaluate(STEADY)
    if screen.is_whole:
        length = page.evaluate("document.documentElement.scrollHeight")
        height = min(max(length, HEIGHTS[width]), LONGEST_PX)
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        return page.screenshot(animations="disabled", full_page=True, clip=clip)  # type: ignore[arg-type]
    if screen.at:
        page.locator(screen.at).locator("visible=true").first.evaluate(BRING)
    else:
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    return page.screenshot(animations="disabled")


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


def cookies_of(role: str, browser: Browser, web: str, password: str) -> object:
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
