"""What the developers' guide shows is what happens."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.developers import texts
from api.documents import publishing
from content_models.models import Article
from tests.api import guide
from tests.machine import free_port, until
from tests.node import program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TITLE = "Carpal tunnel: does a splint at night help?"


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), guide.published() as url:
        yield url


@pytest.mark.parametrize(
    "name", ["start", "problems", "microsite", "embed", "feeds", "sync"]
)
def test_every_command_answers_what_the_text_shows(
    server: str, name: str, tmp_path: Path
) -> None:
    assert guide.follow(texts.source(name), server, tmp_path) > 0


def test_a_text_that_shows_something_else_is_found_out(
    server: str, tmp_path: Path
) -> None:
    wrong = texts.source("start").replace("OTR/L, CHT", "OTR/L")

    with pytest.raises(AssertionError, match="--- answered"):
        guide.follow(wrong, server, tmp_path)


def test_the_mirror_takes_down_what_was_withdrawn(server: str, tmp_path: Path) -> None:
    snippets = texts.snippets(texts.source("microsite").replace(texts.DEMO, server))
    script = next(one.text for one in snippets if one.language == "python")
    (tmp_path / "mirror.py").write_text(script)
    first = guide.run("python3 mirror.py", tmp_path)
    kept = tmp_path / "articles" / f"{guide.SHOWN[1]}.json"
    document = json.loads(kept.read_text())["document"]

    with publishing.publishing():
        Article.objects.get(slug=guide.SHOWN[1]).unpublish()
    second = guide.run("python3 mirror.py", tmp_path)

    assert len(first.splitlines()) == len(guide.SHOWN)
    assert document["body_html"]
    assert second == f"taken down {guide.SHOWN[1]}\n"
    assert not kept.exists()


def test_the_mirror_in_javascript_has_what_the_one_in_python_has(
    server: str, tmp_path: Path
) -> None:
    node = program("node", "runs the guide's mirror")
    snippets = texts.snippets(texts.source("sync").replace(texts.DEMO, server))
    [script] = [one for one in snippets if one.name == "mirror.mjs"]
    (tmp_path / script.name).write_text(script.text)
    guide.run(f"curl -sO {server}/developers/sync/mirror.py", tmp_path)
    guide.run(f"python3 mirror.py --api {server}/api/v1 --once", tmp_path)

    said = [guide.run(f"{node} {script.name}", tmp_path) for _ in range(2)]

    with sqlite3.connect(tmp_path / "mirror.sqlite3") as file:
        kept = dict(file.execute("SELECT id, json FROM documents"))
    written = json.loads((tmp_path / "mirror.json").read_text())["documents"]
    assert written == {id: json.loads(text) for id, text in kept.items()}
    assert said == [f"{len(kept)} documents\n"] * 2


# --- The microsite of the guide, in a browser -------------------------------------


@pytest.fixture(scope="module")
def site(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The file that the guide offers, served as the guide says."""
    folder = tmp_path_factory.mktemp("microsite")
    with urlopen(f"{server}/developers/microsite/index.html") as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        (folder / "index.html").write_bytes(answer.read())
    url = f"http://localhost:{free_port()}"
    command = [sys.executable, "-m", "http.server", url.rpartition(":")[2]]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        try:
            return urlopen(url).status == 200
        except OSError:
            return False

    try:
        assert until(answers)
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.mark.browser
def test_the_list_grows_page_by_page_to_its_end(site: str, page: Page) -> None:
    page.goto(site)
    expect(page.locator("main li")).to_have_count(2)

    page.get_by_role("button", name="More articles").click()

    expect(page.locator("main li")).to_have_count(len(guide.SHOWN))
    expect(page.get_by_role("button")).to_be_hidden()


@pytest.mark.browser
def test_an_article_has_its_byline_sources_and_attribution(
    site: str, page: Page
) -> None:
    page.goto(site)
    page.get_by_role("link", name=TITLE).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("By Tobias Lindqvist, OTR/L, CHT")).to_be_visible()
    expect(page.locator("#ref-1")).to_contain_text("doi:")
    expect(page.locator("footer")).to_contain_text("Larkwater Physical Therapy")
    canonical = page.locator("link[rel=canonical]").get_attribute("href")
    assert canonical == f"http://localhost:8001/articles/{guide.SHOWN[0]}/"

    page.locator("a.citation[href='#ref-1']").first.click()

    expect(page.locator("#ref-1:target")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


@pytest.mark.browser
def test_a_former_slug_becomes_the_one_of_today(site: str, page: Page) -> None:
    page.goto(f"{site}/#/articles/{guide.FORMER}")

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page).to_have_url(f"{site}/#/articles/{guide.SHOWN[0]}")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("slug", "heading"),
    [(guide.WITHDRAWN, "No longer published"), ("no-such-article", "Not found")],
)
def test_what_is_not_there_is_said(
    site: str, page: Page, slug: str, heading: str
) -> None:
    page.goto(f"{site}/#/articles/{slug}")

    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.browser
