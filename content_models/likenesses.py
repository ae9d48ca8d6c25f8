"""The authors and references that are here already and may be what somebody brings.

Offered with the reason, most like first; nothing is ever merged for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from wagtail.models import Locale

from content_models import namesakes
from content_models.citations import matching
from content_models.citations.matching import Likeness
from content_models.models import Author, Reference
from content_models.namesakes import Name
from content_models.people import Person

# So many are looked at, by what they have in common with what is brought; and shown.
_MOST_COMPARED = 300
MOST_OFFERED = 8


class Like(NamedTuple):
    thing: Any
    likeness: Likeness


def references_like(csl: Mapping[str, Any]) -> list[Like]:
    """References that may be the same work as this CSL-JSON item."""
    found = (
        Like(each, likeness)
        for each in _candidates(csl).prefetch_related("authors")[:_MOST_COMPARED]
        if (likeness := matching.likeness(csl, each.csl))
    )
    return _most_like_first(found)


def _candidates(csl: Mapping[str, Any]) -> QuerySet[Reference]:
    """Those with an identifier in common, or a time with an author or a word."""
    known = Q(pk=None)
    if csl.get("DOI"):
        known |= Q(doi=str(csl["DOI"]).lower())
    if csl.get("PMID"):
        known |= Q(pmid=csl["PMID"])
    title = str(csl.get("title") or "")
    # A slip of the hand spoils one word, not the three longest.
    words = sorted(title.split(), key=len, reverse=True)[:3]
    alike = Q(title__iexact=title) if title else Q(pk=None)
    for word in words:
        alike |= Q(title__icontains=word.strip(".,:;()"))
    author = matching.first_author(csl)
    if author:
        alike |= Q(authors__family__istartswith=author[:3])
    year = matching.year_of(csl)
    if year:
        alike &= Q(year=None) | Q(year__range=(year - 1, year + 1))
    return Reference.objects.filter(known | alike).distinct().order_by("-pk")


def authors_like(person: Person, locale: Locale) -> list[Like]:
    """Authors in that language who may be the person of a byline."""
    family = person.family
    here = Author.objects.filter(locale=locale).prefetch_related("credentials__type")
    beginnings = Q(family_name__istartswith=family[:2])
    for part in family.replace("-", " ").split():
        beginnings |= Q(family_name__icontains=part)
    sought = Name(
        person.given,
        family,
        person.suffix,
        [each.text for each in person.credentials],
    )
    found = (
        Like(each, likeness)
        for each in here.filter(beginnings).order_by("pk")[:_MOST_COMPARED]
        if (likeness := namesakes.likeness(sought, _name(each)))
    )
    return _most_like_first(found)


def _name(author: Author) -> Name:
    held = [each.type.abbreviation for each in author.credentials.all()]
    return Name(author.given_name, author.family_name, author.suffix, held)


def _most_like_first(found: Iterable[Like]) -> list[Like]:
    ordered = sorted(found, key=lambda like: -like.likeness.score)
    return ordered[:MOST_OFFERED]
