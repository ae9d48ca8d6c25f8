from __future__ import annotations

import json
import time
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import Revision

from content_models.importers import page
from content_models.importers.findings import ClinicPage
from content_models.importers.sources import SourceError
from content_models.models import (
    Article,
    Author,
    Award,
    Category,
    CredentialType,
    Location,
    Reference,
    Tag,
)
from content_models.publication import publication
from tests.content_models.pages import BLOG_PAGE, REFERENCE, TEXT_PAGE
from tests.factories import AuthorFactory, LocationFactory
from tests.shared_data import shared

CONTENT = (Article, Author, Award, Category, CredentialType, Location, Reference, Tag)


def read(text: str) -> ClinicPage:
    return page.read(text.encode())


def notes(read_page: ClinicPage, kind: str) -> str:
    return "\n".join(note.text for note in read_page.notes if note.kind == kind)


def body_text(read_page: ClinicPage) -> str:
    return json.dumps(read_page.body, ensure_ascii=False)


@pytest.fixture
def import_page(tmp_path: Path):
    """Run the command on a text, bytes or a file; its JSON report."""

    def run(given: str | bytes | Path, *options: str) -> dict[str, Any]:
        file = given if isinstance(given, Path) else tmp_path / "page.txt"
        if isinstance(given, str):
            file.write_text(given, "utf-8")
        elif isinstance(given, bytes):
            file.write_bytes(given)
        out = StringIO()
        call_command("import_page", str(file), "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    return run


def everything() -> dict[str, str]:
    """All content as it stands in the tables, and how often it was saved."""
    tables = (*CONTENT, Revision)
    return {
        model.__name__: serialize("json", model._base_manager.order_by("pk"))
        for model in tables
    }


# --- Reading a page -----------------------------------------------------------------


def test_the_real_page_gives_what_stands_on_it():
    found = page.read(shared("seed-page.txt").read_bytes())

    assert found.title.startswith("The Importance of Gluteus Medius Strengthening")
    (person,) = found.people
    assert (person.given, person.family) == ("Lisa", "Scarlino")
    assert [each.text for each in person.credentials] == ["PT", "DPT", "ATC"]
    (citation,) = found.citations
    assert citation.csl["DOI"] == "10.1186/s12891-019-2833-4"
    assert citation.csl["container-title"] == "BMC Musculoskelet Disord"
    assert (citation.csl["volume"], citation.csl["page"]) == ("20", "463")
    assert citation.csl["issued"] == {"date-parts": [[2019]]}
    assert (len(citation.csl["author"]), citation.authors_incomplete) == (3, True)
    assert found.categories == []
    slugs = [place.slug for place in found.places]
    assert slugs == ["lake-como", "edison", "manalapan", "brick"]
    assert "promises 5 locations but names 4" in notes(found, "warning")
    assert sorted(found.awards) == sorted(
        [
            ("New Jersey Top Doctor", "", 2017, ""),
            *(
                (
                    "Reader's Choice Award",
                    "Monmouth Health and Life Magazine",
                    year,
                    "Winner",
                )
                for year in (2015, 2016)
            ),
        ]
    )
    assert "4 logos without a name" in notes(found, "left out")


def test_the_real_page_s_body_has_no_form_no_lists_and_no_logos():
    found = page.read(shared("seed-page.txt").read_bytes())

    (block,) = found.body
    assert block["value"].startswith("<p>Lower back pain is the leading contributor")
    assert block["value"].endswith("reduce the stress on your lower back.</p>")


def test_a_page_of_plain_text_is_taken_apart():
    found = read(TEXT_PAGE)

    assert found.title == "Why Ankles Roll, and What to Do"
    assert [person.name for person in found.people] == ["Jane Doe"]
    assert [each.csl["DOI"] for each in found.citations] == ["10.1000/foo.123"]
    assert (found.categories, found.tags) == (["Ankles"], ["sprains"])
    assert [place.slug for place in found.places] == ["brick", "lake-como"]
    assert [block["type"] for block in found.body] == ["text", "heading", "text"]
    text, heading, rest = found.body
    # Lines that an editor broke in mid-sentence are one paragraph.
    assert text["value"].count("<p>") == 1
    assert heading["value"] == {"text": "When to see a doctor", "level": "2"}
    assert rest["value"].startswith("<ul><li>You cannot take four steps</li>")
    assert "was taken for a heading" in notes(found, "unsure")


def test_a_saved_blog_page_is_taken_apart():
    found = read(BLOG_PAGE)

    assert found.title == "Stretches for Desk Workers"
    assert found.canonical_url == "https://shoreline.example/blog/desk-stretches/"
    assert found.summary == "Short stretches for people who sit."
    assert [person.name for person in found.people] == ["Jane Doe"]
    assert [each.csl["DOI"] for each in found.citations] == ["10.1000/foo.123"]
    assert (found.categories, found.tags) == (["Backs"], ["desk"])
    assert [place.slug for place in found.places] == ["brick", "lake-como"]
    assert found.awards == [("Best of Ocean County", "", 2020, "Finalist")]


def test_a_saved_page_s_body_keeps_its_blocks_and_its_safe_markup():
    blocks = read(BLOG_PAGE).body

    assert [block["type"] for block in blocks] == [
        "text",
        "heading",
        "text",
        "heading",
        "text",
        "quote",
        "table",
    ]
    first = blocks[0]["value"]
    assert "<b>eight hours</b> is hard on the back.<sup>1</sup>" in first
    assert '<a href="https://shoreline.example/blog/walking/">our guide</a>' in first
    assert [blocks[n]["value"]["level"] for n in (1, 3)] == ["2", "3"]
    assert "<p>Every hour &amp; a half.<br/>At least.</p>" in blocks[2]["value"]
    assert "<li>Hips</li><li>Left hip</li>" in blocks[2]["value"]
    assert blocks[4]["value"] == "<ol><li>One</li><li>Two</li></ol>"
    assert blocks[6]["value"]["data"] == [["Part", "Time"], ["Neck", ""]]


@pytest.mark.parametrize(
    "words",
    [
        "from a script",
        "javascript:",
        "hidden words",
        "Tweet this",
        "Your name",
        "Home",
        "Another article",
        "© 2021",
    ],
)
def test_what_is_around_a_saved_page_s_text_is_not_in_it(words):
    assert words not in body_text(read(BLOG_PAGE))


@pytest.mark.parametrize(
    "words",
    ["Home", "https://video.example/embed/1", "Tweet this", "hidden words", "Your name",
     "A woman stretching", "logo2"],
)  # fmt: skip
def test_what_was_dropped_is_said(words):
    assert words in notes(read(BLOG_PAGE), "left out")


def test_a_named_logo_is_shown_and_becomes_no_affiliation():
    assert "Shoreline Therapy logo" in notes(read(BLOG_PAGE), "unsure")


def test_a_page_that_names_all_the_locations_it_promises_warns_of_none():
    found = read(
        "Ankles\n\nThey roll.\n\nBy: Jane Doe, PT\n\nTwo Locations\nEdison\nBrick"
    )

    assert notes(found, "warning") == ""


@pytest.mark.parametrize(
    "line",
    [
        "Common locations",
        "The exercise must be completed every day.",
        "Contact your doctor if the pain lasts.",
        "Sources of protein include beans.",
        "Privacy policy and your health",
        "Tags on clothes can itch.",
    ],
)
def test_text_that_resembles_a_part_of_the_page_stays_text(line):
    found = read(f"Hips\n\nThe hip matters.\n\n{line}\n\nIt does so every day.")

    assert line in body_text(found)
    assert "It does so every day." in body_text(found)


def test_a_sentence_that_begins_with_by_is_no_byline():
    sentence = "By strengthening the hip you help the back."

    found = read(f"Hips\n\nThe hip matters.\n\n{sentence}")

    assert sentence in body_text(found)
    assert found.people == []


@pytest.mark.parametrize(
    ("line", "award"),
    [
        ("Best of Brick 2019", ("Best of Brick", "", 2019, "")),
        ("2018 Top Dentist – Jersey Shore Times",
         ("Top Dentist", "Jersey Shore Times", 2018, "")),
        ("Shore News Readers' Choice 2020 Finalist",
         ("Readers' Choice", "Shore News", 2020, "Finalist")),
    ],
)  # fmt: skip
def test_an_award_is_parted_into_name_giver_year_and_result(line, award):
    found = read(f"Hips\n\nThe hip matters.\n\nContact Us\n\n{line}\n{line}")

    assert found.awards == [award]


def test_markdown_with_a_review_is_read_too():
    found = read(
        "# Knees\n\n*By Dr. John Roe, MD, Medical Director*\n"
        "Reviewed by: Jane Doe, PT on March 3, 2024\n\nThey hurt.\n\n## Sources\n\n"
        f"{REFERENCE}\n\n© 2024 Clinic. All rights reserved."
    )

    writer, reviewer = found.people
    assert (writer.name, writer.job_title) == ("John Roe", "Medical Director")
    assert (reviewer.role, reviewer.dated) == ("reviewer", date(2024, 3, 3))
    assert len(found.citations) == 1
    assert found.body == [{"type": "text", "value": "<p>They hurt.</p>"}]


def test_a_location_s_name_ends_where_its_address_begins():
    found = read(
        "T\n\nBody.\n\nOur Locations:\nBrick - 12 Main St\nFreehold, NJ\nCall now"
    )

    assert [place.slug for place in found.places] == ["brick", "freehold"]
    assert "Brick - 12 Main St" in notes(found, "left out")


def test_a_byline_of_nobody_is_said_and_is_no_text():
    found = read("Bags\n\nThey are heavy.\n\nWritten by Staff")

    assert (found.people, "Staff" in body_text(found)) == ([], False)
    assert "Written by Staff" in notes(found, "unsure")


def test_a_sentence_about_an_award_is_no_award():
    sentence = "Our clinic won an award in 2017 for its work with runners."

    found = read(f"Hips\n\n{sentence}")

    assert (found.awards, sentence in body_text(found)) == ([], True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is binary"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\x00", "is binary"),
        (b"a" * 10_000_000, "10.0 MB"),
        (b"Caf\xe9\n\nA text in another encoding.", "not in UTF-8"),
        (b"<html><meta charset='no-such'><p>Caf\xe9</p>", "Save it again"),
        (b"This is no title, but a sentence.\n\nAnother one.", "has no title"),
        (b"<html><body><p>No heading here.</p></body></html>", "has no title"),
        (b"<html></html>", "has no title"),
        (b"Only a title", "No text was found"),
        (b"T\n\n" + b"a\n" * 100_000, "paragraphs"),
    ],
)
def test_what_is_no_page_is_refused_with_what_to_do(content, says):
    with pytest.raises(SourceError, match=says):
        page.read(content)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_are_read_where_the_file_says_which(encoding):
    html = "<html><meta charset='iso-8859-1'><h1>Café</h1><p>Un texte.</p></html>"

    assert page.read(html.encode(encoding)).title == "Café"


