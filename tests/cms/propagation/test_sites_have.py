"""What sites have, on the first page, on a channel's page and in the report."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from api.channels.models import Channel
from api.documents import publishing
from cms.desk.propagation import acts
from cms.desk.propagation.acts import board_of
from tests import factories as make
from tests.api.receivers import Receiver

from .sites import (
    REPORT,
    Mirror,
    change,
    document_of,
    some_sites,
    withdraw,
)

pytestmark = pytest.mark.django_db


# --- First page, channels, report ---------------------------------------------------


def panel(client: Client) -> list[str]:
    page = BeautifulSoup(client.get("/cms/").content, "lxml")
    [section] = page.select("section.w-panel--dashboard[id*=on_their_way]")
    return [" ".join(row.get_text(" ").split()) for row in section.select("tbody tr")]


def test_the_first_page_keeps_a_withdrawal_until_all_have_confirmed(
    editor: Client, gazette: Channel
) -> None:
    old, article = make.ArticleFactory(title="Hips"), make.ArticleFactory(title="Knees")
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(old)
    withdraw(article, urgency="urgent")

    before = panel(editor)
    mirror.catch_up()

    assert before[0].startswith("Knees 1 site has not confirmed yet. Urgent")
    assert before[1].startswith("Hips 1 site has not confirmed yet. Withdrawn")
    assert panel(editor) == []


def test_an_older_urgent_withdrawal_stays_before_any_number_of_others(
    gazette: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "SHOWN", 2)
    monkeypatch.setattr(acts, "LOOKED_AT", 3)
    urgent, *others = make.ArticleFactory.create_batch(5)
    Mirror(gazette).catch_up()
    withdraw(urgent, urgency="urgent")
    for other in others:
        withdraw(other)

    found = acts.open_acts(timezone.now())

    assert [act.is_urgent for act, _ in found] == [True, False]
    assert found[0][0].documents == [document_of(urgent)]


def test_what_was_urgent_once_is_not_so_when_it_is_withdrawn_again(
    gazette: Channel,
) -> None:
    article = make.ArticleFactory()
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(article, urgency="urgent")
    change(article)
    mirror.catch_up()
    article.refresh_from_db()
    withdraw(article)

    [(act, sites)] = acts.open_acts(timezone.now())

    assert (act.is_urgent, sites) == (False, 1)


def test_the_first_page_names_a_site_that_stays_behind(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette).catch_up()
    change(article)
    at_once = panel(editor)

    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        later = panel(editor)

    assert at_once == []
    assert "Whom to call: Ines Ferreira" in later[0]
    assert "1 change behind" in later[0]


def test_the_page_of_a_channel_says_how_far_it_is(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory()
    Mirror(gazette, "Gazette web server").catch_up()
    change(article)

    page = BeautifulSoup(
        editor.get(reverse("channels:inspect", args=[gazette.pk])).content, "lxml"
    )

    said = " ".join(page.select_one("main").get_text(" ").split())
    assert "Change feed, key “Gazette web server” 1 change" in said


def rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(StringIO(text)))


def test_the_report_is_a_file_with_state_proof_and_contact(
    editor: Client, gazette: Channel
) -> None:
    article = make.ArticleFactory(title="Knees")
    mirror = Mirror(gazette)
    mirror.catch_up()
    withdraw(article)

    [row] = rows(editor.get(f"{REPORT}?state=missing&type=article&export=csv"))
    answer = editor.get(f"{REPORT}?channel={gazette.pk}&export=xlsx")

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    written = [[cell.value for cell in line] for line in sheet.active.iter_rows()]
    assert (row["What"], row["Site"], row["State"]) == (
        "Knees",
        "Gazette",
        "Not confirmed",
    )
    assert (row["Should have"], row["Has"]) == ("Nothing", "Version 1")
    assert (row["Contact"], row["E-mail"], row["Phone"]) == (
        "Ines Ferreira",
        "ines@gazette.example",
        "+1 732 555 0100",
    )
    assert ["Knees", "Article"] in [line[:2] for line in written]


@pytest.mark.parametrize("query", ["", "?state=shown", "?state=missing", "?type=tag"])
def test_the_report_is_a_page(editor: Client, gazette: Channel, query: str) -> None:
    make.ArticleFactory(title="Knees")
    Mirror(gazette).catch_up()

    assert editor.get(f"{REPORT}{query}").status_code == 200
    assert editor.get(reverse("sites_have_results") + query).status_code == 200


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("state=missing", {"Changed", "Withdrawn"}),
        ("state=shown", {"As it was", "Changed"}),
        ("state=withdrawn", {"Withdrawn", "Withdrawn before"}),
        ("", {"As it was", "Changed", "Withdrawn", "Withdrawn before", "Taken down"}),
    ],
)
def test_the_report_is_of_one_state(
    editor: Client, gazette: Channel, query: str, listed: set[str]
) -> None:
    titles = ("As it was", "Changed", "Withdrawn", "Withdrawn before", "Taken down")
    made = [make.ArticleFactory(title=title) for title in titles]
    _, changed, withdrawn, before, taken_down = made
    mirror = Mirror(gazette, types="article")
    mirror.catch_up()
    withdraw(before)
    with publishing.publishing():
        taken_down.unpublish()
    mirror.catch_up()
    with publishing.publishing():
        changed.summary += " And more."
        changed.save_revision().publish()
    withdraw(withdrawn)
    of_the_site = f"{REPORT}?channel={gazette.pk}&type=article&{query}"

    page = BeautifulSoup(editor.get(of_the_site).content, "lxml")
    file = rows(editor.get(f"{of_the_site}&export=csv"))

    shown = [one.get_text(" ", strip=True) for one in page.select("tbody td.title")]
    assert sorted(shown) == sorted(listed)
    assert sorted(row["What"] for row in file) == sorted(listed)


# --- What it costs ------------------------------------------------------------------


def statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_twelve_sites_take_no_more_statements_than_two(
    editor: Client, receiver: Receiver
) -> None:
    article, other = make.ArticleFactory(), make.ArticleFactory()
    some_sites(2, receiver)
    withdraw(article)
    urls = [
        board_of(document_of(article)),
        reverse("channels:index"),
        reverse("where_it_appears", args=["article", other.pk]),
        REPORT,
        f"{REPORT}?state=missing",
        "/cms/",
    ]
    few = {url: statements(editor, url) for url in urls}

    some_sites(10, receiver)
    change(other)

    assert {url: statements(editor, url) for url in urls} == few
