"""What is there already of what a page holds, by what identifies it."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.models import Locale

from content_models.citations import identifiers
from content_models.importers import making
from content_models.importers.signs import Award as FoundAward
from content_models.importers.signs import Place
from content_models.models import (
    Article,
    Author,
    Award,
    Category,
    Location,
    Reference,
    Tag,
)
from content_models.people import Person


def same_authors(person: Person, locale: Locale) -> models.QuerySet[Author]:
    return Author.objects.filter(
        locale=locale,
        given_name__iexact=person.given,
        family_name__iexact=person.family,
    )


def same_category(name: str, locale: Locale) -> Category | None:
    here = Category.objects.filter(locale=locale)
    return here.filter(_named(name)).first()


def same_tag(name: str) -> Tag | None:
    return Tag.objects.filter(_named(name)).first()


def _named(name: str) -> models.Q:
    return models.Q(name__iexact=name) | models.Q(slug=making.slug_of(name))


def same_location(place: Place, locale: Locale) -> Location | None:
    return Location.objects.filter(locale=locale, slug=place.slug).first()


def same_award(award: FoundAward, locale: Locale) -> Award | None:
    return Award.objects.filter(
        locale=locale, name__iexact=award.name, year=award.year
    ).first()


def same_article(slug: str, title: str, locale: Locale) -> Article | None:
    here = Article.objects.filter(locale=locale)
    by_slug = here.filter(slug=slug).first()
    titled = models.Q(title__iexact=title) | models.Q(draft_title__iexact=title)
    return by_slug or here.filter(titled).first()


def same_reference(csl: dict[str, Any]) -> Reference | None:
    """The reference with the same DOI or PubMed id, or with neither the same title."""
    if "DOI" in csl:
        doi = identifiers.normalise_doi(csl["DOI"])
        by_doi = Reference.objects.filter(doi=doi).first()
        if by_doi:
            return by_doi
    if "PMID" in csl:
        by_pmid = Reference.objects.filter(pmid=csl["PMID"]).first()
        if by_pmid:
            return by_pmid
    titled = Reference.objects.filter(title__iexact=csl["title"])
    if "DOI" in csl:
        titled = titled.filter(doi=None)
    if "issued" in csl:
        titled = titled.filter(year=csl["issued"]["date-parts"][0][0])
    return titled.first()