@pytest.mark.parametrize(
    "text",
    [
        "Title\n\n" + "word " * 900_000,
        "<html><h1>T</h1><p>text" + "<b>x</b>" * 50_000,
        "<html><h1>T</h1><p>text" + "<" * 300_000,
        "<html><h1>T</h1><p>text</p>" + "<div>" * 3000,
        "T\n\nBody.\n" + "By: Jane Doe, PT\n" * 4900,
    ],
)
def test_a_hostile_page_takes_seconds_at_most(text):
    started = time.perf_counter()

    page.read(text.encode())

    assert time.perf_counter() - started < 5


@given(st.text(alphabet="ABab <>/\"'=&;:.,\n019-[]é", max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused(text):
    for form in (f"Title\n\nA body.\n{text}", f"<html><h1>Title</h1><p>A{text}"):
        try:
            found = read(form)
        except SourceError:
            continue
        assert "<script" not in body_text(found)


# --- Importing it -------------------------------------------------------------------


@pytest.mark.django_db
def test_the_real_page_is_imported_and_published(import_page):
    report = import_page(shared("seed-page.txt"), "--publish")

    article = Article.objects.get(pk=report["article"]["id"])
    assert article.live
    (authorship,) = article.authorships.all()
    today = "Lisa Scarlino, PT, DPT, ATC"
    assert authorship.author.byline_on(article.first_published_at.date()) == today
    (citation,) = article.citations.all()
    assert citation.reference.doi == "10.1186/s12891-019-2833-4"
    assert citation.reference.live
    assert (citation.reference.authors.count(), citation.reference.year) == (3, 2019)
    assert citation.reference.authors_incomplete
    assert article.filings.count() == 0
    assert [place.location.slug for place in article.places.all()] == [
        "lake-como",
        "edison",
        "manalapan",
        "brick",
    ]
    assert Award.objects.filter(live=True).count() == 3
    # Nobody knows their addresses yet.
    assert not Location.objects.filter(live=True).exists()


@pytest.mark.django_db
def test_without_publish_all_of_it_is_a_draft(import_page):
    import_page(TEXT_PAGE)

    assert not any(
        model.objects.filter(live=True).exists()
        for model in (Article, Author, Award, Category, Location, Reference)
    )
    assert Article.objects.get().body[0].block_type == "text"


@pytest.mark.django_db
@pytest.mark.parametrize("text", [TEXT_PAGE, BLOG_PAGE])
def test_a_second_run_changes_nothing(import_page, text):
    import_page(text, "--publish")
    before = everything()

    report = import_page(text, "--publish")

    assert everything() == before
    assert report["changed"] is False
    assert {step["action"] for step in report["steps"]} == {"keep"}


@pytest.mark.django_db
def test_a_dry_run_says_everything_and_saves_nothing(import_page):
    before = everything()

    report = import_page(BLOG_PAGE, "--publish", "--dry-run")

    assert everything() == before
    assert report["article"] is None
    kinds = [step["kind"] for step in report["steps"] if step["action"] == "create"]
    assert kinds.count("article") == kinds.count("author") == 1
    assert kinds.count("location") == 2


@pytest.mark.django_db
def test_drafts_of_an_earlier_run_are_published_when_that_is_asked_for(import_page):
    import_page(BLOG_PAGE)

    report = import_page(BLOG_PAGE, "--publish")

    assert report["article"]["live"] is True
    assert Author.objects.get().live
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_what_staff_changed_or_took_back_stays_so(import_page):
    import_page(BLOG_PAGE, "--publish")
    article = Article.objects.get()
    article.title = "Stretches for everybody"
    with publication():
        article.save_revision().publish()
        Article.objects.get().unpublish()

    report = import_page(BLOG_PAGE, "--publish")

    article.refresh_from_db()
    assert (article.title, article.live) == ("Stretches for everybody", False)
    (step,) = [step for step in report["steps"] if step["kind"] == "article"]
    assert step["why"] == "somebody unpublished it, so it stays unpublished"


@pytest.mark.django_db
def test_people_places_and_sources_that_are_there_are_used(import_page):
    author = AuthorFactory(given_name="jane", family_name="DOE", credentials=["PT"])
    brick = LocationFactory(slug="brick")

    report = import_page(TEXT_PAGE)

    article = Article.objects.get()
    assert [row.author for row in article.authorships.all()] == [author]
    assert [row.location.slug for row in article.places.all()] == ["brick", "lake-como"]
    assert Location.objects.get(slug="brick") == brick
    texts = " ".join(note["text"] for note in report["notes"])
    assert "The page gives jane DOE “DPT”" in texts
    assert [row.type.abbreviation for row in author.credentials.all()] == ["PT"]


@pytest.mark.django_db
def test_a_reference_is_recognised_by_its_doi_whatever_its_text(import_page):
    import_page(TEXT_PAGE)
    other = "Somebody Else. Another title of it. J Foo. 2001;1:2. doi:10.1000/FOO.123"

    import_page(TEXT_PAGE.replace(REFERENCE, other).replace("Why Ankles", "How Ankles"))

    assert Article.objects.count() == 2
    assert Reference.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_post_nominal_makes_no_credential_and_is_said(import_page):
    report = import_page(TEXT_PAGE)

    assert not CredentialType.objects.filter(abbreviation="XYZQ").exists()
    assert any("“XYZQ” after Jane Doe" in note["text"] for note in report["notes"])


@pytest.mark.django_db
def test_an_address_of_an_article_is_kept(import_page):
    import_page(BLOG_PAGE)

    assert Article.objects.get().slug == "desk-stretches"


@pytest.mark.django_db
def test_a_page_without_author_is_no_published_article_but_can_be_a_draft(import_page):
    text = (
        "Ankles\n\nThey roll when the foot lands on its edge.\n\nFive Locations\nBrick"
    )
    before = everything()

    with pytest.raises(CommandError, match="name at least one author"):
        import_page(text, "--publish")

    assert everything() == before
    assert import_page(text)["article"]["live"] is False


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_an_error_with_what_to_do(import_page, tmp_path):
    with pytest.raises(CommandError, match="Check its name"):
        import_page(tmp_path / "nothing.txt")


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"x" * 10_000_000])
def test_a_file_that_is_no_page_leaves_everything_as_it_was(import_page, content):
    before = everything()

    with pytest.raises(CommandError):
        import_page(content)

    assert everything() == before


@pytest.mark.django_db
def test_the_report_for_people_says_what_was_made_and_what_was_not(tmp_path):
    file = tmp_path / "page.html"
    file.write_text(BLOG_PAGE, "utf-8")
    out = StringIO()

    call_command("import_page", str(file), "--publish", stdout=out)

    said = out.getvalue()
    assert "article    Stretches for Desk Workers  [new, published]" in said
    assert "location   lake-como  [new: only its name is known" in said
    assert "A menu (“Home”)" in said


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="http://[">',
        '<meta property="og:url" content="//[">',
    ],
)
def test_an_address_that_cannot_be_one_is_passed_over(head):
    found = read(f"<html><head>{head}</head><body><h1>Ankles</h1><p>They roll.</p>")

    assert found.canonical_url == ""