def test_a_failure_can_be_tried_again(site: str, server: str, page: Page) -> None:
    page.route(f"{server}/**", lambda route: route.abort())
    page.goto(site)
    expect(page.get_by_text("This cannot be shown now")).to_be_visible()

    page.unroute(f"{server}/**")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("main li")).to_have_count(2)


def hours_today(place: dict[str, Any]) -> str:
    """What the microsite should say, worked out once more."""
    now = datetime.now(ZoneInfo(place["time_zone"]))
    day = now.date().isoformat()
    special = [
        one
        for one in place["hours_exceptions"]
        if one["starts_on"] <= day <= one["ends_on"]
    ]
    usual = [one for one in place["hours"] if one["weekday"] == now.isoweekday()]
    open_ = [one for one in special or usual if not one.get("closed")]
    return ", ".join(f"{one['opens']}–{one['closes']}" for one in open_) or "closed"


@pytest.mark.browser
def test_locations_show_the_hours_of_today(site: str, server: str, page: Page) -> None:
    with urlopen(f"{server}/api/v1/locations/") as answer:
        places = json.load(answer)["results"]

    page.goto(f"{site}/#/locations")

    expect(page.locator("main li")).to_have_count(len(places))
    for place in places:
        item = page.locator("main li").filter(has_text=place["name"])
        expect(item).to_contain_text(f"Today: {hours_today(place)}")
        number = place["phones"][0]
        expect(item.get_by_role("link", name=number["display"])).to_have_attribute(
            "href", f"tel:{number['e164']}"
        )


@pytest.mark.browser
def test_the_nearest_location_comes_first_where_the_reader_agrees(
    site: str, context: BrowserContext, page: Page
) -> None:
    context.grant_permissions(["geolocation"], origin=site)
    context.set_geolocation({"latitude": 40.52, "longitude": -74.41})
    page.goto(f"{site}/#/locations")
    expect(page.locator("main li")).not_to_have_count(0)
    expect(page.get_by_text("km away")).to_have_count(0)

    page.get_by_role("button", name="Nearest first").click()

    first = page.locator("main li").first
    expect(first).to_contain_text("Larkwater Edison")
    expect(first).to_contain_text("0.2 km away")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("day", "hours"),
    [
        # A Monday with a break, a Tuesday that is none, and two holidays.
        ("2026-03-02T15:00Z", "08:00–12:00, 13:00–17:00"),
        ("2026-03-03T15:00Z", "closed"),
        ("2026-03-09T15:00Z", "closed"),
        ("2026-03-10T15:00Z", "10:00–11:00"),
        # Already Tuesday in London, still Monday in New Jersey.
        ("2026-03-03T02:00Z", "08:00–12:00, 13:00–17:00"),
    ],
)
def test_hours_are_those_of_the_location_and_holidays_win(
    site: str, page: Page, day: str, hours: str
) -> None:
    place = {
        "time_zone": "America/New_York",
        "hours": [
            {"weekday": 1, "opens": "08:00", "closes": "12:00"},
            {"weekday": 1, "opens": "13:00", "closes": "17:00"},
        ],
        "hours_exceptions": [
            {
                "starts_on": "2026-03-09",
                "ends_on": "2026-03-09",
                "closed": True,
                "opens": None,
                "closes": None,
            },
            {
                "starts_on": "2026-03-10",
                "ends_on": "2026-03-10",
                "closed": False,
                "opens": "10:00",
                "closes": "11:00",
            },
        ],
    }
    part = next(
        one.text
        for one in texts.snippets(texts.source("microsite"))
        if "function hoursToday" in one.text
    )
    page.goto(site)

    said = page.evaluate(
        f"([place, day]) => {{ {part}; return hoursToday(place, new Date(day)); }}",
        [place, day],
    )

    assert said == hours
