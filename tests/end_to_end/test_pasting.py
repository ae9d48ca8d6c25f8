"""Who wrote it and what it rests on are pasted, corrected and published: as data."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories as make

from .desk import Desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

BYLINE = "By: Lisa Scarlino PT, DPT,ATC and Dr. Jane Roe, OTR/L, CHT"

# AMA, Vancouver, APA, MLA, Chicago and IEEE, with the line breaks of a printed page.
LIST = """\
1. Sadler S, Cassidy S, Peterson B, Spink M, Chuter V. Gluteus medius muscle function
in people with and without low back pain. BMC Musculoskelet Disord. 2019;20(1):463.
doi:10.1186/s12891-019-2833-4
2. Jette AM, Haley SM. Contemporary measurement techniques for rehabilitation outcomes
assessment. J Rehabil Med. 2005 Nov;37(6):339-45.
3. Kaptchuk, T. J., & Miller, F. G. (2015). Placebo effects in medicine. New England
Journal of Medicine, 373(1), 8-9. https://doi.org/10.1056/NEJMp1504023
4. Deyo, Richard A., and James N. Weinstein. "Low Back Pain." New England Journal of
Medicine, vol. 344, no. 5, 2001, pp. 363-370.
5. Waddell, Gordon. "A New Clinical Model for the Treatment of Low-Back Pain." Spine 12,
no. 7 (1987): 632-644.
6. R. Melzack and P. D. Wall, "Pain mechanisms: A new theory," Science, vol. 150,
no. 3699, pp. 971-979, 1965.
"""


def paste(page: Page, button: str, text: str) -> Locator:
    """The dialog in which what was read from `text` is looked at."""
    page.get_by_role("button", name=button).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Paste or new").click()
    dialog.get_by_role("textbox", name="Paste").fill(text)
    dialog.get_by_role("button", name="Read it").click()
    return dialog


def test_a_byline_and_six_citations_are_pasted_corrected_and_published(
    live_server: Any, page: Page, settings: Any
):
    settings.PUBLIC_BASE_URL = live_server.url
    make.home_section()
    for abbreviation in ("PT", "DPT", "ATC", "OTR/L", "CHT"):
        make.CredentialTypeFactory(abbreviation=abbreviation)
    article = make.ArticleFactory(title="Back pain at work", authors=[], live=False)
    desk = Desk(page, f"{live_server.url}/cms")
    desk.log_in("Editors")
    desk.open_article("Back pain at work")
    page.get_by_role("tab", name="People and sources").click()

    dialog = paste(page, "Add author", BYLINE)
    expect(dialog).to_contain_text("2 people were found")
    dialog.get_by_role("button", name="Choose these").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    dialog = paste(page, "Add reference", LIST)
    expect(dialog).to_contain_text("6 references were found")
    second = dialog.get_by_role("group", name="Jette AM")
    second.get_by_text("Correct what was read").click()
    second.get_by_label("Volume").fill("38")
    dialog.get_by_role("button", name="Choose these").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    desk.act("Publish")
    desk.tells("has been published")

    with urlopen(f"{live_server.url}/api/v1/articles/{article.slug}/") as answer:
        shown = json.load(answer)
    assert shown["byline"] == "Lisa Scarlino, PT, DPT, ATC; Jane Roe, OTR/L, CHT"
    references = shown["references"]
    assert [each["csl"]["author"][0]["family"] for each in references] == [
        "Sadler",
        "Jette",
        "Kaptchuk",
        "Deyo",
        "Waddell",
        "Melzack",
    ]
    assert references[0]["doi"] == "10.1186/s12891-019-2833-4"
    assert references[1]["text"] == (
        "Jette AM, Haley SM. Contemporary measurement techniques for rehabilitation "
        "outcomes assessment. J Rehabil Med. 2005;38(6):339-345."
    )
