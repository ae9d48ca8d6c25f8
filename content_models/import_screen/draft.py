"""The draft to be: everything that was found on a page, in forms that correct it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db.models import Model
from wagtail.models import Locale
from wagtail.permissions import policy_registry

from content_models.citations.parsing import Citation
from content_models.import_screen import matching
from content_models.import_screen.citations import CitationForm
from content_models.import_screen.parts import NONE
from content_models.import_screen.people import PersonForm
from content_models.import_screen.subjects import (
    AwardForm,
    CategoryForm,
    PlaceForm,
    TagForm,
)
from content_models.import_screen.text import TextForm
from content_models.import_screen.title import TitleForm
from content_models.importers import page, planning, recognising
from content_models.importers.decisions import Decisions
from content_models.importers.findings import ClinicPage
from content_models.importers.plan import Plan
from content_models.importers.sources import SourceError
from content_models.models import (
    Author,
    Award,
    Category,
    CredentialType,
    Location,
    Reference,
    Section,
    Tag,
)
from content_models.people import Person

# A page with more is several pages in one file.
_MOST = {
    "people": 30,
    "citations": 200,
    "categories": 30,
    "tags": 60,
    "places": 60,
    "awards": 60,
}


class Group(NamedTuple):
    """All things of one kind that were found."""

    name: str
    heading: str
    icon: str
    forms: list[Any]


def read(text: str, address: str) -> ClinicPage:
    """What the page holds.

    Raises SourceError for what is no page, or more than one.
    """
    found = page.read(text.encode("utf-8", "replace"), address)
    for name, most in _MOST.items():
        number = len(getattr(found, name))
        if number > most:
            raise SourceError(
                f"This names {number:,} {name}; a page has {most} at most. Hand in one "
                "page only."
            )
    return found


@dataclass
class Draft:
    """The forms over what was found; `data` is what was sent, None at first."""

    found: ClinicPage
    section: Section
    user: Any
    data: Any = None

    # --- The forms ----------------------------------------------------------------

    @cached_property
    def title(self) -> TitleForm:
        return TitleForm(self.data, found=self.found)

    @cached_property
    def text(self) -> TextForm:
        return TextForm(self.data, body=self.found.body, prefix="text")

    @cached_property
    def people(self) -> list[PersonForm]:
        may_add_types = self._may_add(CredentialType)
        # Where nobody was found somebody can be named.
        listed = self.found.people or [Person()]
        made = [
            PersonForm(
                person=person,
                may_add_types=may_add_types,
                **self._settings("people", n, Author),
                candidates=matching.of_person(person, self._locale),
            )
            for n, person in enumerate(listed)
        ]
        if not self.found.people:
            made[0].fields["use"].initial = NONE
        return made

    @cached_property
    def citations(self) -> list[CitationForm]:
        return [
            CitationForm(
                citation=each,
                candidates=matching.of_citation(each.csl),
                **self._settings("references", n, Reference),
            )
            for n, each in enumerate(self._cited())
        ]

    def _cited(self) -> list[Citation]:
        """All citations, and behind them those of which nothing could be read."""
        unread = self.found.unread_citations[: _MOST["citations"]]
        return [*self.found.citations, *(Citation(raw) for raw in unread)]

    @cached_property
    def categories(self) -> list[CategoryForm]:
        return [
            CategoryForm(
                name=name,
                candidates=matching.of_category(name, self._locale),
                **self._settings("categories", n, Category),
            )
            for n, name in enumerate(self.found.categories)
        ]

    @cached_property
    def tags(self) -> list[TagForm]:
        return [
            TagForm(
                name=name,
                candidates=matching.of_tag(name),
                **self._settings("tags", n, Tag),
            )
            for n, name in enumerate(self.found.tags)
        ]

    @cached_property
    def places(self) -> list[PlaceForm]:
        return [
            PlaceForm(
                place=place,
                candidates=matching.of_place(place, self._locale),
                **self._settings("places", n, Location),
            )
            for n, place in enumerate(self.found.places)
        ]

    @cached_property
    def awards(self) -> list[AwardForm]:
        return [
            AwardForm(
                award=award,
                candidates=matching.of_award(award, self._locale),
                **self._settings("awards", n, Award),
            )
            for n, award in enumerate(self.found.awards)
        ]

    @property
    def groups(self) -> list[Group]:
        """What the article refers to, in the order in which it is looked at."""
        return [
            Group("people", "Authors and reviewers", "user", self.people),
            Group("references", "References", "openquote", self.citations),
            Group("categories", "Categories", "folder-open-inverse", self.categories),
            Group("tags", "Tags", "tag", self.tags),
            Group("places", "Locations", "site", self.places),
            Group("awards", "Awards", "pick", self.awards),
        ]

    @property
    def _locale(self) -> Locale:
        return self.section.locale

    def _may_add(self, kind: type[Model]) -> bool:
        policy = policy_registry.get_by_type(kind)
        return bool(policy.user_has_permission(self.user, "add"))

    def _settings(self, name: str, position: int, kind: type[Model]) -> dict[str, Any]:
        return {
            "data": self.data,
            "prefix": f"{name}-{position}",
            "may_add": self._may_add(kind),
        }

    # --- What was sent ------------------------------------------------------------

    def _all_forms(self) -> Iterator[forms.Form]:
        yield self.title
        yield self.text
        for group in self.groups:
            yield from group.forms

    def is_valid(self) -> bool:
        # Each is asked, so that all that is wrong is said at once.
        valid = [form.is_valid() for form in self._all_forms()]
        return self._is_not_here_yet() and all(valid)

    def _is_not_here_yet(self) -> bool:
        same = self.same_article
        if same is not None:
            self.title.add_error(
                "title",
                f"“{same.get_admin_display_title()}” is here already, with this title "
                "or this address: nothing was made. If it is another article, give "
                "this one another title and another address.",
            )
        return same is None

    @property
    def same_article(self) -> Any:
        """The article that this page was made into before, or one that looks so."""
        title, slug = (self._value(name) for name in ("title", "slug"))
        return recognising.same_article(slug, title, self._locale)

    def _value(self, name: str) -> str:
        cleaned = getattr(self.title, "cleaned_data", {})
        return str(cleaned.get(name) or self.title[name].value() or "")

    def plan(self) -> Plan:
        """The plan of what was corrected, all of it drafts; only if it is valid."""
        chosen: dict[Any, Model | None] = {}
        values: dict[str, Any] = {}
        for group in self.groups:
            kept = [form for form in group.forms if not form.is_left_out]
            values[group.name] = [form.corrected() for form in kept]
            for position, form in enumerate(kept):
                chosen[(form.kind, position)] = form.existing
        cleaned = self.title.cleaned_data
        corrected = replace(
            self.found,
            title=cleaned["title"],
            summary=" ".join(cleaned["summary"].split()),
            body=self.text.corrected(),
            citations=values.pop("references"),
            **values,
        )
        decisions = Decisions(self.section, cleaned["slug"], chosen)
        return planning.plan_page(corrected, publish=False, decisions=decisions)
