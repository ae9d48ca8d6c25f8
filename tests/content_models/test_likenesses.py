from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale

from content_models import likenesses, namesakes
from content_models.citations import matching
from content_models.models import Reference, ReferenceAuthor
from content_models.namesakes import Name
from content_models.people import Person
from tests.factories import AuthorFactory

TITLE = "Gluteus medius muscle function in people with and without low back pain"


def csl(**changes: Any) -> dict[str, Any]:
    item = {
        "title": TITLE,
        "author": [{"family": "Sadler", "given": "S."}],
        "issued": {"date-parts": [[2019]]},
        "DOI": "10.1186/s12891-019-2833-4",
    } | changes
    return {name: value for name, value in item.items() if value}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "Something else", "DOI": "10.1186/S12891-019-2833-4"}, "same DOI"),
        ({"DOI": None}, "same title, same year, same first author"),
        ({"DOI": None, "title": TITLE.replace("medius", "meduis")},
         "nearly the same title, same year, same first author"),
        ({"DOI": None, "title": f"{TITLE}: a systematic review"},
         "one title begins with the other, same year, same first author"),
        ({"DOI": None, "issued": {"date-parts": [[2020]]}},
         "same title, a year apart, same first author"),
        ({"DOI": None, "author": [{"family": "Sadlër"}]},
         "same title, same year, same first author"),
        ({"DOI": "10.1/another"},
         "same title, same year, same first author, but another identifier"),
    ],
)  # fmt: skip
def test_references_are_alike_for_a_reason(changes, reason):
    likeness = matching.likeness(csl(), csl(**changes))

    assert likeness is not None
    assert likeness.reason == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Gluteus maximus strength in runners"},
        {"issued": {"date-parts": [[2012]]}},
        {"author": [{"family": "Delitto"}]},
        {"title": None},
    ],
)
def test_other_works_are_not_alike(changes):
    assert matching.likeness(csl(), csl(DOI=None, **changes)) is None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (Name("Jane", "Doe"), Name("jane", "DOE"), "same name"),
        (Name("J. P.", "Doe"), Name("John Paul", "Doe"),
         "same family name, the initials fit"),
        (Name("JP", "Doe"), Name("J.", "Doe"),
         "same family name, one with fewer given names"),
        (Name("Jane", "O’Neill"), Name("Jane", "ONeill"), "same name"),
        (Name("José", "Núñez"), Name("Jose", "Nunez"), "same name"),
        (Name("Jane", "Doe-Roe"), Name("Jane", "Roe"),
         "a part of the family name in common, same given names"),
        (Name("Jane", "Scarlino"), Name("Jane", "Scarlimo"),
         "nearly the same family name, same given names"),
        (Name("J.", "Doe", "", ["PT", "DPT"]), Name("Jane", "Doe", "", ["DPT", "PT"]),
         "same family name, the initials fit, both PT, DPT"),
    ],
)  # fmt: skip
def test_people_are_alike_for_a_reason(one, other, reason):
    likeness = namesakes.likeness(one, other)

    assert likeness is not None
    assert likeness.reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Name("Jane", "Doe"), Name("John", "Doe")),
        (Name("Jane", "Doe"), Name("Jane", "Roe")),
        (Name("John", "Doe", "Jr."), Name("John", "Doe", "Sr.")),
        (Name("J. A.", "Doe"), Name("John Paul", "Doe")),
        (Name("Jane", ""), Name("Jane", "")),
    ],
)
def test_other_people_are_not_alike(one, other):
    assert namesakes.likeness(one, other) is None


@pytest.mark.django_db
def test_references_that_are_here_are_offered_most_like_first():
    for title, year in ((TITLE.replace("people", "poeple"), 2019), (TITLE, 2019)):
        made = Reference(title=title, year=year)
        made.authors.add(ReferenceAuthor(family="Sadler"))
        made.full_clean(exclude=["slug"])
        made.save()
    Reference(title="Another work", year=2019, slug="another").save()

    offered = likenesses.references_like(csl(DOI=None))

    assert [like.likeness.reason for like in offered] == [
        "same title, same year, same first author",
        "nearly the same title, same year, same first author",
    ]


@pytest.mark.django_db
def test_authors_that_are_here_are_offered_with_the_reason():
    locale = Locale.get_default()
    for given, family in (("Lisa", "Scarlino"), ("L.", "Scarlino"), ("Max", "Roe")):
        AuthorFactory(given_name=given, family_name=family)

    offered = likenesses.authors_like(Person("Lisa", "Scarlino"), locale)

    assert [(like.thing.name, like.likeness.reason) for like in offered] == [
        ("Lisa Scarlino", "same name"),
        ("L. Scarlino", "same family name, the initials fit"),
    ]
