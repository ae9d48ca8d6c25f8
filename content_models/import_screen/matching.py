"""What is there already that a thing on the page may be, and why one would think so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from wagtail.models import Locale

from content_models import likenesses
from content_models.importers import recognising
from content_models.importers.signs import Award as FoundAward
from content_models.importers.signs import Place
from content_models.models import Author, Category, Location, Reference, Tag
from content_models.people import Person

# A longer list is no help; the rest is found in the editor.
_MOST_OTHERS = 400


class Match(NamedTuple):
    thing: Model
    why: str
    # Whether it is taken for the same, unless somebody says otherwise.
    is_same: bool


class Candidates(NamedTuple):
    """The likely ones, most likely first, and the others that one may choose from."""

    likely: list[Match]
    others: list[Model]

    @property
    def same(self) -> list[Match]:
        return [match for match in self.likely if match.is_same]


def _candidates(
    likely: Iterable[Match], everything: QuerySet[Any] | None = None
) -> Candidates:
    """Each thing once, for the first reason that is given."""
    found: dict[Any, Match] = {}
    for match in likely:
        found.setdefault(match.thing.pk, match)
    others: list[Model] = []
    if everything is not None:
        others = list(everything.exclude(pk__in=found)[:_MOST_OTHERS])
    return Candidates(list(found.values()), others)


def of_person(person: Person, locale: Locale) -> Candidates:
    here = Author.objects.filter(locale=locale).prefetch_related("credentials__type")
    same = here.filter(pk__in=recognising.same_authors(person, locale).values("pk"))
    related = likenesses.authors_like(person, locale) if person.family else []
    return _candidates(
        [
            *(Match(each, "same name", True) for each in same),
            *(Match(each, likeness.reason, False) for each, likeness in related),
        ],
        here,
    )


def of_citation(csl: dict[str, Any]) -> Candidates:
    likely = []
    same = recognising.same_reference(csl) if csl.get("title") else None
    if same:
        likely.append(Match(same, _why_same(same, csl), True))
    likely += [
        Match(each, likeness.reason, False)
        for each, likeness in likenesses.references_like(csl)
    ]
    return _candidates(likely)


def _why_same(reference: Reference, csl: dict[str, Any]) -> str:
    if reference.doi and reference.doi == str(csl.get("DOI", "")).lower():
        return "same DOI"
    if reference.pmid and reference.pmid == csl.get("PMID"):
        return "same PubMed id"
    return "same title"


def of_category(name: str, locale: Locale) -> Candidates:
    same = recognising.same_category(name, locale)
    here = Category.objects.filter(locale=locale)
    return _candidates([Match(same, "same name", True)] if same else [], here)


def of_tag(name: str) -> Candidates:
    same = recognising.same_tag(name)
    likely = [Match(same, "same name", True)] if same else []
    return _candidates(likely, Tag.objects.all())


def of_place(place: Place, locale: Locale) -> Candidates:
    here = Location.objects.filter(locale=locale)
    same = recognising.same_location(place, locale)
    named = here.filter(name__iexact=place.name)
    return _candidates(
        [
            *([Match(same, "same name", True)] if same else []),
            *(Match(each, "same name", True) for each in named),
        ],
        here,
    )


def of_award(award: FoundAward, locale: Locale) -> Candidates:
    same = recognising.same_award(award, locale)
    return _candidates([Match(same, "same name and year", True)] if same else [])
