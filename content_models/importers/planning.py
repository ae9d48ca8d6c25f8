"""What a clinic's page holds, compared with what there is: the plan of its import.

Things are recognised by what identifies them: articles by slug or title, references by
DOI, PubMed id or title, authors by name, awards by name and year, locations by slug.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from content_models.citations.parsing import Citation
from content_models.importers import making
from content_models.importers.decisions import Decisions, Kind
from content_models.importers.findings import ClinicPage
from content_models.importers.plan import Plan, Step, found
from content_models.importers.recognising import (
    same_article,
    same_authors,
    same_award,
    same_category,
    same_location,
    same_reference,
    same_tag,
)
from content_models.importers.signs import Award as FoundAward
from content_models.importers.signs import Place
from content_models.importers.sources import excerpt
from content_models.models import Article, Author
from content_models.people import Person

# The address that an article had, where it is made of words: /blog/neck-pain-at-work/
_OWN_SLUG = re.compile(r"/([a-z0-9]{1,60}(?:-[a-z0-9]{1,60}){1,15})(?:/|\.html?)?$")
_THERE = "it is there already"


def plan_page(
    page: ClinicPage, *, publish: bool, decisions: Decisions | None = None
) -> Plan:
    """The plan for `page`; it only reads the database."""
    return _Planner(page, publish, decisions or Decisions()).plan()


class _Planner:
    def __init__(self, page: ClinicPage, publish: bool, decisions: Decisions) -> None:
        self._page = page
        self._publish = publish
        self._decisions = decisions
        self._locale = decisions.locale
        self._plan = Plan(page.title, notes=list(page.notes))

    def plan(self) -> Plan:
        page = self._page
        people = [(each, self._author(n, each)) for n, each in enumerate(page.people)]
        cited = [self._reference(n, each) for n, each in enumerate(page.citations)]
        categories = [self._category(n, name) for n, name in enumerate(page.categories)]
        tags = [self._tag(n, name) for n, name in enumerate(page.tags)]
        places = [self._location(n, place) for n, place in enumerate(page.places)]
        for position, award in enumerate(page.awards):
            self._award(position, award)
        self._article(people, cited, categories, tags, places)
        return self._plan

    def _existing(self, kind: Kind, position: int, recognised: Any) -> Any:
        """What to use for a thing: what was decided, else what was recognised."""
        return self._decisions.chosen.get((kind, position), recognised)

    def _kept(self, kind: Kind, name: str, existing: Any, sure: float = 1.0) -> Step:
        """The step for what is there; a page may name it twice, in other words."""
        for step in self._plan.steps:
            if step.kind == kind and step.content == existing:
                return step
        if kind in ("tag", "location"):
            return self._plan.add(Step(kind, name, "keep", _THERE, content=existing))
        return self._plan.add(
            found(kind, name, existing, publish=self._publish, confidence=sure)
        )

    def _same_new(self, kind: Kind, name: str) -> Step | None:
        """The step that makes the same thing already, when the page names it twice."""
        for step in self._plan.steps:
            is_new = step.kind == kind and step.content is None
            if is_new and step.name.casefold() == name.casefold():
                return step
        return None

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

    def _author(self, position: int, person: Person) -> Step:
        name = " ".join(filter(None, (person.name, person.suffix)))
        recognised = same_authors(person, self._locale).first()
        existing = self._existing("author", position, recognised)
        if existing:
            self._compare_credentials(existing, person)
            return self._kept("author", name, existing, 0.9)
        if same := self._same_new("author", name):
            return same
        for credential in person.credentials:
            if credential.known is None:
                self._plan.note(
                    "unsure",
                    f"“{credential.text}” after {name}: no credential that is known. "
                    "It was not added; if it is one, add its type and give it to them.",
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

    def _reference(self, position: int, citation: Citation) -> Step | None:
        csl = citation.csl
        title = csl.get("title", "")
        if not title:
            self._plan.note(
                "unsure",
                f"“{excerpt(citation.raw)}”: no title could be read, so no reference "
                "was made of it. Add it by hand.",
            )
            return None
        existing = self._existing("reference", position, same_reference(csl))
        if existing:
            return self._kept("reference", title, existing)
        for name, doubt in citation.doubtful.items():
            self._plan.note(
                "unsure",
                f"“{excerpt(title)}”: {name} may be “{doubt.value}”; left empty.",
            )
        if same := self._same_new("reference", title):
            return same
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

    def _category(self, position: int, name: str) -> Step:
        recognised = same_category(name, self._locale)
        existing = self._existing("category", position, recognised)
        if existing:
            return self._kept("category", name, existing)
        if same := self._same_new("category", name):
            return same
        return self._plan.add(
            self._created(
                "category",
                name,
                lambda: making.category(name, self._locale),
                0.9,
                publish=self._publish,
            )
        )

    def _tag(self, position: int, name: str) -> Step:
        existing = self._existing("tag", position, same_tag(name))
        if existing:
            return self._kept("tag", name, existing)
        if same := self._same_new("tag", name):
            return same
        return self._plan.add(
            self._created("tag", name, lambda: making.tag(name), 0.9, publish=False)
        )

    def _location(self, position: int, place: Place) -> Step:
        recognised = same_location(place, self._locale)
        existing = self._existing("location", position, recognised)
        if existing:
            return self._kept("location", place.slug, existing)
        if same := self._same_new("location", place.slug):
            return same
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

    def _award(self, position: int, award: FoundAward) -> None:
        parts = (award.giver, award.name, award.year, award.result)
        name = " ".join(str(part) for part in parts if part)
        recognised = same_award(award, self._locale)
        existing = self._existing("award", position, recognised)
        if existing:
            self._kept("award", name, existing)
        elif not self._same_new("award", name):
            self._new_award(award, name)

    def _new_award(self, award: FoundAward, name: str) -> None:
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
        cited: Sequence[Step | None],
        categories: Sequence[Step],
        tags: Sequence[Step],
        places: Sequence[Step],
    ) -> None:
        slug = self._decisions.slug or article_slug(self._page)
        existing = same_article(slug, self._page.title, self._locale)
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
                references=[step.content for step in _once(cited)],
                categories=[step.content for step in _once(categories)],
                tags=[step.content for step in _once(tags)],
                locations=[step.content for step in _once(places)],
            )
            return making.article(
                self._page, slug, self._locale, relations, self._decisions.section
            )

        self._plan.add(
            self._created("article", self._page.title, make, 1.0, publish=self._publish)
        )


def article_slug(page: ClinicPage) -> str:
    """The address that the article had, so that links to it can be kept."""
    own = _OWN_SLUG.search(page.canonical_url.lower())
    return own[1] if own else making.slug_of(page.title)


def _once(steps: Iterable[Step | None]) -> list[Step]:
    return list({id(step): step for step in steps if step is not None}.values())
