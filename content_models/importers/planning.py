"""What a clinic's page holds, compared with what there is: the plan of its import.

Things are recognised by what identifies them: articles by slug or title, references by
DOI, PubMed id or title, authors by name, awards by name and year, locations by slug.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from wagtail.models import Locale

from content_models.citations import identifiers
from content_models.citations.parsing import Citation
from content_models.importers import making
from content_models.importers.findings import ClinicPage
from content_models.importers.plan import Plan, Step, found
from content_models.importers.signs import Award as FoundAward
from content_models.importers.signs import Place
from content_models.importers.sources import excerpt
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

# The address that an article had, where it is made of words: /blog/neck-pain-at-work/
_OWN_SLUG = re.compile(r"/([a-z0-9]{1,60}(?:-[a-z0-9]{1,60}){1,15})(?:/|\.html?)?$")
_THERE = "it is there already"


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
        self,
        kind: str,
        name: str,
        make: Callable[[], Any],
        confidence: float,
        *,
        publish: bool,
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
                lambda: making.author(person, self._locale),
                0.95 if person.credentials else 0.8,
                publish=self._publish,
            )
        )

    def _compare_credentials(self, author: Author, person: Person) -> None:
        held = {credential.type.abbreviation for credential in author.credentials.all()}
        for each in person.credentials:
            if each.text not in held:
                self._plan.note(
                    "unsure",
                    f"The page gives {author.name} “{each.text}”, the author's page "
                    "here does not. It was left as it is.",
                )

    # --- References ---------------------------------------------------------------

    def _reference(self, citation: Citation) -> Step | None:
        csl = citation.csl
        title = csl.get("title", "")
        if not title:
            self._plan.note(
                "unsure",
                f"“{excerpt(citation.raw)}”: no title could be read, so no reference "
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
                "unsure",
                f"“{excerpt(title)}”: {name} may be “{doubt.value}”; left empty.",
            )
        for step in self._plan.steps:
            if step.kind == "reference" and step.name.casefold() == title.casefold():
                return step
        return self._plan.add(
            self._created(
                "reference",
                title,
                lambda: making.reference(citation),
                citation.confidence,
                publish=self._publish,
            )
        )

    # --- Subjects, places, awards -------------------------------------------------

    def _category(self, name: str) -> Step:
        here = Category.objects.filter(locale=self._locale)
        existing = here.filter(
            models.Q(name__iexact=name) | models.Q(slug=making.slug_of(name))
        ).first()
        if existing:
            return self._plan.add(
                found("category", name, existing, publish=self._publish)
            )
        return self._plan.add(
            self._created(
                "category",
                name,
                lambda: making.category(name, self._locale),
                0.9,
                publish=self._publish,
            )
        )

    def _tag(self, name: str) -> Step:
        existing = Tag.objects.filter(
            models.Q(name__iexact=name) | models.Q(slug=making.slug_of(name))
        ).first()
        if existing:
            return self._plan.add(Step("tag", name, "keep", _THERE, content=existing))
        return self._plan.add(
            self._created("tag", name, lambda: making.tag(name), 0.9, publish=False)
        )

    def _location(self, place: Place) -> Step:
        existing = Location.objects.filter(locale=self._locale, slug=place.slug).first()
        if existing:
            kept = Step("location", place.slug, "keep", _THERE, content=existing)
            return self._plan.add(kept)
        self._plan.note(
            "warning",
            f"The location “{place.slug}” is not known here: it is made as a draft "
            "with its name alone. Its address is missing: fill it in, then publish.",
        )
        step = self._created(
            "location",
            place.slug,
            lambda: making.location(place, self._locale),
            0.8,
            publish=False,
        )
        step.why = "only its name is known, so it stays a draft"
        return self._plan.add(step)

    def _award(self, award: FoundAward) -> None:
        parts = (award.giver, award.name, award.year, award.result)
        name = " ".join(str(part) for part in parts if part)
        existing = Award.objects.filter(
            locale=self._locale, name__iexact=award.name, year=award.year
        ).first()
        if existing:
            self._plan.add(found("award", name, existing, publish=self._publish))
            return
        self._plan.add(
            self._created(
                "award",
                name,
                lambda: making.award(award, self._locale),
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
        if not self._page.summary:
            self._plan.note(
                "unsure",
                "The page has nothing that would do as a summary: lists show none "
                "until somebody writes it.",
            )
        reviews = []
        for person, step in people:
            if person.role == "reviewer" and person.dated is None:
                self._plan.note(
                    "warning",
                    f"{person.name} is named as reviewer without a date: the review "
                    "was not recorded. Add it with the day of the review.",
                )
            elif person.role == "reviewer" and person.dated:
                reviews.append((step, person.dated))
        writers = _once(step for person, step in people if person.role == "author")

        def make() -> Article:
            relations = making.Relations(
                authors=[step.content for step in writers],
                reviews=[(step.content, day) for step, day in reviews],
                references=[step.content for step in cited],
                categories=[step.content for step in categories],
                tags=[step.content for step in tags],
                locations=[step.content for step in places],
            )
            return making.article(self._page, slug, self._locale, relations)

        self._plan.add(
            self._created("article", self._page.title, make, 1.0, publish=self._publish)
        )

    def _article_slug(self) -> str:
        """The address that the article had, so that links to it can be kept."""
        own = _OWN_SLUG.search(self._page.canonical_url.lower())
        return own[1] if own else making.slug_of(self._page.title)


def _same_article(slug: str, title: str, locale: Locale) -> Article | None:
    here = Article.objects.filter(locale=locale)
    by_slug = here.filter(slug=slug).first()
    titled = models.Q(title__iexact=title) | models.Q(draft_title__iexact=title)
    return by_slug or here.filter(titled).first()


def _same_reference(csl: dict[str, Any]) -> Reference | None:
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


def _once(steps: Iterable[Step | None]) -> list[Step]:
    return list({id(step): step for step in steps if step is not None}.values())
