"""What content knows of itself, without anybody looking."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import DraftStateMixin

from content_models.models import (
    Article,
    Author,
    Award,
    Category,
    Credential,
    Image,
    Location,
    OpeningHours,
    Phone,
    Reference,
    ReferenceAuthor,
    Tag,
    Withdrawal,
)
from content_models.publication import publication
from content_models.readiness import NotReady
from content_models.usage import InUse
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    CategoryFactory,
    CredentialTypeFactory,
    ImageFactory,
    LocationFactory,
    PracticeFactory,
    ReferenceFactory,
    SectionFactory,
    TagFactory,
    home_section,
    locale,
)

pytestmark = pytest.mark.django_db


# --- Drafts -----------------------------------------------------------------------


def test_no_draft_writes_into_what_is_live():
    """A plain many-to-many would: it has no place in a revision."""
    drafted = [
        model
        for model in apps.get_app_config("content_models").get_models()
        if issubclass(model, DraftStateMixin)
    ]

    plain = [
        f"{model.__name__}.{field.name}"
        for model in drafted
        for field in model._meta.local_many_to_many
        if type(field) is models.ManyToManyField
    ]
    rows = [
        f"{relation.related_model.__name__}"
        for model in drafted
        for relation in model._meta.related_objects
        if relation.related_model._meta.app_label == "content_models"
        and relation.on_delete is models.CASCADE
        and not isinstance(relation.field, ParentalKey)
        and not relation.parent_link
        # What was done with an article, which no draft says otherwise.
        and relation.related_model is not Withdrawal
    ]

    assert drafted
    assert plain == []
    assert rows == []


def test_a_draft_changes_nothing_that_is_live():
    author = AuthorFactory(credentials=["PT"])
    draft = author.get_latest_revision_as_object()
    draft.given_name = "Changed"
    draft.credentials = []
    draft.save_revision()

    author = Author.objects.get()
    assert author.given_name == "Ada"
    assert author.credentials.count() == 1


def test_an_old_version_opens_without_what_was_deleted_since():
    image, place = ImageFactory(), LocationFactory()
    author = AuthorFactory(photo=image, locations=[place])
    old = author.latest_revision
    with publication():
        draft = author.get_latest_revision_as_object()
        draft.photo, draft.work_places = None, []
        draft.save_revision().publish()
        image.delete()
        place.delete()

    restored = old.as_object()

    assert restored.photo is None
    assert list(restored.work_places.all()) == []


# --- Addresses --------------------------------------------------------------------


def test_two_articles_of_a_language_never_share_an_address():
    ArticleFactory(slug="knees")

    with pytest.raises(ValidationError, match="already has the address “knees”"):
        ArticleFactory(slug="knees", parent=SectionFactory())


def test_articles_of_two_languages_may_share_an_address():
    ArticleFactory(slug="knees")

    spanish = SectionFactory(locale=locale("es"))
    ArticleFactory(slug="knees", locale=locale("es"), parent=spanish)

    assert Article.objects.filter(slug="knees").count() == 2


def test_an_address_that_reads_as_an_id_is_refused():
    with pytest.raises(ValidationError, match="looks like an id"):
        ArticleFactory(slug="5f1b7d62-6b0f-4c27-9d5e-6a0d2a5f0c11")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Back & Neck", "back-neck"),
        ("Ärger mit dem Rücken", "arger-mit-dem-rucken"),
        ("膝", "category"),
        ("word " * 40, "-".join(["word"] * 20)),
    ],
)
def test_an_empty_address_is_made_from_the_name(name, slug):
    category = Category(name=name[:120], locale=locale())

    category.full_clean()

    assert category.slug == slug[: len(category.slug)]
    assert category.slug


def test_an_address_made_from_a_name_that_is_taken_gets_a_number():
    CategoryFactory(name="Knee", slug="knee")
    CategoryFactory(name="Knee", slug="knee-2")
    third = Category(name="Knee", locale=locale())

    third.full_clean()

    assert third.slug == "knee-3"


@pytest.mark.parametrize("name", ["♥", "5f1b7d62-6b0f-4c27-9d5e-6a0d2a5f0c11"])
def test_a_tag_always_has_a_usable_address(name):
    tag = TagFactory(name=name, slug="")

    assert tag.slug.startswith("tag")


def test_an_article_of_a_location_has_its_first_address_there():
    PracticeFactory(base_url="https://clinic.example/")
    brick = LocationFactory(site_url="https://brick.example")

    ours, theirs = ArticleFactory(slug="a"), ArticleFactory(slug="b", home=brick)

    assert ours.canonical_url == "https://clinic.example/articles/a/"
    assert theirs.get_full_url() == "https://brick.example/articles/b/"


def test_only_another_language_is_named_in_an_address():
    PracticeFactory(base_url="https://clinic.example")
    spanish = SectionFactory(locale=locale("es"))

    ours = ArticleFactory(slug="covid")
    theirs = ArticleFactory(slug="covid", locale=locale("es"), parent=spanish)

    assert ours.canonical_url == "https://clinic.example/articles/covid/"
    assert theirs.canonical_url == "https://clinic.example/es/articles/covid/"


def test_the_site_of_a_closed_location_is_no_address():
    PracticeFactory(base_url="https://clinic.example/")
    brick = LocationFactory(site_url="https://brick.example")
    article = ArticleFactory(slug="a", home=brick)

    with publication():
        brick.unpublish()

    article = Article.objects.get()
    assert article.canonical_url == "https://clinic.example/articles/a/"
    assert article.get_full_url() == article.canonical_url


def test_a_long_title_makes_an_address_that_ends_with_a_word():
    article = Article(title="Twenty good reasons to walk " * 9, summary="Walk.")

    home_section().add_child(instance=article)

    assert len(article.slug) <= 100
    assert article.slug.endswith(("-twenty", "-good", "-reasons", "-to", "-walk"))


def test_an_article_with_an_address_that_is_too_long_is_not_published():
    article = ArticleFactory(live=False)
    article.slug = "a" * 121
    draft = article.save_revision(clean=False)

    with pytest.raises(NotReady, match="121 characters"), publication():
        draft.publish()


# --- What must be true ------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "fields", "sentence"),
    [
        (Author, {}, "Give at least one name"),
        (Location, {"name": "Brick", "latitude": 40}, "both latitude and longitude"),
        (Location, {"name": "Brick", "time_zone": "Brick"}, "no time zone"),
        (Location, {"name": "Brick", "region": "NJ"}, "as in US-NJ"),
        (Location, {"name": "Brick", "accent_colour": "red"}, "six digits"),
        (Award, {"name": "Best", "year": 1}, "greater than or equal to 1900"),
    ],
)
def test_impossible_content_is_refused_in_words(model, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        model(locale=locale(), slug="x", **fields).full_clean()


def test_an_award_goes_to_one_holder():
    award = Award(name="Best", slug="x", locale=locale())
    award.author, award.location = AuthorFactory(), LocationFactory()

    with pytest.raises(ValidationError, match="to an author or to a location"):
        award.full_clean()


@pytest.mark.parametrize("jurisdiction", ["NJ", "us-nj", "New Jersey", "US-"])
def test_a_jurisdiction_is_a_code(jurisdiction):
    held = Credential(type=CredentialTypeFactory(), jurisdiction=jurisdiction)

    with pytest.raises(ValidationError, match=r"is no jurisdiction|at most 6"):
        held.full_clean(exclude=["author"])


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(ValidationError, match="close after it opens"):
        OpeningHours(weekday=1, opens="18:00", closes="08:00").clean()


def test_a_phone_number_is_kept_so_that_it_can_be_dialled():
    phone = Phone(number="(732) 555-0123", location=LocationFactory())

    phone.clean()

    assert phone.number == "+17325550123"
    assert phone.display == "(732) 555-0123"


@pytest.mark.parametrize("name", [{}, {"family": "Sadler", "literal": "WHO"}])
def test_a_sources_author_is_a_person_or_an_organisation(name):
    with pytest.raises(ValidationError, match="one of the two"):
        ReferenceAuthor(**name).clean()


def test_a_reference_is_csl_with_what_is_known_of_it():
    source = ReferenceFactory(title="A trial", year=2019, authors=["Sadler"], doi=None)

    assert source.csl == {
        "id": str(source.uuid),
        "type": "article-journal",
        "title": "A trial",
        "author": [{"family": "Sadler", "given": "A."}],
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[2019]]},
    }


def test_two_references_may_both_have_no_doi():
    for title in ("One", "Two"):
        source = Reference(title=title, doi="", pmid="")
        source.full_clean()
        source.save()

    assert Reference.objects.filter(doi=None).count() == 2


# --- Bylines ----------------------------------------------------------------------


def test_a_credential_stands_in_the_byline_on_its_first_and_last_day_and_no_other():
    held = Credential(
        type=CredentialTypeFactory(abbreviation="PT"),
        issued_on=date(2026, 3, 1),
        expires_on=date(2026, 3, 31),
    )
    author = AuthorFactory(family_name="Doe", credentials=[held])

    bylines = [
        author.byline_on(day)
        for day in (
            date(2026, 2, 28),
            date(2026, 3, 1),
            date(2026, 3, 31),
            date(2026, 4, 1),
        )
    ]

    assert bylines == ["Ada Doe", "Ada Doe, PT", "Ada Doe, PT", "Ada Doe"]
    assert author.next_change_after(date(2026, 1, 1)) == date(2026, 3, 1)
    assert author.next_change_after(date(2026, 3, 1)) == date(2026, 4, 1)
    assert author.next_change_after(date(2026, 4, 1)) is None


def test_credentials_stand_by_rank_or_in_the_authors_own_order():
    doctor = CredentialTypeFactory(abbreviation="DPT", rank=200)
    therapist = CredentialTypeFactory(abbreviation="PT", rank=100)
    author = AuthorFactory(family_name="Doe", credentials=[doctor, therapist])
    today = date(2026, 3, 1)

    by_rank = author.byline_on(today)
    author.byline_order = Author.BylineOrder.OWN

    assert by_rank == "Ada Doe, PT, DPT"
    assert author.byline_on(today) == "Ada Doe, DPT, PT"


def test_a_licence_of_two_states_is_named_once():
    licence = CredentialTypeFactory(abbreviation="PT")
    held = [
        Credential(type=licence, jurisdiction=state, sort_order=number)
        for number, state in enumerate(("US-NJ", "US-NY"))
    ]

    author = AuthorFactory(family_name="Doe", credentials=held)

    assert author.byline_on(date(2026, 3, 1)) == "Ada Doe, PT"


# --- In use -----------------------------------------------------------------------


def test_an_image_inside_of_a_text_is_not_deleted_by_code_either(
    django_capture_on_commit_callbacks,
):
    image = ImageFactory(title="Stretch")
    figure = {"image": image, "caption": "", "credit": ""}
    with django_capture_on_commit_callbacks(execute=True):
        ArticleFactory(title="Knees", body=[("image", figure)])

    with pytest.raises(InUse, match="“Stretch” was not deleted: it is in use in"):
        image.delete()

    assert Image.objects.exists()


@pytest.mark.parametrize("relation", ["author", "category", "tag", "reference"])
def test_the_database_itself_protects_what_an_article_names(relation):
    made = {
        "author": AuthorFactory,
        "category": CategoryFactory,
        "tag": TagFactory,
        "reference": ReferenceFactory,
    }[relation]()
    lists = {"category": "categories"}
    ArticleFactory(**{lists.get(relation, f"{relation}s"): [made]})

    with pytest.raises(models.ProtectedError):
        made.delete()

    assert isinstance(made, Tag) or type(made).objects.filter(pk=made.pk).exists()
