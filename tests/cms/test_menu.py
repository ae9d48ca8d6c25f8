"""The menu shows each role what it may use, in staff's words, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db

WRITING = ["All articles", "Import a page", "Categories", "Tags", "Sections"]
PEOPLE = ["Authors", "Credential types"]
AWARDS = ["Awards", "Affiliations"]
FILES = ["Images", "Documents"]


SCREENS = {
    "Authors": "/cms/snippets/content_models/author/",
    "Credential types": "/cms/snippets/content_models/credentialtype/",
    "References": "/cms/snippets/content_models/reference/",
    "Locations": "/cms/snippets/content_models/location/",
    "Awards": "/cms/snippets/content_models/award/",
    "Affiliations": "/cms/snippets/content_models/affiliation/",
    "Categories": "/cms/snippets/content_models/category/",
    "Tags": "/cms/snippets/content_models/tag/",
    "Channels": "/cms/channels/",
    "Images": "/cms/images/",
    "Documents": "/cms/documents/",
    "Exploring: Sections": "/cms/pages/",
}


def headings(client: Client, *urls: str) -> list[str]:
    """What the page at each address calls itself."""
    pages = [BeautifulSoup(client.get(url).content, "lxml") for url in urls]
    return [" ".join(page.h1.get_text(" ").split()) for page in pages]


def menu(client: Client, role: str) -> dict[str, list[str]]:
    """What stands in the menu of somebody with `role`, by what it stands under."""
    client.force_login(make.UserFactory(roles=[role]))
    page = BeautifulSoup(client.get("/cms/").content, "lxml")
    props = json.loads(page.select_one("#wagtail-sidebar-props").string)
    (items,) = (
        module["_args"][0]
        for module in props["modules"]
        if module["_type"] == "wagtail.sidebar.MainMenuModule"
    )
    return {label(item): below(item) for item in items}


def label(item: dict[str, Any]) -> str:
    return str(item["_args"][0]["label"])


def below(item: dict[str, Any]) -> list[str]:
    return (
        [label(entry) for entry in item["_args"][1]] if len(item["_args"]) > 1 else []
    )


def test_a_writer_sees_what_writing_takes(client):
    shown = menu(client, "Writers")

    expected = {
        "Articles": WRITING,
        "People": PEOPLE,
        "Awards": AWARDS,
        "Media": FILES,
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert "Settings" not in shown


def test_a_reviewer_sees_what_an_article_rests_on_and_no_sections(client):
    shown = menu(client, "Medical reviewers")

    assert shown["Articles"] == ["Categories", "Tags"]
    assert shown["People"] == PEOPLE
    assert "Media" not in shown
    assert "Settings" not in shown


def test_an_administrator_finds_practice_people_and_workflows_in_the_settings(client):
    settings = menu(client, "Administrators")["Settings"]

    assert {"Practice", "Users", "Groups", "Workflows"} <= set(settings)


def test_what_the_menu_leads_to_has_the_same_name_there(client):
    client.force_login(make.UserFactory(is_superuser=True))

    assert headings(client, *SCREENS.values()) == list(SCREENS)


@pytest.mark.parametrize("role", ["Writers", "Editors", "Administrators"])
def test_the_menu_is_in_the_order_of_the_work_and_short(client, role):
    shown = list(menu(client, role))

    order = [
        "Articles",
        "People",
        "References",
        "Locations",
        "Awards",
        *([] if role == "Writers" else ["Sites"]),
        "Media",
    ]
    assert shown[: len(order)] == order
    assert len(shown) <= 10
