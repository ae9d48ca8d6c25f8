"""Every page that is ours, by a name for tests and pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import time_ns
from typing import Any

from playwright.sync_api import Page

ARTICLE = "knee-arthritis-exercise"
TRANSLATED = "low-back-pain-keep-moving"
IN_SPANISH = "dolor-lumbar-reposo-o-movimiento"
LONG = "Rückenschmerz" * 24
ARABIC = "آلام الظهر في العمل"


@dataclass(frozen=True)
class Place:
    """One address: `site` is web, partner, or a location's slug; `role` logs in.

    `then` goes on from there, to what has an address that nobody knows beforehand.
    """

    name: str
    site: str
    path: str
    role: str = ""
    then: Callable[[Page], None] | None = None
    # What the API answers everything with, instead; 0 hangs up.
    status: int | None = None
    # What the API says otherwise of the document at this path of its own.
    document: str = ""
    changes: dict[str, Any] = field(default_factory=dict, hash=False)


def _site(name: str, path: str, site: str = "lake-como") -> Place:
    return Place(f"site-{name}", site, path)


def _partner(name: str, path: str) -> Place:
    return Place(f"partner-{name}", "partner", path)


def _admin(
    name: str,
    path: str,
    role: str = "editor",
    then: Callable[[Page], None] | None = None,
) -> Place:
    return Place(f"admin-{name}", "web", f"/cms/{path}", role, then)


def _content(kind: str, path: str = "") -> str:
    return f"snippets/content_models/{kind}/{path}"


def _bulk(kind: str, action: str) -> str:
    return f"bulk/content_models/{kind}/{action}/?next=/cms/&id=all"


def open_first(page: Page) -> None:
    """From a list to the editor of what stands first in it."""
    page.locator(".listing td.title a").first.click()
    page.wait_for_url("**/edit/**")


def see_where_it_appears(page: Page) -> None:
    open_first(page)
    _go_to(page, "/appears/")


def share(page: Page) -> None:
    open_first(page)
    _go_to(page, "/share/")


def withdraw(page: Page) -> None:
    """To the form, sent without a reason."""
    open_first(page)
    _go_to(page, "/withdraw/")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("This field is required").wait_for()


def see_the_board(page: Page) -> None:
    """To that of the withdrawal there is; the first time one is made."""
    boards = page.locator(".listing td.title a[href*='/withdrawn/']")
    if boards.count():
        boards.first.click()
    else:
        page.goto(page.url.partition("/cms/")[0] + "/cms/articles/?q=heel")
        open_first(page)
        _go_to(page, "/withdraw/")
        page.get_by_label("Reason").fill("The dose was wrong.")
        page.get_by_role("button", name="Withdraw").click()
    page.wait_for_url("**/withdrawn/**")


def see_published_versions(page: Page) -> None:
    """With the text of the newest one."""
    open_first(page)
    _go_to(page, "/cms/versions/")
    page.locator(".listing td.title a").first.click()
    page.locator("#read").wait_for()


def _go_to(page: Page, part: str) -> None:
    """Where a button of the header leads; an article has a menu of them."""
    link = page.locator(f"a[href*='{part}']").first
    if not link.count():
        page.locator("header").get_by_role("button", name="Actions").click()
    page.goto(link.evaluate("link => link.href"))


def open_channel(page: Page) -> None:
    page.get_by_role("link", name="The Shore Gazette").click()
    page.wait_for_url("**/inspect/**")


def change_channel(page: Page) -> None:
    open_channel(page)
    page.get_by_role("link", name="Change", exact=True).click()
    page.wait_for_url("**/edit/**")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".error-message").first.wait_for()


def take_away(page: Page) -> None:
    """As far as the question whether it shall be so."""
    change_channel(page)
    page.get_by_label("Foot and ankle").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#difference").wait_for()


def ask_for_key(page: Page) -> None:
    open_channel(page)
    page.get_by_role("link", name="Make a key").click()
    page.wait_for_url("**/keys/make/")


_PUT_ON_A_SITE = "bulk/wagtailcore/page/put_on_channel/?next=/cms/&id=all"


def hand_in(page: Page) -> None:
    """From the first step of the import to the second."""
    page.get_by_label("Text of the page").fill(OLD_PAGE)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Create the draft").last.wait_for()
    _unfold(page)


def hand_in_nothing(page: Page) -> None:
    page.get_by_role("button", name="Read it").click()
    page.locator(".error-message").first.wait_for()


def make_without_a_title(page: Page) -> None:
    hand_in(page)
    page.locator("#id_title").fill("")
    page.get_by_role("button", name="Create the draft").last.click()
    page.locator(".error-message").locator("visible=true").first.wait_for()
    _unfold(page)


def _unfold(page: Page) -> None:
    """What is shut away is looked at as well."""
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")


def make_a_webhook(page: Page) -> None:
    """To where its secret is shown."""
    page.get_by_label("Channel").select_option(index=1)
    # Nobody answers there, and no other webhook has the same address.
    page.get_by_label("Address").fill(f"http://localhost:9/{time_ns()}")
    page.get_by_role("button", name="Create").last.click()
    page.get_by_role("button", name="Copy the secret").wait_for()


def fail_a_test(page: Page) -> None:
    """To its page, where a test has failed."""
    make_a_webhook(page)
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Send a test").click()
    # The page that follows has it: one that still comes cannot be loaded again.
    page.get_by_role("link", name="webhook.test").wait_for()
    for _ in range(20):
        page.reload()
        if page.locator("main").get_by_text("Failed").count():
            return
        page.wait_for_timeout(500)


def see_a_message(page: Page) -> None:
    fail_a_test(page)
    page.get_by_role("link", name="webhook.test").click()
    page.get_by_role("button", name="Send again").wait_for()


OLD_PAGE = """Lower back pain after a long drive

