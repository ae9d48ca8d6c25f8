"""Handing in an old page, and what is shown of it before anything is saved."""

from __future__ import annotations

import pytest

from content_models.models import (
    Article,
    Tag,
)
from tests.content_models.import_screen import (
    CONTENT,
    HAND_IN,
    MAKE,
    client_of,
    counts,
    errors,
    filled,
    make,
    read,
    said,
    soup,
    to_check,
)
from tests.content_models.pages import BLOG_PAGE, TEXT_PAGE
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CredentialTypeFactory,
    LocationFactory,
    ReferenceFactory,
)
from tests.forms import words
from tests.shared_data import shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def credential_types() -> None:
    for abbreviation in ("PT", "DPT", "ATC"):
        CredentialTypeFactory(abbreviation=abbreviation)


@pytest.fixture
def editor():
    return client_of("Editors")


@pytest.fixture
def writer():
    return client_of("Writers")


# --- Who may ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Writers", True),
        ("Editors", True),
        ("Administrators", True),
        ("Medical reviewers", False),
    ],
)
def test_who_adds_articles_may_import_pages(role, allowed):
    client = client_of(role)

    assert (client.get(HAND_IN).status_code == 200) is allowed
    # The menu is built by a script, of what the page brings along.
    assert ("Import a page" in words(client.get("/cms/"))) is allowed


def test_who_may_not_import_makes_nothing_by_sending_the_form(editor):
    form = filled(read(editor, TEXT_PAGE))

    client_of("Medical reviewers").post(MAKE, form)

    assert not Article.objects.exists()


def test_a_writer_makes_drafts_and_no_tag(writer):
    checked = read(writer, TEXT_PAGE)
    make(writer, checked)

    article = Article.objects.get()
    assert not any(model.objects.filter(live=True).exists() for model in CONTENT[:-1])
    assert (article.tags.count(), Tag.objects.count()) == (0, 0)
    assert "There is no such tag here yet, and you may not add one" in said(checked)


def test_a_writer_who_asks_for_a_new_tag_all_the_same_gets_none(writer):
    response = make(writer, read(writer, TEXT_PAGE), tags__0__use="new")

    assert "Choose again" in errors(response)
    assert not Tag.objects.exists()
    assert not Article.objects.exists()


def test_a_section_in_which_one_may_not_write_is_refused(writer):
    response = read(writer, TEXT_PAGE, section=ArticleFactory())

    assert "Choose another section" in said(response)


# --- What is found, and how sure ----------------------------------------------------


def test_reading_saves_nothing(editor):
    ArticleFactory()
    before = counts()

    response = read(editor, BLOG_PAGE)

    assert response.status_code == 200
    assert counts() == before


def test_what_is_unsure_is_counted_and_listed_in_the_order_of_its_weight(editor):
    response = read(editor, TEXT_PAGE)

    assert f"{len(to_check(response))} things to check" in said(response)
    assert [item.split()[0] for item in to_check(response)] == [
        "Summary",
        "Text",
        "Authors",
        "Locations",
        "Locations:",
        "Locations:",
    ]


def test_a_page_that_was_read_with_certainty_says_so(editor):
    text = BLOG_PAGE.replace("Best of Ocean County 2020 Finalist", "")
    for slug in ("brick", "lake-como"):
        LocationFactory(slug=slug)

    response = read(editor, text.replace("Shoreline Therapy logo", "logo"))

    assert to_check(response) == []
    assert "read with certainty" in said(response)


def test_of_the_real_page_what_is_unsure_is_marked(editor):
    for slug in ("lake-como", "edison", "manalapan", "brick"):
        LocationFactory(slug=slug)

    response = read(editor, shared("seed-page.txt").read_text("utf-8"))

    assert [item.split()[0] for item in to_check(response)] == [
        "Summary",
        # It promises five and names four.
        "Locations",
        "Awards:",
    ]


def test_a_credential_that_is_not_known_is_marked_and_not_taken(editor):
    response = read(editor, TEXT_PAGE)

    assert "“XYZQ” is no credential type that is known here" in said(response)
    assert filled(response)["people-0-credentials"] == "PT, DPT"


def test_what_is_here_already_is_offered_with_the_reason(editor):
    author = AuthorFactory(given_name="Jane", family_name="Doe")
    reference = ReferenceFactory(doi="10.1000/foo.123", title="Another wording")

    response = read(editor, TEXT_PAGE)

    form = filled(response)
    assert form["people-0-use"] == str(author.pk)
    assert form["references-0-use"] == str(reference.pk)
    assert "“Jane Doe” (same name)" in said(response)
    assert "“Another wording (2019)” (same DOI)" in said(response)


def test_somebody_of_the_same_family_name_is_asked_about(editor):
    AuthorFactory(given_name="J. M.", family_name="Doe")

    response = read(editor, TEXT_PAGE)

    assert filled(response)["people-0-use"] == "new"
    assert "“J. M. Doe” is here already. Is it the same person?" in said(response)


def test_the_original_is_shown_as_text_with_what_was_found_in_it(editor):
    response = read(editor, BLOG_PAGE)

    original = soup(response).select_one(".import-original")
    marked = {
        line.select_one(".import-line__word").get_text(): line.get_text(" ").split()[1]
        for line in original.select(".import-line:has(.import-line__word)")
    }
    assert marked["Title"] == "Stretches"
    assert set(marked) >= {"Title", "Author", "Reference", "Award", "Location"}
    assert "document.write" not in original.get_text()
    assert original.select("script, iframe, a, img, form") == []


def test_what_was_left_out_is_said(editor):
    panel = soup(read(editor, BLOG_PAGE)).select_one("#other-section")

    assert "A menu (“Home”)" in panel.get_text()
    assert "The image “A woman stretching”" in panel.get_text()
