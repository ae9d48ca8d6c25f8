"""The sample content is what it says it is, and loading it keeps what staff did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from PIL import ImageChops, ImageStat

from api.documents import healing, publishing
from api.documents.models import Document
from cms.sample import content, demo
from cms.sample.drawing import DRAWINGS, draw
from cms.sample.holidays import next_holiday
from cms.sample.loading import Loading
from cms.sample.markup import Markup, UnknownMarkup
from content_models.citations.identifiers import normalise_doi, normalise_pmid
from content_models.models import Article, Author, Image, Practice

SEEK_CARE = re.compile(r"^::: callout seek-care ", re.MULTILINE)
MARK = re.compile(r"\[(\d[\d, ]*)\]")
EVERY_ARTICLE = [*content.articles("en"), *content.articles("es")]

each_article = pytest.mark.parametrize(
    "article", EVERY_ARTICLE, ids=lambda article: article.slug
)


def references_of(article: content.SampleArticle) -> list[str]:
    originals = {each.original: each for each in content.articles("en")}
    return originals[article.original].fields["references"]


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner)


def test_there_are_twelve_articles_to_read_one_draft_and_one_that_is_scheduled():
    states = [each.fields.get("state", "published") for each in content.articles("en")]

    assert states.count("published") >= 12
    assert states.count("draft") == states.count("scheduled") == 1


@each_article
def test_an_article_says_when_to_see_a_doctor_in_its_second_half(article):
    place = SEEK_CARE.search(article.body)

    assert place
    assert place.start() > len(article.body) / 2


@each_article
def test_an_article_is_neither_a_note_nor_a_book(article):
    assert 500 <= article.word_count <= 900


@each_article
def test_an_article_rests_on_two_to_four_references_and_marks_each_of_them(article):
    references = references_of(article)

    marked = {
        int(number)
        for mark in MARK.findall(article.body)
        for number in mark.split(", ")
    }

    assert 2 <= len(references) <= 4
    assert marked == set(range(1, len(references) + 1))


@each_article
def test_everything_that_an_article_names_is_in_the_sample(article):
    originals = {each.original: each for each in content.articles("en")}
    fields = originals[article.original].fields
    practice = content.table("practice")

    assert set(fields["references"]) <= set(content.table("references"))
    assert set(fields["authors"]) <= set(content.table("people"))
    assert set(fields["locations"]) <= set(content.table("locations"))
    assert set(fields["categories"]) <= set(practice["categories"])
    assert set(fields["tags"]) <= set(practice["tags"])
    assert fields["image"] in DRAWINGS


@each_article
def test_no_markup_is_left_in_what_readers_see(article):
    blocks = Markup(lambda slug: 1, lambda drawing: 1).blocks(article.body)

    seen = " ".join(strings_in([value for _, value in blocks]))

    assert not re.search(r"\*\*|:::|\(article:|^## |^> |^\? ", seen, re.MULTILINE)
    assert {"heading", "text", "callout", "exercise"} <= {kind for kind, _ in blocks}


def test_a_fence_of_an_unknown_kind_is_refused_by_name():
    with pytest.raises(UnknownMarkup, match="sidebar"):
        Markup(lambda slug: 1, lambda drawing: 1).blocks("::: sidebar\nText\n:::")


@pytest.mark.parametrize("name", content.table("references"))
def test_a_reference_has_identifiers_that_can_exist(name):
    reference = content.table("references")[name]

    assert normalise_doi(reference["doi"]) == reference["doi"].lower()
    if "pmid" in reference:
        assert normalise_pmid(reference["pmid"]) == reference["pmid"]


def test_no_two_references_are_the_same_work():
    rows = content.table("references").values()

    assert len({row["doi"].lower() for row in rows}) == len(rows)


def test_every_number_of_a_location_is_one_that_is_set_aside_for_fiction():
    for location in content.table("locations").values():
        for kind in ("main", "appointments", "fax", "text"):
            number = location.get(kind, "+17325550100")
            assert re.fullmatch(r"\+173255501\d\d", number)


def test_every_drawing_is_described_and_no_two_are_alike():
    described = content.table("images")

    assert set(described) == set(DRAWINGS)
    assert len({row["title"] for row in described.values()}) == len(described)
    assert all(row["alt"] for row in described.values())


def test_a_picture_is_the_same_whenever_it_is_drawn():
    one, again = draw("walking-path"), draw("walking-path")

    assert one.size == (1600, 1000)
    assert not ImageChops.difference(one, again).getbbox()
    assert min(ImageStat.Stat(one).stddev) > 20


@pytest.mark.parametrize(
    ("name", "today", "day"),
    [
        ("thanksgiving", date(2026, 11, 23), date(2026, 11, 26)),
        ("thanksgiving", date(2026, 11, 27), date(2027, 11, 25)),
        ("memorial-day", date(2027, 1, 1), date(2027, 5, 31)),
        ("labor-day", date(2026, 9, 7), date(2026, 9, 7)),
        ("new-year", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_holiday_is_the_next_one_today_included(name, today, day):
    assert next_holiday(name, today)[0] == day


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[int]:
    """The sample content, loaded once for this file; how many things that were.

    The sizes of its pictures are left out: they are half of the work, and not in doubt.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        made = demo.load(Loading(with_renditions=False), "http://localhost:8001")
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def within_loaded(loaded, db) -> int:
    return loaded


