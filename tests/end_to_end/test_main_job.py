"""The main job: a clinic's page becomes an article on a microsite and elsewhere."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from api.documents import publishing
from content_models.models import Article, Author
from tests.shared_data import shared

TITLE = "The Importance of Gluteus Medius Strengthening for Managing Lower Back Pain"
# Staff, patients and partners are promised a second.
ONE_SECOND_MS = 1000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def imported(api: str, microsite: str, partner: str) -> Article:
    """The seed page, published by the command that staff are told to use."""
    call_command("import_page", str(shared("seed-page.txt")), publish=True)
    return Article.objects.get(title=TITLE)


def read(url: str) -> tuple[int, dict[str, Any]]:
    """Status and JSON of an answer, whatever the status."""
    try:
        with urlopen(url) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def test_an_imported_page_is_on_every_site_within_a_second(
    imported, api, microsite, partner, page: Page
):
    status, document = read(f"{api}/articles/{imported.slug}/")
    assert status == 200
    assert document["byline"] == "Lisa Scarlino, PT, DPT, ATC"
    assert document["references"][0]["doi"] == "10.1186/s12891-019-2833-4"

    page.goto(document["canonical_url"])
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible(timeout=ONE_SECOND_MS)
    expect(page.get_by_text("Lisa Scarlino, PT, DPT, ATC").first).to_be_visible()
    expect(page.locator("#ref-1")).to_contain_text("BMC Musculoskelet Disord")

    page.goto(partner)
    expect(page.get_by_text(TITLE).first).to_be_visible(timeout=ONE_SECOND_MS)


def test_a_changed_credential_changes_every_site(
    imported, api, microsite, partner, page: Page
):
    author = Author.objects.get(family_name="Scarlino")
    author.credentials = [
        held for held in author.credentials.all() if held.type.abbreviation != "ATC"
    ]
    with publishing.publishing():
        author.save_revision().publish()

    _, document = read(f"{api}/articles/{imported.slug}/")
    assert document["byline"] == "Lisa Scarlino, PT, DPT"
    for address in (document["canonical_url"], partner):
        page.goto(address)
        byline = page.get_by_text("Lisa Scarlino, PT, DPT").first
        expect(byline).to_be_visible(timeout=ONE_SECOND_MS)
        expect(page.get_by_text(re.compile("ATC"))).to_have_count(0)


def test_an_unpublished_article_is_gone_from_every_site(
    imported, api, microsite, partner, page: Page
):
    address = imported.canonical_url
    with publishing.publishing():
        imported.unpublish()

    status, problem = read(f"{api}/articles/{imported.slug}/")
    assert (status, problem["kind"]) == (410, "gone")

    page.goto(address)
    said = page.get_by_text(re.compile("no longer|withdrawn|taken"))
    expect(said.first).to_be_visible()
    expect(page.get_by_text("stabilizing structure")).to_have_count(0)
    page.goto(f"{microsite}/articles/")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text(TITLE)).to_have_count(0)
    page.goto(partner)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text(TITLE)).to_have_count(0)
