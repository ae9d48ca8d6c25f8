"""The developers' pages: they are there, hang together, and need nobody else."""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client, override_settings

from api import openapi, problems
from api.developers import changes, texts
from api.developers.finders import FILES
from tests.api.mirrors import SCRIPT

BASE = "http://localhost:8000"
PAGES = {
    "/developers/": "Build with Clinicast",
    "/developers/microsite/": "Write a microsite in ten minutes",
    "/developers/embed/": "Embed a feed or an article",
    "/developers/feeds/": "Feeds for readers",
    "/developers/webhooks/": "Hear of changes at once",
    "/developers/sync/": "From key to working mirror in ten minutes",
    "/developers/reference/": "Reference",
    "/developers/explorer/": "Explorer",
    "/developers/problems/": "Problems",
    "/developers/terms/": "Terms for those who carry content",
    "/developers/changes/": "Changes to the API",
    **{f"/developers/problems/{kind.name}/": kind.title for kind in problems.TYPES},
}
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src"}

every_page = pytest.mark.parametrize("address", PAGES)


class Seen(HTMLParser):
    """What of a page matters here."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.landmarks: list[str] = []
        self.inline: list[str] = []
        self._within: list[str] = []
        self.text: dict[str, str] = {}
        self.described = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._within.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if given.get(LOADS.get(tag, "")):
            self.loaded.append(given[LOADS[tag]])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("main", "header", "footer", "nav"):
            self.landmarks.append(tag)
        if tag == "meta" and given.get("name") == "description":
            self.described = given["content"]
        is_inline = tag == "style" or (tag == "script" and "src" not in given)
        if is_inline or "style" in given or any(name[:2] == "on" for name in given):
            self.inline.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in ("title", "h1"):
            if tag in self._within:
                self.text[tag] = self.text.get(tag, "") + data


def seen(client: Client, address: str) -> Seen:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Seen(answer.content.decode())


# --- Every page -------------------------------------------------------------------


@every_page
def test_a_page_has_its_title_its_heading_and_its_landmarks(
    client: Client, address: str
) -> None:
    page = seen(client, address)

    assert page.text["h1"] == PAGES[address]
    assert page.text["title"].startswith(PAGES[address])
    assert len(page.described) > 30
    assert {"header", "nav", "main", "footer"} == set(page.landmarks)
    assert page.landmarks.count("main") == 1
    assert page.links[0] == "#content"
    assert len(page.ids) == len(set(page.ids))


@every_page
def test_headings_leave_out_no_level(client: Client, address: str) -> None:
    levels = seen(client, address).headings

    assert levels[0] == 1
    assert levels.count(1) == 1
    for above, below in pairwise(levels):
        assert below <= above + 1


@every_page
def test_a_page_loads_only_files_of_this_server_and_has_nothing_inline(
    client: Client, address: str
) -> None:
    page = seen(client, address)
    policy = client.get(address)["Content-Security-Policy"]

    assert page.loaded
    for file in page.loaded:
        assert file.startswith("/static/"), file
        assert finders.find(file.removeprefix("/static/")), file
    assert page.inline == []
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_every_link_between_the_pages_leads_somewhere(client: Client) -> None:
    targets: dict[str, set[str]] = {}
    links = {
        urljoin(f"{BASE}{address}", link)
        for address in PAGES
        for link in seen(client, address).links
    }
    ours = {urlsplit(one) for one in links if one.startswith(f"{BASE}/")}
    for path in {one.path for one in ours}:
        answer = client.get(path)
        assert answer.status_code == 200, path
        targets[path] = set(Seen(answer.content.decode()).ids)

    # The explorer's own fragments begin with a slash.
    named = {one for one in ours if one.fragment and one.fragment[0] != "/"}

    assert len(named) > 100
    assert [one for one in named if one.fragment not in targets[one.path]] == []


@every_page
def test_a_page_is_asked_for_again_and_seldom_sent_again(
    client: Client, address: str, django_assert_num_queries: Any
) -> None:
    first = client.get(address)
    held = {"If-None-Match": first["ETag"]}
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert first["Cache-Control"] == "public, no-cache"
    assert first["Vary"] == "Accept-Encoding"
    assert not first.cookies
    assert client.get(address, headers=held).status_code == 304
    assert gzip.decompress(packed.content) == first.content
    assert packed["ETag"] != first["ETag"]
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_an_unknown_problem_and_an_unknown_page_are_not_found(client: Client) -> None:
    for address in ("/developers/problems/unknown/", "/developers/nothing/"):
        assert client.get(address).status_code == 404


# --- Texts ------------------------------------------------------------------------


@override_settings(PUBLIC_BASE_URL="https://cms.clinic.test")
def test_examples_name_this_installation(client: Client) -> None:
    for address in ("/developers/microsite/", "/developers/microsite/index.html"):
        page = client.get(address).content.decode()

        assert "https://cms.clinic.test/api/v1" in page
        assert texts.DEMO not in page


def test_the_texts_can_be_followed_in_the_repository_too() -> None:
    for path in texts.FOLDER.glob("*.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if not link.startswith("http"):
                assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_what_the_pages_are_made_of_is_in_the_image() -> None:
    left_out = (Path(settings.BASE_DIR) / ".dockerignore").read_text().split()

    assert "docs" not in left_out
    assert not any(one.endswith(".md") for one in left_out)


def test_a_text_cannot_bring_markup_of_its_own() -> None:
    html = texts.rendered('# A\n\n<script src="x"></script>\n\n```\n<b>\n```', {}).html

    assert "<script" not in html
    assert "<b>" not in html


def test_the_changes_are_those_of_the_api_alone(
    monkeypatch: Any, tmp_path: Any
) -> None:
    log = tmp_path / "CHANGELOG.md"
    log.write_text(
        "# Changelog\n\n## 1.1\n\n- The admin is faster.\n\n### API\n\n"
        "- A new field.\n\n### Operation\n\n- A new variable.\n\n"
        "## 1.0\n\n- For staff only.\n"
    )
    monkeypatch.setattr(changes, "SOURCE", log)

    told = changes.markdown()

    assert "## 1.1\n\n- A new field.\n" in told
    assert "admin" not in told
    assert "variable" not in told
    assert "1.0" not in told


# --- Reference --------------------------------------------------------------------


def test_the_reference_has_every_address_parameter_and_member(client: Client) -> None:
    document = json.loads(openapi.text())
    page = seen(client, "/developers/reference/")
    html = client.get("/developers/reference/").content.decode()

    for path, methods in document["paths"].items():
        operation = methods["get"]
        assert operation["operationId"] in page.ids
        assert path in html
        for parameter in operation["parameters"]:
            assert f"{operation['operationId']}-{parameter['name']}" in page.ids
    for name, schema in document["components"]["schemas"].items():
        if "properties" not in schema:
            continue
        assert name in page.ids
        whole = re.sub("(Summary|Selection)$", "", name)
        for member in schema["properties"]:
            assert {f"{name}-{member}", f"{whole}-{member}"} & set(page.ids)


def test_the_reference_says_what_is_allowed_and_what_is_assumed(client: Client) -> None:
    html = client.get("/developers/reference/").content.decode()
    limit = html[html.index('id="list_articles-limit"') :][:700]
    order = html[html.index('id="list_articles-order"') :][:1500]
    image = html[html.index('id="Article-image"') :][:400]

    assert "whole number" in limit
    assert "1 to 100" in limit
    assert "Default <code>20</code>" in limit
    assert "<code>-updated_at</code>" in order
    assert "Default <code>false</code>" in html
    assert '<a href="#Image">Image</a> or null' in image


# --- Files ------------------------------------------------------------------------


def test_static_files_are_collected_with_a_hash_and_without_what_is_not_used(
    tmp_path: Path,
) -> None:
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": storage}},
        # Wagtail's own files take long, and are not in doubt.
        INSTALLED_APPS=["api.developers", "django.contrib.staticfiles"],
    ):
        finders.get_finder.cache_clear()
        call_command("collectstatic", interactive=False, verbosity=0)
    finders.get_finder.cache_clear()
    manifest = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]

    assert {f"swagger-ui/{name}" for name in FILES} <= set(manifest)
    assert "developers/developers.css" in manifest
    for name, hashed in manifest.items():
        assert (tmp_path / hashed).exists(), name
        assert not hashed.endswith(".map")
    bundle = (tmp_path / manifest["swagger-ui/swagger-ui-bundle.js"]).read_text()
    assert "sourceMappingURL" not in bundle
    total = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    assert total < 6_000_000


def test_the_mirror_is_short_and_needs_nothing_installed() -> None:
    text = SCRIPT.read_text()
    modules = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert len(text.splitlines()) < 150
    assert {name.partition(".")[0] for name in modules} <= sys.stdlib_module_names
