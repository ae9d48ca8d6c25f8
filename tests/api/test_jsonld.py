"""Documents as schema.org JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.documents.serializers import jsonld
from tests import factories as make
from tests.api.served import (
    a_lean_network,
    a_location,
    a_picture,
    a_reference,
    a_whole_network,
    an_author,
    served,
    the,
    the_least,
)
from tests.schema_org.checking import complaints

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def values(thing: Any) -> Iterator[Any]:
    """`thing` and all that is within it."""
    yield thing
    held = thing.values() if isinstance(thing, dict) else thing
    if isinstance(thing, dict | list):
        for one in held:
            yield from values(one)


# --- Articles ---------------------------------------------------------------------


def test_a_review_stands_on_the_page_and_not_on_the_article():
    a_whole_network()

    page = jsonld.of(the("article"))

    assert page["@context"] == "https://schema.org"
    assert page["@type"] == "MedicalWebPage"
    assert page["lastReviewed"] == "2026-01-15"
    assert [one["name"] for one in page["reviewedBy"]] == ["Lisa Scarlino"]
    assert page["mainEntity"]["@type"] == "Article"
    assert not {"lastReviewed", "reviewedBy"} & set(page["mainEntity"])


def test_a_page_and_its_article_are_named_after_the_canonical_address():
    a_whole_network()

    page = jsonld.of(the("article"))

    assert page["@id"] == page["url"] == "http://localhost:8001/articles/running/"
    assert page["mainEntity"]["@id"] == f"{page['@id']}#article"


def test_an_article_says_what_it_is_about_and_under_which_terms_it_may_be_used():
    a_whole_network()

    article = jsonld.of(the("article"))["mainEntity"]

    assert article["headline"] == "Running: when it hurts"
    assert article["inLanguage"] == "en"
    assert [one["name"] for one in article["about"]] == ["Knees"]
    assert [one["name"] for one in article["keywords"]] == ["running"]
    assert [one["name"] for one in article["mentions"]] == ["Brick"]
    assert article["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert article["publisher"]["name"] == "Shore Clinics"
    assert article["creditText"] == "From Shore Clinics"
    assert article["isAccessibleForFree"] is True
    assert article["version"] == the("article")["version"]
    assert article["datePublished"] == the("article")["published_at"]
    assert article["dateModified"] == the("article")["updated_at"]


def test_a_licence_without_an_address_is_named_and_not_taken_for_an_address():
    make.PracticeFactory(license_name="All rights reserved", license_url="")
    make.ArticleFactory()

    license = jsonld.of(the("article"))["license"]

    assert license == {"@type": "CreativeWork", "name": "All rights reserved"}


def test_a_picture_has_its_words_and_its_credit_and_its_size_with_the_unit():
    make.ArticleFactory(image=a_picture())

    image = jsonld.of(the("article"))["mainEntity"]["image"]

    assert image["url"].endswith(".png")
    assert image["encodingFormat"] == "image/png"
    assert (image["width"], image["height"]) == ("1000 px", "500 px")
    assert image["caption"] == "A person stretching"
    assert image["creditText"] == "A. Photographer"


def test_a_picture_that_cannot_be_fetched_yet_is_left_out():
    make.ArticleFactory(image=make.ImageFactory())

    page = jsonld.of(the("article"))

    assert the("article")["image"]["alt"] == "A person stretching"
    assert "primaryImageOfPage" not in page
    assert "image" not in page["mainEntity"]


def test_films_questions_and_exercises_of_the_text_are_told_apart():
    a_whole_network()

    article = jsonld.of(the("article"))["mainEntity"]

    exercise, question = article["hasPart"]
    assert [step["text"] for step in exercise["step"]] == ["Rise.", "Sink."]
    assert exercise["@type"] == "HowTo"
    assert question["name"] == "Does it last?"
    assert question["acceptedAnswer"] == {"@type": "Answer", "text": "Six weeks."}
    [video] = article["video"]
    assert video["url"] == "https://video.test/1"


def test_an_article_leads_to_its_translation():
    english = make.ArticleFactory(slug="back-pain")
    make.ArticleFactory(
        slug="dolor-de-espalda",
        locale=make.locale("es"),
        translation_key=english.translation_key,
    )

    found = {one["locale"]: one for one in served("article")}
    [translation] = jsonld.of(found["en"])["mainEntity"]["workTranslation"]

    other = jsonld.of(found["es"])["mainEntity"]
    assert translation["inLanguage"] == other["inLanguage"] == "es"
    assert translation["@id"] == other["sameAs"]


def test_a_correction_is_told_with_its_day():
    make.ArticleFactory()
    corrected = the("article") | {
        "corrections": [{"date": "2026-02-03", "note": "The dose was wrong."}]
    }

    [correction] = jsonld.of(corrected)["mainEntity"]["correction"]

    assert correction == {
        "@type": "CorrectionComment",
        "datePublished": "2026-02-03",
        "text": "The dose was wrong.",
    }


# --- People -----------------------------------------------------------------------


def test_an_authors_name_is_only_the_name():
    an_author(a_picture())

    person = jsonld.of(the("author"))

    assert person["name"] == "Lisa Scarlino"
    assert person["honorificPrefix"] == "Dr."
    assert person["honorificSuffix"] == "PT, DPT, ATC, FAAOMPT"
    assert person["jobTitle"] == "Clinic director"
    assert person["description"] == "Runs. Treats runners."


def test_a_degree_is_a_credential_and_a_licence_a_certification():
    an_author(a_picture())

    person = jsonld.of(the("author"))

    [degree] = person["hasCredential"]
    licence, certification = person["hasCertification"]
    assert degree["alternateName"] == "DPT"
    assert degree["@type"] == "EducationalOccupationalCredential"
    assert licence["alternateName"] == "PT"
    assert licence["validIn"] == {"@type": "AdministrativeArea", "name": "US-NJ"}
    assert certification["alternateName"] == "ATC"
    assert person["award"] == ["The credential FAAOMPT"]


def test_only_what_somebody_has_verified_is_called_active():
    an_author(a_picture())

    licence, certification = jsonld.of(the("author"))["hasCertification"]

    assert licence["certificationStatus"] == "https://schema.org/CertificationActive"
    assert "certificationStatus" not in certification


def test_a_licences_number_and_its_dates_are_in_no_form():
    a_whole_network()

    for document in served():
        written = json.dumps(jsonld.of(document))
        assert "40QA" not in written
        assert "2199-03-02" not in written
        assert "2011-05-04" not in written


def test_an_author_in_an_article_is_the_one_of_his_own_document():
    a_whole_network()

    own = jsonld.of(the("author"))
    page = jsonld.of(the("article"))

    assert page["mainEntity"]["author"][0]["@id"] == own["@id"]
    assert page["reviewedBy"][0]["@id"] == own["@id"]


@pytest.mark.parametrize(
    ("within", "relation", "type"),
    [
        ("author", "workLocation", "location"),
        ("article", "mentions", "location"),
        ("award", "about", "author"),
    ],
)
def test_what_is_mentioned_can_be_told_to_be_what_its_document_is_about(
    within, relation, type
):
    a_whole_network()

    document = jsonld.of(the(within))
    mentioned = document.get("mainEntity", document)[relation]
    mentioned = mentioned[0] if isinstance(mentioned, list) else mentioned

    own = jsonld.of(the(type))
    assert mentioned["@id"] == own["sameAs"]
    assert mentioned["@type"] == own["@type"]


def test_names_are_the_same_on_each_channel():
    make.CategoryFactory()
    on_public = the("category")
    elsewhere = on_public | {"url": f"{on_public['url']}?channel=brick"}

    assert jsonld.of(elsewhere) == jsonld.of(on_public)


# --- References -------------------------------------------------------------------


def test_a_citation_has_its_doi_as_identifier_and_as_address():
    make.ArticleFactory(references=[a_reference()])

    [citation] = jsonld.of(the("article"))["mainEntity"]["citation"]

    assert citation["@type"] == "ScholarlyArticle"
    doi = {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.5555/s(1)"}
    assert doi in citation["identifier"]
    assert citation["@id"] == "https://doi.org/10.5555/s(1)"
    assert "https://doi.org/10.5555/s(1)" in citation["sameAs"]
    assert "https://pubmed.ncbi.nlm.nih.gov/31234567/" in citation["sameAs"]


def test_a_citation_is_the_same_as_its_own_document():
    make.ArticleFactory(references=[a_reference()])

    [citation] = jsonld.of(the("article"))["mainEntity"]["citation"]

    own = jsonld.of(the("reference"))
    assert citation == {name: own[name] for name in own if name != "@context"}


def test_a_journal_article_lies_in_an_issue_of_a_volume_of_a_journal():
    a_reference()

    work = jsonld.of(the("reference"))

    issue = work["isPartOf"]
    volume = issue["isPartOf"]
    assert issue["issueNumber"] == "3"
    assert volume["volumeNumber"] == "20"
    assert volume["isPartOf"]["name"] == "Journal of Examples"
    assert work["pagination"] == "463-470"
    assert work["datePublished"] == "2019-05"
    assert [one["familyName"] for one in work["author"]] == ["Sadler", "Bird"]


@pytest.mark.parametrize(
    ("kind", "type"),
    [
        ("book", "Book"),
        ("chapter", "Chapter"),
        ("report", "Report"),
        ("webpage", "WebPage"),
        ("dataset", "Dataset"),
        ("thesis", "Thesis"),
    ],
)
def test_each_kind_of_source_has_its_type(kind, type):
    make.ReferenceFactory(kind=kind, doi=None, url="https://source.test/1")

    work = jsonld.of(the("reference"))

    assert work["@type"] == type
    assert work["@id"] == work["url"] == "https://source.test/1"
    assert work["isPartOf"]["name"] == "Journal of Examples"


# --- Places and honours -----------------------------------------------------------


def test_a_clinic_says_when_it_is_open():
    a_location(a_picture())

    clinic = jsonld.of(the("location"))

    assert clinic["@type"] == "MedicalClinic"
    mornings, afternoon = clinic["openingHoursSpecification"]
    assert mornings["dayOfWeek"] == [
        "https://schema.org/Monday",
        "https://schema.org/Tuesday",
    ]
    assert (mornings["opens"], mornings["closes"]) == ("08:00", "12:00")
    assert afternoon["dayOfWeek"] == ["https://schema.org/Monday"]


def test_a_day_on_which_a_clinic_is_closed_has_no_hour_at_which_it_opens():
    a_location(a_picture())

    closed, short = jsonld.of(the("location"))["specialOpeningHoursSpecification"]

    assert closed == {
        "@type": "OpeningHoursSpecification",
        "description": "Christmas",
        "validFrom": "2026-12-24",
        "validThrough": "2026-12-26",
    }
    assert (short["opens"], short["closes"]) == ("08:00", "12:00")


def test_a_clinic_says_where_it_is_and_what_one_can_have_done_there():
    a_location(a_picture())

    clinic = jsonld.of(the("location"))

    assert clinic["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "12 Shore Road, Suite 4",
        "addressLocality": "Brick",
        "addressRegion": "NJ",
        "postalCode": "08723",
        "addressCountry": "US",
    }
    assert (clinic["geo"]["latitude"], clinic["geo"]["longitude"]) == (
        40.0583,
        -74.1371,
    )
    assert [one["name"] for one in clinic["availableService"]] == ["Physical therapy"]
    target = clinic["potentialAction"]["target"]
    assert target["urlTemplate"] == "https://book.test/brick/"
    assert clinic["description"] == "By the shore."


def test_a_fax_is_no_telephone():
    make.LocationFactory()
    numbers = [
        {"kind": kind, "e164": f"+1732555010{place}", "display": ""}
        for place, kind in enumerate(["fax", "text", "appointments", "main"])
    ]

    clinic = jsonld.of(the("location") | {"phones": numbers})

    assert clinic["faxNumber"] == "+17325550100"
    assert clinic["telephone"] == "+17325550103"
    assert [one["contactType"] for one in clinic["contactPoint"]] == [
        "text",
        "appointments",
    ]


@pytest.mark.parametrize(
    ("recipient", "type"),
    [
        (lambda: {}, "MedicalOrganization"),
        (lambda: {"author": make.AuthorFactory()}, "Person"),
        (lambda: {"location": make.LocationFactory()}, "MedicalClinic"),
    ],
)
def test_an_award_is_a_text_on_who_was_given_it(recipient, type):
    make.AwardFactory(
        name="Top Doctor", giver="A Magazine", result="winner", **recipient()
    )

    record = jsonld.of(the("award"))

    assert record["name"] == "Top Doctor"
    assert record["about"]["@type"] == type
    assert record["about"]["award"] == "Top Doctor, A Magazine, 2017 (winner)"


def test_an_awards_year_is_not_told_twice():
    make.AwardFactory(name="Best of 2017", year=2017)

    assert jsonld.of(the("award"))["about"]["award"] == "Best of 2017"


# --- All --------------------------------------------------------------------------


@pytest.mark.parametrize("content", [a_whole_network, a_lean_network])
def test_nothing_empty_is_written(content):
    content()

    for document in served():
        for value in values(jsonld.of(document)):
            assert value not in (None, "", [], {}), document["type"]
            if isinstance(value, dict):
                assert len(value) > 1, value


def test_a_document_from_before_a_member_existed_has_its_json_ld():
    for document in the_least():
        written = jsonld.of(document)

        assert document["id"] in json.dumps(written)


def test_what_is_written_is_made_of_the_document_alone(django_assert_num_queries):
    a_whole_network()
    documents = served()
    before = json.dumps(documents)

    with django_assert_num_queries(0):
        for document in documents:
            jsonld.of(document)

    assert json.dumps(documents) == before


# --- A judge that is not ours -----------------------------------------------------


@pytest.mark.slow
def test_each_type_is_valid_schema_org_by_googles_types():
    a_whole_network()
    a_lean_network()
    kinds = {
        kind: {"csl": {**the_csl(), "type": kind}}
        for kind in ("book", "chapter", "report", "webpage", "dataset", "thesis")
    }
    references = [served("reference")[0] | members for members in kinds.values()]
    article = served("article")[0] | {
        "corrections": [{"date": "2026-02-03", "note": "The dose was wrong."}],
        "translations": [
            {"locale": "es", "slug": "a", "url": "http://localhost:8000/api/v1/a/"}
        ],
    }

    documents = [*served(), *the_least(), *references, article]

    assert {one["type"] for one in documents} == set(jsonld.TYPES)
    assert complaints(jsonld.of(document) for document in documents) == []


def the_csl() -> dict[str, Any]:
    csl: dict[str, Any] = served("reference")[0]["csl"]
    return {**csl, "publisher": "A Press", "author": [{"literal": "A Society"}]}


@pytest.mark.slow
def test_the_judge_sees_the_mistakes_that_are_made_most():
    a_whole_network()
    reviewed, credited, sized, closed = (
        jsonld.of(the(type)) for type in ("article", "author", "article", "location")
    )
    reviewed["mainEntity"]["lastReviewed"] = "2026-01-15"
    credited["usNPI"] = "1234567893"
    sized["primaryImageOfPage"]["width"] = 1000
    closed["openingHoursSpecification"][0]["dayOfWeek"] = ["Mon"]

    found = complaints([reviewed, credited, sized, closed])

    errors = [line for line in found if line.startswith("documents.ts")]
    assert len(errors) == 4
    for word, error in zip(
        ["lastReviewed", "usNPI", "primaryImageOfPage", "Mon"], errors, strict=True
    ):
        assert word in error
