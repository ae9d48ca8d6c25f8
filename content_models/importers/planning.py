"""What a clinic's page holds, compared with what there is: the plan of its import.

Things are recognised by what identifies them: articles by slug or title, references by
DOI, PubMed id or title, authors by name, awards by name and year, locations by slug.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from anyascii import anyascii
from django.db import models
from django.utils.text import slugify
from wagtail.models import Locale

from content_models.bylines import Person
from content_models.citations import identifiers
from content_models.citations.parsing import Citation
from content_models.importers.page import ClinicPage
from content_models.importers.plan import Plan, Step, draft, found
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
from content_models.people import PostNominal

_SLUG_LENGTH = 100
_OWN_SLUG = re.compile(r"/([a-z0-9]+(?:-[a-z0-9]+)+)/?(?:\.html?)?$")
_CSL_TO_FIELD = {
    "title": "title",
    "container-title": "container_title",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "URL": "url",
}


def plan_page(page: ClinicPage, *, publish: bool) -> Plan:
    """The plan for `page`; it only reads the database."""
    return _Planner(page, publish).plan()


class _Planner:
    def __init__(self, page: ClinicPage, publish: bool) -> None:
        self._page = page
        self._publish = publish
        self._locale = Locale.get_default()
        self._plan = Plan(page.title, notes=list(page.notes))

    def plan(self) -> Plan:
        page = self._page
        people = [(person, self._author(person)) for person in page.people]
        cited = [self._reference(citation) for citation in page.citations]
        categories = [self._category(name) for name in page.categories]
        tags = [self._tag(name) for name in page.tags]
        places = [self._location(place) for place in page.places]
        for award in page.awards:
            self._award(award)
        self._article(people, _once(cited), _once(categories), tags, places)
        return self._plan

    def _created(
        self, kind: str, name: str, make: Any, confidence: float, *, publish: bool
    ) -> Step:
        step = Step(kind, name, "create", "", confidence, make=make)
        step.is_published = publish
        return step

    # --- People -------------------------------------------------------------------

    def _author(self, person: Person) -> Step:
        name = " ".join(filter(None, (person.name, person.suffix)))
        for step in self._plan.steps:
            if step.kind == "author" and step.name.casefold() == name.casefold():
                return step
        existing = Author.objects.filter(
            locale=self._locale,
            given_name__iexact=person.given,
            family_name__iexact=person.family,
        ).first()
        if existing:
            self._compare_credentials(existing, person)
            return self._plan.add(
                found("author", name, existing, publish=self._publish, confidence=0.9)
            )
        for credential in person.credentials:
            if credential.known is None:
                self._plan.note(
                    "unsure",
                    f"“{credential.text}” after {name}: no credential that I know. It "
                    "was not added; if it is one, add its type and give it to them.",
                )
        return self._plan.add(
            self._created(
                "author",
                name,
                lambda: draft(self._new_author(person)),
                0.95 if person.credentials else 0.8,
                publish=self._publish,
            )
        )

    def _new_author(self, person: Person) -> Author:
        known = [each for each in person.credentials if each.known]
        types = dict.fromkeys(_credential_type(each) for each in known)
        return Author(
            locale=self._locale,
            slug=_free_slug(person.name, Author.objects.filter(locale=self._locale)),
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

    def _compare_credentials(self, author: Author, person: Person) -> None:
        held = {credential.type.abbreviation for credential in author.credentials.all()}
        for each in person.credentials:
            if each.text not in held:
                self._plan.note(
                    "unsure",
                    f"The page gives {author.name} “{each.text}”, the author's page here "
                    "does not. It was left as it is.",
                )

    # --- References ---------------------------------------------------------------

    def _reference(self, citation: Citation) -> Step | None:
        csl = citation.csl
        title = csl.get("title", "")
        if not title:
            self._plan.note(
                "unsure",
                f"“{_excerpt(citation.raw)}”: no title could be read, so no reference "
                "was made of it. Add it by hand.",
            )
            return None
        existing = _same_reference(csl)
        if existing:
            return self._plan.add(
                found("reference", title, existing, publish=self._publish)
            )
        for name, doubt in citation.doubtful.items():
            self._plan.note(
                "unsure", f"“{_excerpt(title)}”: {name} may be “{doubt.value}”; left empty."
            )
        for step in self._plan.steps:
            if step.kind == "reference" and step.name.casefold() == title.casefold():
                return step
        return self._plan.add(
            self._created(
                "reference",
                title,
                lambda: draft(_new_reference(citation)),
                citation.confidence,
                publish=self._publish,
            )
        )

    # --- Subjects, places, awards -------------------------------------------------

    def _category(self, name: str) -> Step:
        here = Category.objects.filter(locale=self._locale)
        existing = here.filter(
            models.Q(name__iexact=name) | models.Q(slug=_slug(name))
        ).first()
        if existing:
            return self._plan.add(
                found("category", name, existing, publish=self._publish)
            )
        return self._plan.add(
            self._created(
                "category",
                name,
                lambda: draft(
                    Category(locale=self._locale, name=name[:120], slug=_slug(name))
                ),
                0.9,
                publish=self._publish,
            )
        )

    def _tag(self, name: str) -> Step:
        existing = Tag.objects.filter(
            models.Q(name__iexact=name) | models.Q(slug=_slug(name))
        ).first()
        if existing:
            why = "it is there already"
            return self._plan.add(Step("tag", name, "keep", why, content=existing))
        # A tag has no draft, and is shown only where a published article has it.
        make = lambda: Tag.objects.create(name=name[:100], slug=_slug(name))  # noqa: E731
        return self._plan.add(Step("tag", name, "create", "", 0.9, make=make))

    def _location(self, place: Place) -> Step:
        existing = Location.objects.filter(locale=self._locale, slug=place.slug).first()
        if existing:
            why = "it is there already"
            return self._plan.add(
                Step("location", place.slug, "keep", why, content=existing)
            )
        self._plan.note(
            "warning",
            f"The location “{place.slug}” is not known here. A draft with its name was "
            "planned: its address is missing, fill it in before publishing.",
        )
        step = self._created(
            "location",
            place.slug,
            lambda: draft(
                Location(
                    locale=self._locale, slug=place.slug[:120], name=place.name[:120]
                )
            ),
            0.8,
            publish=False,
        )
        step.why = "only its name is known, so it stays a draft"
        return self._plan.add(step)

    def _award(self, award: FoundAward) -> None:
        name = " ".join(str(part) for part in award if part)
        existing = Award.objects.filter(
            locale=self._locale, name__iexact=award.name, year=award.year
        ).first()
        if existing:
            self._plan.add(found("award", name, existing, publish=self._publish))
            return
        slug = _free_slug(
            f"{award.name} {award.year or ''}", Award.objects.filter(locale=self._locale)
        )
        self._plan.add(
            self._created(
                "award",
                name,
                lambda: draft(
                    Award(
                        locale=self._locale,
                        slug=slug,
                        name=award.name,
                        giver=award.giver,
                        year=award.year,
                        result=award.result,
                    )
                ),
                0.9 if award.giver else 0.7,
                publish=self._publish,
            )
        )

    # --- The article --------------------------------------------------------------

    def _article(
        self,
        people: list[tuple[Person, Step]],
        cited: list[Step],
        categories: list[Step],
        tags: list[Step],
        places: list[Step],
    ) -> None:
        slug = self._article_slug()
        existing = _same_article(slug, self._page.title, self._locale)
        if existing:
            self._plan.add(
                found("article", existing.title, existing, publish=self._publish)
            )
            return
        reviews = []
        for person, step in people:
            if person.role == "reviewer" and person.dated is None:
                self._plan.note(
                    "warning",
                    f"{person.name} is named as reviewer without a date: the review was "
                    "not recorded. Add it with the day of the review.",
                )
            elif person.role == "reviewer":
                reviews.append((step, person.dated))
        writers = _once(step for person, step in people if person.role == "author")

        def make() -> Article:
            article = Article(
                title=self._page.title,
                slug=slug,
                locale=self._locale,
                live=False,
                summary=self._page.summary,
                body=json.dumps(self._page.body),
                last_reviewed_on=max((day for _, day in reviews if day), default=None),
                authorships=[ArticleAuthor(author=s.content) for s in writers],
                reviews=[
                    ArticleReviewer(reviewer=s.content, reviewed_on=day)
                    for s, day in reviews
                ],
                citations=[ArticleReference(reference=s.content) for s in cited],
                filings=[ArticleCategory(category=s.content) for s in categories],
                places=[ArticleLocation(location=s.content) for s in places],
            )
            for relation in ("authorships", "reviews", "citations", "filings", "places"):
                for position, row in enumerate(getattr(article, relation).all()):
                    row.sort_order = position
            article.tags.add(*[step.content for step in tags])
            _section().add_child(instance=article)
            article.save_revision()
            return article

        self._plan.add(
            self._created("article", self._page.title, make, 1.0, publish=self._publish)
        )

    def _article_slug(self) -> str:
        """The address that the article had, so that links to it can be kept."""
        own = _OWN_SLUG.search(self._page.canonical_url.lower())
        return own[1][:_SLUG_LENGTH] if own else _slug(self._page.title)


def _section() -> Section:
    """Where imported articles go: the first section there is."""
    section = Section.objects.order_by("path").first()
    if section is None:
        raise Section.DoesNotExist(
            "There is no section to put the article into. Make one in the admin."
        )
    return section


def _same_article(slug: str, title: str, locale: Locale) -> Article | None:
    here = Article.objects.filter(locale=locale)
    by_slug = here.filter(slug=slug).first()
    titled = models.Q(title__iexact=title) | models.Q(draft_title__iexact=title)
    return by_slug or here.filter(titled).first()


def _same_reference(csl: dict[str, Any]) -> Reference | None:
    """The reference with the same DOI or PubMed id, or without any but the same title."""
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


def _new_reference(citation: Citation) -> Reference:
    csl = citation.csl
    reference = Reference(raw_text=citation.raw)
    if csl.get("type") in Reference.Kind.values:
        reference.kind = csl["type"]
    elif "container-title" not in csl:
        reference.kind = Reference.Kind.REPORT
    for name, column in _CSL_TO_FIELD.items():
        text = csl.get(name, "")
        longest = Reference._meta.get_field(column).max_length
        # What does not fit stays out, whole: a cut title of a journal is a wrong one.
        if longest is None or len(text) <= longest:
            setattr(reference, column, text)
    reference.doi, reference.pmid = csl.get("DOI"), csl.get("PMID")
    if "issued" in csl:
        reference.year = csl["issued"]["date-parts"][0][0]
    reference.authors_incomplete = citation.authors_incomplete
    reference.authors = [
        ReferenceAuthor(**_author_fields(name), sort_order=position)
        for position, name in enumerate(csl.get("author", []))
    ]
    first = csl.get("author", [{}])[0]
    by = first.get("family") or first.get("literal", "")
    reference.slug = _free_slug(
        f"{by} {reference.year or ''} {reference.title}", Reference.objects.all()
    )
    return reference


def _author_fields(name: dict[str, str]) -> dict[str, str]:
    if "literal" in name:
        return {"literal": name["literal"][:250]}
    given = " ".join(filter(None, (name.get("given"), name.get("suffix"))))
    return {"family": name["family"][:120], "given": given[:120]}


def _credential_type(post_nominal: PostNominal) -> CredentialType:
    known = post_nominal.known
    assert known is not None
    existing = CredentialType.objects.filter(
        abbreviation__iexact=post_nominal.text
    ).first()
    return existing or CredentialType.objects.create(
        abbreviation=post_nominal.text, name=known.name, kind=known.kind, rank=known.rank
    )


def _once(steps: Iterable[Step | None]) -> list[Step]:
    return list({id(step): step for step in steps if step is not None}.values())


def _slug(name: str) -> str:
    slug = slugify(anyascii(name))
    if len(slug) > _SLUG_LENGTH:
        slug = slug[:_SLUG_LENGTH].rpartition("-")[0]
    return slug or "untitled"


def _free_slug(name: str, others: models.QuerySet[Any]) -> str:
    """The slug of `name`, with a number behind it where another one has it."""
    slug, number = _slug(name), 1
    while others.filter(slug=slug if number == 1 else f"{slug}-{number}").exists():
        number += 1
    return slug if number == 1 else f"{slug}-{number}"


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"