By: Jane Doe PT, DPT

Sitting for hours stiffens the lower back. Get up every 30 minutes.

What helps

A short walk at every stop helps most people.

Reference: Sadler, S., Cassidy, S., Peterson, B., et al. Gluteus medius muscle function
in people with and without low back pain: a systematic review. BMC Musculoskelet Disord
20, 463 (2019). https://doi.org/10.1186/s12891-019-2833-4

Posted in: Back and spine

Edison Reader's Choice Award 2015 Winner
"""

SITES = [
    _site("home", "/"),
    _site("home-of-another", "/", "edison"),
    _site("articles", "/articles/"),
    _site("articles-of-a-category", "/articles/?category=hip-and-knee"),
    _site("articles-that-match-nothing", "/articles/?q=zzzz"),
    _site("article", f"/articles/{ARTICLE}/"),
    _site("article-in-two-languages", f"/articles/{TRANSLATED}/"),
    _site("article-in-spanish", f"/es/articles/{IN_SPANISH}/"),
    _site("articles-in-spanish", "/es/articles/"),
    _site("person", "/team/owen-marchetti/"),
    _site("team", "/team/"),
    _site("location", "/location/"),
    _site("location-elsewhere", "/locations/edison/"),
    _site("locations", "/locations/"),
    _site("awards", "/awards/"),
    _site("search", "/search/?q=knee"),
    _site("search-before", "/search/"),
    _site("search-that-finds-nothing", "/search/?q=zzzz"),
    _site("no-such-page", "/nothing/"),
    _site("no-such-draft", "/preview/#none"),
    _partner("front", "/"),
    _partner("health", "/health/"),
    _partner("article", f"/health/{ARTICLE}/"),
    _partner("no-such-article", "/health/nothing/"),
    _partner("no-such-page", "/nothing/"),
]
# A partner's article while the API answers with something else.
EMBEDDED = [
    Place(f"partner-embedded-{status}", "partner", f"/health/{ARTICLE}/", status=status)
    for status in (410, 500)
]


def _failing(name: str, status: int) -> Place:
    return Place(f"site-{name}", "lake-como", "/articles/", status=status)


def _article(name: str, /, **changes: Any) -> Place:
    document, path = f"articles/{ARTICLE}/", f"/articles/{ARTICLE}/"
    return Place(name, "lake-como", path, document=document, changes=changes)


def _location(name: str, /, **changes: Any) -> Place:
    document, path = "locations/edison/", "/locations/edison/"
    return Place(name, "lake-como", path, document=document, changes=changes)


# What the sample content does not show: an API in trouble, and hard content.
STATES = [
    _failing("api-fails", 500),
    _failing("api-busy", 503),
    _failing("api-stopped", 0),
    Place("site-withdrawn", "lake-como", f"/articles/{ARTICLE}/", status=410),
    _article("article-long-title", title=LONG, summary=LONG),
    _article("article-bare", summary="", image=None, authors=[], byline=""),
    _article("article-in-arabic", locale="ar", title=ARABIC, summary=ARABIC),
    _article("article-with-an-arabic-title", title=ARABIC, summary=ARABIC),
    _article(
        "article-with-60-references",
        references=[{"number": n, "text": f"Doe J. Knees {n}."} for n in range(1, 61)],
    ),
    _location("location-bare", phones=[], hours=[], hours_exceptions=[], photos=[]),
    _location("location-in-another-script", name=ARABIC, street_address=ARABIC),
]
DEVELOPERS = [
    Place(f"developers-{name}", "web", f"/developers/{path}")
    for name, path in (
        ("start", ""),
        ("reference", "reference/"),
        ("guide", "microsite/"),
        ("embed", "embed/"),
        ("feeds", "feeds/"),
        ("webhooks", "webhooks/"),
        ("problem", "problems/gone/"),
    )
]
KINDS = (
    "author",
    "credentialtype",
    "reference",
    "location",
    "award",
    "affiliation",
    "category",
    "tag",
)
ADMIN = [
    Place("admin-login", "web", "/cms/login/"),
    _admin("today", ""),
    _admin("today-of-a-writer", "", "writer"),
    _admin("today-of-a-reviewer", "", "reviewer"),
    _admin("today-of-an-administrator", "", "admin"),
    _admin("articles", "articles/"),
    _admin("articles-that-match-nothing", "articles/?q=zzzz"),
    _admin("article", "articles/", then=open_first),
    _admin("article-appears", "articles/", then=see_where_it_appears),
    _admin("article-shared", "articles/", then=share),
    _admin("article-to-withdraw", "articles/", then=withdraw),
    _admin("article-withdrawn", "sites-have/?state=withdrawn", then=see_the_board),
    _admin("sites-have", "sites-have/"),
    _admin("sites-have-missing", "sites-have/?state=missing"),
    _admin("article-versions", "articles/", then=see_published_versions),
    _admin("sections", "pages/"),
    *(_admin(f"{kind}-list", _content(kind)) for kind in KINDS),
    *(_admin(kind, _content(kind), then=open_first) for kind in KINDS),
    _admin("author-new", _content("author", "add/")),
    _admin("author-appears", _content("author"), then=see_where_it_appears),
    _admin("authors-to-publish", _bulk("author", "publish")),
    _admin("authors-to-take-down", _bulk("author", "unpublish")),
    _admin("references-to-delete", _bulk("reference", "delete")),
    _admin("import", "import-page/"),
    _admin("import-of-nothing", "import-page/", then=hand_in_nothing),
    _admin("import-to-check", "import-page/", then=hand_in),
    _admin("import-that-is-refused", "import-page/", then=make_without_a_title),
    _admin("webhooks", "webhooks/", "admin"),
    _admin("webhook-new", "webhooks/new/", "admin"),
    _admin("webhook-secret", "webhooks/new/", "admin", then=make_a_webhook),
    _admin("webhook", "webhooks/new/", "admin", then=fail_a_test),
    _admin("webhook-message", "webhooks/new/", "admin", then=see_a_message),
    _admin("practice", "settings/content_models/practice/", "admin"),
    _admin("channels", "channels/", "admin"),
    _admin("channels-of-an-editor", "channels/"),
    _admin("channel", "channels/", "admin", then=open_channel),
    _admin("channel-new", "channels/new/", "admin"),
    _admin("channel-of-nothing", "channels/new/", "admin", then=save),
    _admin("channel-edit", "channels/", "admin", then=change_channel),
    _admin("channel-that-would-lose", "channels/", "admin", then=take_away),
    _admin("key-new", "channels/", "admin", then=ask_for_key),
    _admin("article-to-put-on-a-site", _PUT_ON_A_SITE),
]
