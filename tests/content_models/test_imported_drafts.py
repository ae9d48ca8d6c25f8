"""What was corrected on the import screen, and the draft that comes of it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from content_models.models import (
    Article,
    Author,
    Category,
    Reference,
)
from tests.content_models.import_screen import (
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
from tests.content_models.pages import BLOG_PAGE, REFERENCE, TEXT_PAGE
from tests.factories import (
    AuthorFactory,
    CategoryFactory,
    CredentialTypeFactory,
    SectionFactory,
    UserFactory,
    locale,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def credential_types() -> None:
    for abbreviation in ("PT", "DPT", "ATC"):
        CredentialTypeFactory(abbreviation=abbreviation)


@pytest.fixture
def editor():
    return client_of("Editors")


# --- What was corrected ---------------------------------------------------------------


def test_corrections_are_what_is_saved(editor):
    make(
        editor,
        read(editor, TEXT_PAGE),
        title="Why ankles roll",
        summary="Small circles help.",
        people__0__family="Do-Right",
        people__0__credentials="ATC",
        references__0__year="2002",
        references__0__authors="Deyo, RA\nWorld Health Organization",
        categories__0__name="Feet",
    )

    article = Article.objects.get()
    assert article.title == "Why ankles roll"
    assert article.summary == "Small circles help."
    (row,) = article.authorships.all()
    assert row.author.name == "Jane Do-Right"
    held = [each.type.abbreviation for each in row.author.credentials.all()]
    assert held == ["ATC"]
    reference = article.citations.get().reference
    names = [str(each) for each in reference.authors.all()]
    assert (reference.year, names) == (2002, ["Deyo RA", "World Health Organization"])
    assert "Deyo RA. Back pain in general." in reference.raw_text
    assert article.filings.get().category.name == "Feet"


def test_an_existing_author_and_reference_can_be_chosen(editor):
    author = AuthorFactory(given_name="Ada", family_name="Else")
    category = CategoryFactory(name="Joints")

    make(
        editor,
        read(editor, TEXT_PAGE),
        people__0__use=author.pk,
        categories__0__use=category.pk,
    )

    article = Article.objects.get()
    assert article.authorships.get().author == author
    assert article.filings.get().category == category
    assert Author.objects.count() == 1


def test_two_people_of_one_name_can_be_kept_apart(editor):
    AuthorFactory(given_name="Jane", family_name="Doe")

    make(editor, read(editor, TEXT_PAGE), people__0__use="new")

    assert Author.objects.filter(given_name="Jane", family_name="Doe").count() == 2


def test_whatever_is_left_out_is_not_made(editor):
    checked = read(editor, BLOG_PAGE)
    kinds = ("people", "references", "categories", "tags", "awards")
    left_out = {f"{kind}__0__use": "none" for kind in kinds}

    make(editor, checked, **left_out, places__0__use="none", places__1__use="none")

    assert Article.objects.count() == 1
    assert counts()[1:] == [0] * 6


def test_paragraphs_are_kept_dropped_and_made_headings(editor):
    text = "Knees\n\nThey bend.\n\nWhat helps\nRest helps.\n\nCall us now."

    make(
        editor,
        read(editor, text),
        **{"text__as-1": "heading", "text__as-3": "drop"},
    )

    body = Article.objects.get().body
    assert [block.block_type for block in body] == ["text", "heading", "text"]
    assert body[1].value["text"] == "What helps"
    assert "Call us" not in str(body)


def test_a_reference_that_could_not_be_read_can_be_filled_in(editor):
    more = f"{REFERENCE}\n2. The blue book on feet"
    checked = read(editor, TEXT_PAGE.replace(REFERENCE, more))

    assert filled(checked)["references-1-use"] == "none"
    make(
        editor,
        checked,
        references__1__use="new",
        references__1__title="The blue book on feet",
    )

    reference = Reference.objects.get(title="The blue book on feet")
    assert reference.raw_text == "The blue book on feet"
    assert Article.objects.get().citations.count() == 2


def test_an_author_whom_the_page_does_not_name_can_be_given(editor):
    author = AuthorFactory(given_name="Ada", family_name="Else")
    checked = read(editor, TEXT_PAGE.replace("By: Jane Doe, PT, DPT, XYZQ", ""))

    assert "The page names no author" in " ".join(to_check(checked))
    make(editor, checked, people__0__use=author.pk)

    assert Article.objects.get().authorships.get().author == author


def test_a_reviewer_is_recorded_with_the_day_that_was_filled_in(editor):
    text = "Knees\n\nBy: Jane Doe, PT\nReviewed by: John Roe, DPT\n\nThey bend a lot."
    checked = read(editor, text)

    refused = make(editor, checked)
    make(editor, checked, people__1__reviewed_on="2024-03-03")

    assert "Give the day of the review" in errors(refused)
    review = Article.objects.get().reviews.get()
    assert (str(review.reviewer), str(review.reviewed_on)) == ("John Roe", "2024-03-03")


def test_the_address_that_a_page_had_is_kept(editor):
    address = "shore.example/blog/ankles-that-roll/"

    make(editor, read(editor, TEXT_PAGE, address=address))

    assert Article.objects.get().slug == "ankles-that-roll"


def test_an_article_goes_into_the_section_that_was_chosen(editor):
    section = SectionFactory(title="Feet")

    make(editor, read(editor, TEXT_PAGE, section=section))

    assert Article.objects.get().get_parent().pk == section.pk


def test_an_article_is_in_the_language_of_its_section(editor):
    section = SectionFactory(title="Pies", locale=locale("es"))

    make(editor, read(editor, TEXT_PAGE, section=section))

    codes = {
        model.objects.get().locale.language_code
        for model in (Article, Author, Category)
    }
    assert codes == {"es"}


def test_what_was_corrected_is_still_there_after_an_error(editor):
    response = make(
        editor,
        read(editor, TEXT_PAGE),
        title="",
        summary="A summary of my own.",
        people__0__family="Do-Right",
    )

    form = filled(response)
    assert "required" in errors(response)
    assert form["summary"] == "A summary of my own."
    assert form["people-0-family"] == "Do-Right"
    assert form["text"].startswith("Why Ankles Roll")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"slug": "no slug"}, "small letters, digits and hyphens only"),
        ({"people__0__credentials": "QQQZ"}, "“QQQZ” is no credential type"),
        ({"people__0__given": "", "people__0__family": ""}, "at least one name"),
        ({"references__0__doi": "nonsense"}, "is not a DOI"),
        ({"references__0__title": ""}, "Give the title"),
        ({"references__0__year": "99999"}, "2100"),
        ({"people__0__use": "987654"}, "not here any more"),
        ({"categories__0__name": ""}, "Give the category a name"),
        ({"title": "x" * 300}, "255"),
        ({"summary": "x" * 401}, "400"),
        ({"text__as-0": "nonsense"}, "nonsense"),
        ({"people__0__family": "\0"}, "Null"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(editor, changes, says):
    response = make(editor, read(editor, TEXT_PAGE), **changes)

    assert response.status_code == 200
    assert says in errors(response)
    assert counts() == [0] * 7


def test_what_is_wrong_about_a_thing_that_is_not_made_does_not_matter(editor):
    response = make(
        editor,
        read(editor, TEXT_PAGE),
        references__0__use="none",
        references__0__doi="nonsense",
    )

    assert "was made" in said(response)


# --- The draft ------------------------------------------------------------------------


def test_it_leads_to_the_editor_and_says_what_was_made(editor):
    AuthorFactory(given_name="Jane", family_name="Doe")

    response = make(editor, read(editor, TEXT_PAGE))

    article = Article.objects.get()
    assert response.redirect_chain[-1][0] == f"/cms/pages/{article.pk}/edit/"
    message = soup(response).select_one(".messages .success")
    links = [link["href"] for link in message.select("a")]
    assert "The draft “Why Ankles Roll, and What to Do” was made." in said(response)
    # The author, the reference, the category, the tag and two places.
    assert len(links) == 6
    assert all(editor.get(link).status_code == 200 for link in links)


def test_the_history_says_who_imported_it(editor):
    make(editor, read(editor, TEXT_PAGE))

    article = Article.objects.get()
    assert article.owner.pk == int(editor.session["_auth_user_id"])
    assert article.latest_revision.user == article.owner
    assert Author.objects.get().latest_revision.user == article.owner


def test_a_page_that_was_imported_before_is_not_made_twice(editor):
    make(editor, read(editor, TEXT_PAGE))
    before = counts()

    again = read(editor, TEXT_PAGE)
    response = make(editor, again)

    assert "is here already" in said(again)
    assert "is here already" in errors(response)
    assert counts() == before


def test_another_article_of_that_title_can_be_made_under_another_one(editor):
    make(editor, read(editor, TEXT_PAGE))

    make(editor, read(editor, TEXT_PAGE), title="Ankles again", slug="ankles-again")

    assert Article.objects.count() == 2


def test_what_was_added_since_the_page_was_read_is_asked_about(editor):
    checked = read(editor, TEXT_PAGE)
    AuthorFactory(given_name="Jane", family_name="Doe")

    asked = make(editor, checked)
    confirmed = make(editor, asked, people__0__use="new")

    assert "“Jane Doe” has been added since" in errors(asked)
    assert "was made" in said(confirmed)
    assert Author.objects.count() == 2


def test_a_changed_original_is_read_again_before_anything_is_made(editor):
    checked = read(editor, TEXT_PAGE)

    response = make(editor, checked, text=TEXT_PAGE.replace("Ankles", "Knees"))

    assert "it was read again" in said(response)
    assert filled(response)["title"] == "Why Knees Roll, and What to Do"
    assert not Article.objects.exists()


def test_what_is_refused_while_it_is_made_leaves_nothing_half_done(editor):
    # It becomes an address, and an address that reads as an id is refused.
    name = "123e4567-e89b-42d3-a456-426614174000"

    response = make(editor, read(editor, TEXT_PAGE), categories__0__name=name)

    assert "Nothing was made." in said(response)
    assert filled(response)["categories-0-name"] == name
    assert counts() == [0] * 7


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_people_with_one_page_at_one_moment_the_later_is_told():
    for abbreviation in ("PT", "DPT"):
        CredentialTypeFactory(abbreviation=abbreviation)
    people = [Client(), Client()]
    for client in people:
        client.force_login(UserFactory(is_superuser=True))
    forms = [filled(read(client, TEXT_PAGE)) for client in people]
    answers: list[HttpResponse] = []

    failed = at_once(
        *(
            lambda client=client, form=form: answers.append(client.post(MAKE, form))
            for client, form in zip(people, forms, strict=True)
        )
    )

    assert failed == []
    refused, made = sorted(answers, key=lambda answer: answer.status_code)
    assert made.status_code == 302
    assert "is here already" in errors(refused)
    assert counts() == [1, 1, 0, 1, 2, 1, 1]
