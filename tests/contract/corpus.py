"""A small clinic network in which every relation is used, the same at each making.

Every id, slug and file is given; with a clock that stands still it is published to the
same bytes each time.
"""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from api.documents import publishing
from tests import factories as make


def publish() -> None:
    """One or two documents of each type, and one that is withdrawn.

    `MEDIA_ROOT` has to be an empty folder: a name that is taken gets letters by chance.
    """
    image = _picture()
    make.PracticeFactory(
        uuid=UUID(int=11),
        name="Shore Clinics",
        logo=image,
        license_name="CC BY 4.0",
        license_url="",
    )
    location = make.LocationFactory(
        **_key(1, slug="brick", name="Brick"),
        phones=["+17325550100"],
        hours=[(1, time(8), time(18)), (5, time(8, 30), time(12))],
        services=["Physical therapy"],
        photos=[image],
    )
    author = make.AuthorFactory(
        **_key(2, slug="lisa-scarlino"),
        given_name="Lisa",
        family_name="Scarlino",
        credentials=["PT", "DPT"],
        photo=image,
        locations=[location],
    )
    make.AwardFactory(
        **_key(3, slug="best-of-the-shore", name="Best of the shore"),
        author=author,
        badge=image,
    )
    make.AffiliationFactory(
        **_key(4, slug="association", name="The association"),
        logo=image,
        website="https://association.test/",
    )
    category = make.CategoryFactory(**_key(5, slug="hip", name="Hip"))
    tag = make.TagFactory(uuid=UUID(int=6), slug="running", name="running")
    reference = make.ReferenceFactory(
        uuid=UUID(int=7),
        slug="a-trial-of-exercise",
        title="A trial of exercise",
        doi="10.5555/example.1",
        authors=["Sadler"],
    )
    make.ArticleFactory(
        **_key(8, slug="hip-pain", title="Hip pain"),
        authors=[author],
        reviewers=[author],
        references=[reference],
        categories=[category],
        locations=[location],
        tags=[tag],
        image=image,
        body=_body(),
        last_reviewed_on=date(2026, 1, 15),
    )
    make.ArticleFactory(
        **_key(9, slug="back-pain", title="Back pain – a guide"), authors=[author]
    )
    wrong = make.ArticleFactory(
        **_key(10, slug="withdrawn", title="Wrong"), authors=[author]
    )
    with publishing.publishing():
        wrong.unpublish()


def _key(number: int, **fields: Any) -> dict[str, Any]:
    return {"translation_key": UUID(int=number), **fields}


def _picture() -> Any:
    with publishing.publishing():
        file = ContentFile(make.picture(600, 300), "picture.png")
        image = make.ImageFactory(title="A stretch", file=file)
        image.make_renditions()
    return image


def _body() -> str:
    blocks: list[tuple[str, Any]] = [
        ("heading", {"text": "How long does it take?", "level": "2"}),
        ("text", "<p>Six weeks [1].</p>"),
        ("quote", {"text": "Keep moving.", "attribution": "A therapist"}),
    ]
    return json.dumps(
        [
            {"type": type, "value": value, "id": str(UUID(int=100 + number))}
            for number, (type, value) in enumerate(blocks)
        ]
    )
