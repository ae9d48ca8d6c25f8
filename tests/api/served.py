"""What `public` serves, and content of every kind with and without its members."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

from django.core.files.base import ContentFile

from api.documents.models import Placement
from content_models import models as content
from content_models.publication import publication
from tests import factories as make


def served(type: str | None = None) -> list[dict[str, Any]]:
    """The full documents on `public`, of `type` if given, as a detail has them."""
    placements = Placement.objects.filter(channel__slug="public", is_visible=True)
    if type:
        placements = placements.filter(type=type)
    return [
        json.loads(placement.document.full_json) | json.loads(placement.suffix)
        for placement in placements.select_related("document").order_by("sequence")
    ]


def the(type: str) -> dict[str, Any]:
    """The one document of `type`."""
    [document] = served(type)
    return document


def a_picture() -> content.Image:
    with publication():
        file = ContentFile(make.picture(1000, 500), "picture.png")
        image = make.ImageFactory(file=file, credit="A. Photographer")
        image.make_renditions()
    return image


def credentials() -> list[content.Credential]:
    """A licence with a number, a degree, a certification and an honour."""
    kinds = content.CredentialType.Kind
    held = []
    for abbreviation, kind, fields in (
        (
            "PT",
            kinds.LICENCE,
            {
                "jurisdiction": "US-NJ",
                "number": "40QA01234567",
                "issued_on": date(2011, 5, 4),
                "expires_on": date(2199, 3, 2),
                "is_verified": True,
            },
        ),
        ("DPT", kinds.DEGREE, {}),
        ("ATC", kinds.CERTIFICATION, {}),
        ("FAAOMPT", kinds.HONOUR, {}),
    ):
        type = make.CredentialTypeFactory(abbreviation=abbreviation, kind=kind)
        held.append(make.credential(type, **fields))
    return held


def a_location(image: content.Image) -> content.Location:
    return make.LocationFactory(
        name="Brick",
        slug="brick",
        intro="<p>By the <b>shore</b>.</p>",
        address_line_2="Suite 4",
        latitude="40.0583",
        longitude="-74.1371",
        booking_url="https://book.test/brick/",
        phones=["+17325550100"],
        hours=[
            (1, time(8), time(12)),
            (1, time(13), time(18)),
            (2, time(8), time(12)),
        ],
        hours_exceptions=[
            content.HoursException(
                starts_on=date(2026, 12, 24),
                ends_on=date(2026, 12, 26),
                reason="Christmas",
            ),
            content.HoursException(
                starts_on=date(2026, 12, 31),
                ends_on=date(2026, 12, 31),
                opens=time(8),
                closes=time(12),
            ),
        ],
        services=["Physical therapy"],
        photos=[image],
    )


def a_reference() -> content.Reference:
    return make.ReferenceFactory(
        title="Gait retraining: a trial",
        authors=["Sadler", "Bird"],
        container_title="Journal of Examples",
        volume="20",
        issue="3",
        page="463-470",
        year=2019,
        month=5,
        doi="10.5555/s(1)",
        pmid="31234567",
    )


def an_author(image: content.Image, *places: content.Location) -> content.Author:
    return make.AuthorFactory(
        prefix="Dr.",
        given_name="Lisa",
        family_name="Scarlino",
        slug="lisa-scarlino",
        job_title="Clinic director",
        bio="<p>Runs.</p><p>Treats runners.</p>",
        byline_order="own",
        credentials=credentials(),
        photo=image,
        locations=places,
    )


def a_whole_network() -> None:
    """One document of every type with every member that has a value in any."""
    image = a_picture()
    make.PracticeFactory(
        name="Shore Clinics",
        legal_name="Shore Clinics LLC",
        logo=image,
        phone="+17325550199",
        license_name="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
    )
    location = a_location(image)
    author = an_author(image, location)
    make.AwardFactory(
        name="Top Doctor", giver="A Magazine", result="winner", author=author
    )
    make.AffiliationFactory(
        name="Association", logo=image, website="https://association.test/"
    )
    make.ArticleFactory(
        title="Running: when it hurts",
        slug="running",
        authors=[author],
        reviewers=[author],
        references=[a_reference()],
        categories=[make.CategoryFactory(name="Knees", description="All of them")],
        locations=[location],
        tags=[make.TagFactory(name="running")],
        image=image,
        last_reviewed_on=date(2026, 1, 15),
        body=a_body(image),
    )


def a_body(image: content.Image) -> list[tuple[str, Any]]:
    """A block of every type."""
    picture = {"image": image, "caption": "A stretch", "credit": ""}
    table = {
        "data": [["Week", "Minutes"], ["1", "10|20"]],
        "first_row_is_table_header": True,
    }
    exercise = {
        "title": "Calf raise",
        "intro": "Stand.",
        "image": image,
        "steps": ["Rise.", "Sink."],
        "dosage": "3 x 10",
    }
    answer = {"question": "Does it last?", "answer": "<p>Six <b>weeks</b>.</p>"}
    video = {
        "url": "https://video.test/1",
        "title": "How to stretch",
        "transcript": "Stretch.",
    }
    return [
        ("heading", {"text": "How long?", "level": "2"}),
        ("text", "<p>Six weeks [1], or 10<sup>3</sup> hours.</p>"),
        ("image", picture),
        ("quote", {"text": "Keep moving.", "attribution": "A therapist"}),
        ("callout", {"kind": "tip", "title": "Do", "text": "<p>Rest.</p>"}),
        ("video", video),
        ("table", table),
        ("exercise", exercise),
        ("faq", {"items": [answer]}),
    ]


def a_lean_network() -> None:
    """One document of every type, with nothing in it that may be left out."""
    location = make.LocationFactory(
        street_address="", city="", region="", postal_code=""
    )
    make.AuthorFactory(given_name="")
    make.AwardFactory(year=None, location=location)
    make.AffiliationFactory()
    make.CategoryFactory()
    make.TagFactory()
    make.ReferenceFactory(container_title="", year=None, doi=None)
    make.ArticleFactory(summary="", body=[("text", "<p>Move.</p>")])
    make.PracticeFactory()


def the_least() -> list[dict[str, Any]]:
    """Documents that lack every member that could have been added since."""
    types = (
        "article",
        "author",
        "reference",
        "location",
        "award",
        "affiliation",
        "category",
        "tag",
        "practice",
    )
    uuid = "4e7d5030-81f0-456e-b304-ebb81e6143f5"
    return [{"type": type, "id": uuid, "slug": "a", "locale": "en"} for type in types]
