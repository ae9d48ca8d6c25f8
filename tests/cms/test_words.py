"""Wagtail's words for our things are those that staff know."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Workflow

import cms.desk
from tests import factories as make
from tests.admin import address

pytestmark = pytest.mark.django_db

CATALOG = Path(cms.desk.__file__).parent / "locale/en/LC_MESSAGES/django.po"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client


def states(client: Client, url: str) -> list[str]:
    page = BeautifulSoup(client.get(url).content, "lxml")
    found = page.select(".listing tbody .w-status:not(.w-status--label)")
    return [one.get_text(" ").split(":")[-1].strip() for one in found]


def test_the_list_of_articles_says_of_each_what_the_first_page_says(editor):
    make.ArticleFactory(live=True)
    make.ArticleFactory(live=True).save_revision()
    make.ArticleFactory(live=False)
    reviewed = make.ArticleFactory(live=False)
    Workflow.objects.get(active=True).start(reviewed, make.UserFactory())

    assert sorted(states(editor, "/cms/articles/")) == [
        "draft",
        "published",
        "published, changed since",
        "under review",
    ]


def test_so_does_the_list_of_authors(editor):
    make.AuthorFactory(live=True)

    assert states(editor, "/cms/snippets/content_models/author/") == ["published"]


def test_the_filters_of_the_list_are_in_staffs_words(editor):
    page = BeautifulSoup(editor.get("/cms/articles/").content, "lxml")

    labels = [
        " ".join(one.get_text(" ").split())
        for one in page.select(".w-drilldown__menu .w-drilldown__toggle")
    ]

    assert {"State", "Author", "Category", "Begun by"} <= set(labels)
    assert not {one for one in labels if "Authorship" in one or "Filing" in one}


@pytest.mark.parametrize("kind", ["article", "author"])
def test_taking_something_down_is_no_plain_button(editor, kind):
    factory = make.ArticleFactory if kind == "article" else make.AuthorFactory
    page = editor.get(address(factory(live=True), "unpublish"))

    button = BeautifulSoup(page.content, "lxml").select_one("main button[type=submit]")

    assert "no" in button["class"]


def test_nor_are_several(editor):
    article = make.ArticleFactory(live=True)
    page = editor.get(f"/cms/bulk/wagtailcore/page/unpublish/?id={article.pk}")

    button = BeautifulSoup(page.content, "lxml").select_one("main button[type=submit]")

    assert "no" in button["class"]


def test_what_is_read_is_what_is_written():
    text = CATALOG.read_text()
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.M))

    with CATALOG.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)

    assert written
    assert {word: read.gettext(word) for word in written} == written
