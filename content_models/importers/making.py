"""New content from what was read on a page, saved as drafts.

Nothing is cut to fit: what is too long for its field stays out, whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anyascii import anyascii
from django.db import models
from django.utils.text import slugify
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import Locale

from content_models.citations.parsing import Citation
from content_models.credential_vocabulary import KnownCredential
from content_models.importers.findings import ClinicPage
from content_models.importers.signs import Award as FoundAward
from content_models.importers.signs import Place
from content_models.models import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleLocation,
    ArticleReference,
    ArticleReviewer,
    Author,
    Award,
    Category,
    Credential,
    CredentialType,
    Location,
    Reference,
    ReferenceAuthor,
    Section,
    Tag,
)
from content_models.people import Person

_SLUG_LENGTH = 100
_CSL_TO_FIELD = {
    "title": "title",
    "container-title": "container_title",
    "container-title-short": "container_title_short",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "URL": "url",
}


@dataclass
class Relations:
    """What an article refers to, each in the order of the page."""

    authors: list[Author] = field(default_factory=list)
    reviews: list[tuple[Author, date]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)


def article(
    page: ClinicPage,
    slug: str,
    locale: Locale,
    relations: Relations,
    section: Section | None = None,
) -> Article:
    """A draft in `section`, else in the first one there is."""
    reviewed = [day for _, day in relations.reviews]
    made: Article = _new(
        Article,
        title=page.title,
        slug=slug,
        locale=locale,
        live=False,
        owner=_whoever_acts(),
        summary=page.summary,
        body=json.dumps(page.body),
        last_reviewed_on=max(reviewed, default=None),
        authorships=_rows(ArticleAuthor, "author", relations.authors),
        reviews=[
            ArticleReviewer(reviewer=reviewer, reviewed_on=day, sort_order=position)
            for position, (reviewer, day) in enumerate(relations.reviews)
        ],
        citations=_rows(ArticleReference, "reference", relations.references),
        filings=_rows(ArticleCategory, "category", relations.categories),
        places=_rows(ArticleLocation, "location", relations.locations),
    )
    made.tags.add(*relations.tags)
    (section or _section()).add_child(instance=made)
    made.save_revision(user=_whoever_acts(), log_action="wagtail.create")
    return made


def _whoever_acts() -> Any:
    """Who is at work in the admin; nobody at the command line."""
    return get_active_log_context().user


def _new(kind: type[Any], **fields: Any) -> Any:
    """An unsaved `kind`; a cluster's rows are given as if they were fields of it."""
    return kind(**fields)


def _rows(row: type[Any], name: str, things: Sequence[models.Model]) -> list[Any]:
    return [
        row(**{name: thing}, sort_order=position)
        for position, thing in enumerate(things)
    ]


def _section() -> Section:
    """Where imported articles go: the first section there is."""
    section = Section.objects.order_by("path").first()
    if section is None:
        raise Section.DoesNotExist(
            "There is no section to put the article into. Make one in the admin."
        )
    return section


def author(person: Person, locale: Locale) -> Author:
    """An author with the credentials that are known, in the order of the page."""
    types = dict.fromkeys(
        _credential_type(each.text, each.known)
        for each in person.credentials
        if each.known
    )
    return draft(
        _new(
            Author,
            locale=locale,
            slug=_free_slug(person.name, Author.objects.filter(locale=locale)),
            prefix=person.prefix,
            given_name=person.given,
            family_name=person.family,
            suffix=person.suffix,
            job_title=person.job_title if len(person.job_title) <= 120 else "",
            # The page shows the order that the author chose.
            byline_order=Author.BylineOrder.OWN,
            credentials=[
                Credential(type=held, sort_order=position)
                for position, held in enumerate(types)
            ],
        )
    )


def reference(citation: Citation) -> Reference:
    csl = citation.csl
    made: Any = Reference(raw_text=citation.raw)
    if csl.get("type") in Reference.Kind.values:
        made.kind = csl["type"]
    elif "container-title" not in csl:
        made.kind = Reference.Kind.REPORT
    for name, column in _CSL_TO_FIELD.items():
        text = csl.get(name, "")
        longest = getattr(Reference._meta.get_field(column), "max_length", None)
        # What does not fit stays out, whole: a cut title of a journal is a wrong one.
        if longest is None or len(text) <= longest:
            setattr(made, column, text)
    made.doi, made.pmid = csl.get("DOI"), csl.get("PMID")
    issued = csl["issued"]["date-parts"][0] if "issued" in csl else []
    for column, part in zip(("year", "month", "day"), issued, strict=False):
        setattr(made, column, part)
    accessed = csl.get("accessed", {}).get("date-parts", [[]])[0]
    with suppress(TypeError, ValueError):
        # A month is no day, and some days are in no calendar.
        made.accessed_on = date(*accessed)
    made.authors_incomplete = citation.authors_incomplete
    made.authors = [
        ReferenceAuthor(**_author_fields(name), sort_order=position)
        for position, name in enumerate(csl.get("author", []))
    ]
    first = csl.get("author", [{}])[0]
    by = first.get("family") or first.get("literal", "")
    made.slug = _free_slug(
        f"{by} {made.year or ''} {made.title}", Reference.objects.all()
    )
    return draft(made)


def _author_fields(name: dict[str, str]) -> dict[str, str]:
    if "literal" in name:
        return {"literal": name["literal"][:250]}
    given = " ".join(filter(None, (name.get("given"), name.get("suffix"))))
    return {"family": name["family"][:120], "given": given[:120]}


def _credential_type(text: str, known: KnownCredential) -> CredentialType:
    """The type that `text` spells; made from the vocabulary where it is missing."""
    here = CredentialType.objects.filter(abbreviation__iexact=text)
    return here.first() or CredentialType.objects.create(
        abbreviation=text,
        name=known.name,
        kind=known.stored_kind,
        rank=known.rank,
        issuer=known.issuer,
    )


def category(name: str, locale: Locale) -> Category:
    return draft(Category(locale=locale, name=name, slug=slug_of(name)))


def tag(name: str) -> Tag:
    """A tag; it has no draft, and is shown only where a published article has it."""
    made = Tag(name=name, slug=slug_of(name))
    made.full_clean()
    made.save()
    return made


def location(place: Place, locale: Locale) -> Location:
    """A clinic of which only the name is known."""
    return draft(Location(locale=locale, slug=place.slug, name=place.name))


def award(found: FoundAward, locale: Locale) -> Award:
    name = f"{found.name} {found.year or ''}"
    return draft(
        Award(
            locale=locale,
            slug=_free_slug(name, Award.objects.filter(locale=locale)),
            name=found.name,
            giver=found.giver,
            year=found.year,
            result=found.result,
        )
    )


def draft(thing: Any) -> Any:
    """Save a new snippet as a draft with its first revision.

    Raises ValidationError.
    """
    thing.live = False
    thing.full_clean()
    thing.save()
    revision = thing.save_revision(user=_whoever_acts())
    log(thing, "wagtail.create", revision=revision, content_changed=True)
    return thing


def slug_of(name: str) -> str:
    slug = slugify(anyascii(name))
    if len(slug) > _SLUG_LENGTH:
        slug = slug[:_SLUG_LENGTH].rpartition("-")[0]
    return slug or "untitled"


def _free_slug(name: str, others: models.QuerySet[Any]) -> str:
    """The slug of `name`, with a number behind it where another one has it."""
    slug, number = slug_of(name), 1
    while others.filter(slug=slug if number == 1 else f"{slug}-{number}").exists():
        number += 1
    return slug if number == 1 else f"{slug}-{number}"
