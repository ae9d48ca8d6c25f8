"""The admin's lists say at a glance how things stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from content_models.models import Author, Category, Practice, Reference
from content_models.publication import publication
from tests import factories as make

pytestmark = pytest.mark.django_db

ARTICLES = "/cms/articles/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client


def list_of(model) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))


def rows(client: Client, url: str) -> list[dict[str, str]]:
    """The cells of each row by the first words of their column."""
    table = BeautifulSoup(client.get(url).content, "lxml").select_one("table.listing")
    heads = [words(head) for head in table.select("thead th")]
    return [
        dict(zip(heads, map(words, row.find_all("td", recursive=False)), strict=True))
        for row in table.select("tbody tr")
    ]


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def in_days(days: int):
    return Practice.load().today(timezone.now()) + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "word"), [(-1, "Overdue"), (7, "Due soon"), (200, "")]
)
def test_an_article_says_whether_its_review_is_due(editor, days, word):
    make.ArticleFactory(next_review_on=in_days(days))

    (row,) = rows(editor, ARTICLES)

    assert row["Review due"].endswith(word or str(in_days(days).year))


def test_an_author_says_what_counts_today_and_what_lapses_next(editor):
    held = [
        make.credential("DPT"),
        make.credential("OCS", expires_on=in_days(10)),
        make.credential("ATC", expires_on=in_days(400)),
        make.credential("CSCS", expires_on=in_days(-200)),
    ]
    make.AuthorFactory(credentials=held)

    (row,) = rows(editor, list_of(Author))

    assert sorted(row["Credentials today"].split(", ")) == ["ATC", "DPT", "OCS"]
    assert row["Next to lapse"].startswith("OCS: ")
    assert row["Next to lapse"].endswith("Lapses soon")


def test_a_credential_that_has_just_lapsed_is_said_to_have(editor):
    held = [make.credential("OCS", expires_on=in_days(-1))]
    make.AuthorFactory(credentials=held)

    (row,) = rows(editor, list_of(Author))

    assert row["Next to lapse"].endswith("Lapsed")


def test_a_language_is_named_where_it_is_not_the_usual_one(editor):
    make.CategoryFactory(name="Knee")
    make.CategoryFactory(name="Rodilla", locale=make.locale("es"))

    titles = [row["Name"] for row in rows(editor, list_of(Category))]

    assert [title.startswith("Knee Spanish") for title in titles] == [False, False]
    assert ["Spanish" in title for title in titles] == [False, True]


def test_a_reference_says_who_wrote_it_and_how_often_it_is_cited(editor):
    reference = make.ReferenceFactory(authors=["Sadler", "Cassidy"])
    make.ArticleFactory(references=[reference])

    (row,) = rows(editor, list_of(Reference))

    assert (row["Written by"], row["Cited by"]) == ("Sadler A. et al.", "1")


def test_who_may_only_look_has_nothing_to_tick(client):
    client.force_login(make.UserFactory(roles=["Medical reviewers"]))
    make.AuthorFactory(family_name="Scarlino")

    page = client.get(list_of(Author)).content.decode()

    assert "Scarlino" in page
    assert "data-bulk-action-checkbox" not in page


def test_a_name_without_a_family_name_or_from_right_to_left_is_listed(editor):
    make.AuthorFactory(given_name="Ada", family_name="")
    make.AuthorFactory(given_name="ليلى", family_name="الحداد", slug="laila")

    names = {row["Author"].split(" More")[0] for row in rows(editor, list_of(Author))}

    assert any("Ada" in name for name in names)
    assert any("ليلى الحداد" in name for name in names)


def test_what_waits_for_its_day_is_said_to(editor):
    scheduled = make.AuthorFactory(live=False)
    scheduled.go_live_at = timezone.now() + timedelta(days=2)
    with publication():
        scheduled.save_revision().publish()

    (row,) = rows(editor, list_of(Author))

    assert row["State"] == "scheduled"


@pytest.mark.parametrize(
    ("url", "factory", "each"),
    [
        (lambda: ARTICLES, make.ArticleFactory, 0),
        # Wagtail asks of each which translation it lacks.
        (lambda: list_of(Author), make.AuthorFactory, 1),
    ],
)
def test_a_longer_list_takes_hardly_more_statements(
    editor, url, factory, each, django_assert_max_num_queries
):
    factory.create_batch(2)
    editor.get(url())
    with django_assert_max_num_queries(60) as few:
        editor.get(url())

    factory.create_batch(6)

    with django_assert_max_num_queries(len(few) + 6 * each):
        editor.get(url())


@pytest.mark.parametrize(
    ("live", "word"),
    [(False, "changes asked for"), (True, "published, changes asked for")],
)
def test_a_list_says_what_a_reviewer_wants_to_have_changed(editor, live, word):
    ada = make.UserFactory(roles=["Writers"])
    article = make.ArticleFactory(live=live, owner=ada)
    article.save_revision()
    Workflow.objects.get(active=True).start(article, ada)
    article.current_workflow_task_state.reject(user=make.UserFactory())

    (row,) = rows(editor, ARTICLES)

    assert row["State"] == f"Current page status: {word}"


@pytest.mark.parametrize(
    ("query", "said"),
    [("", "There is no article yet."), ("?q=zzzz", "No article matches.")],
)
def test_a_list_without_articles_says_so_instead_of_an_empty_table(editor, query, said):
    page = BeautifulSoup(editor.get(f"{ARTICLES}{query}").content, "lxml")

    assert said in words(page)
    assert not page.select("table, .pagination")