def test_what_is_loaded_is_published_and_equals_a_fresh_render(within_loaded):
    assert within_loaded > 90
    assert Document.objects.filter(type="article", withdrawn_at=None).count() == 14
    assert healing.check() == []


def test_drafts_and_scheduled_articles_are_not_public(within_loaded):
    draft = Article.objects.get(slug="frozen-shoulder-how-long")
    scheduled = Article.objects.get(slug="tennis-elbow-injection-or-exercise")

    assert not draft.live
    assert not scheduled.live
    assert scheduled.approved_schedule
    slugs = Document.objects.values_list("slug", flat=True)
    assert not {draft.slug, scheduled.slug} & set(slugs)


def test_an_article_and_its_translation_are_one_group(within_loaded):
    falls = Article.objects.filter(
        slug__in=["preventing-falls", "como-prevenir-caidas"]
    )

    assert len({article.translation_key for article in falls}) == 1
    assert {article.locale.language_code for article in falls} == {"en", "es"}


def test_bylines_show_an_own_order_and_leave_out_what_has_lapsed(within_loaded):
    today = Loading().today
    bylines = {author.slug: author.byline_on(today) for author in Author.objects.all()}

    assert bylines["owen-marchetti"] == "Owen Marchetti, PhD, PT, COMT"
    assert bylines["grace-adeyemi-burke"] == "Grace Adeyemi-Burke, PT, DPT, NCS"


def test_a_credential_runs_out_within_weeks(within_loaded):
    today = Loading().today
    author = Author.objects.get(slug="daniel-whitlock-reyes")

    assert "CSCS" in author.post_nominals_on(today)
    assert "CSCS" not in author.post_nominals_on(today + timedelta(days=46))


def test_loading_again_changes_nothing_and_keeps_what_staff_have_changed(
    within_loaded, django_assert_max_num_queries
):
    author = Author.objects.get(slug="maren-okafor")
    Author.objects.filter(pk=author.pk).update(slug="maren", job_title="On leave")
    Practice.objects.update(base_url="https://clinic.example")
    before = (Article.objects.count(), Author.objects.count(), Image.objects.count())

    with django_assert_max_num_queries(150):
        call_command("demo", verbosity=0)

    author.refresh_from_db()
    assert (author.slug, author.job_title) == ("maren", "On leave")
    assert Practice.load().base_url == "https://clinic.example"
    after = (Article.objects.count(), Author.objects.count(), Image.objects.count())
    assert after == before


def test_what_staff_have_deleted_stays_deleted(within_loaded):
    with publishing.publishing():
        Article.objects.filter(locale__language_code="en").first().delete()
    before = Article.objects.count()

    call_command("demo", verbosity=0)

    assert Article.objects.count() == before


def test_every_article_can_be_published_again_as_it_stands(within_loaded):
    # The form asks more of a block than the database does, such as alternative text.
    for article in Article.objects.all():
        article.body.stream_block.clean(article.body)
        article.full_clean()
