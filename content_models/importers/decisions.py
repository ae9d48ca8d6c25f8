"""What whoever imports a page has decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from django.db.models import Model
from wagtail.models import Locale

from content_models.models import Section

Kind = Literal["author", "reference", "category", "tag", "location", "award"]


@dataclass
class Decisions:
    """Without any, things are recognised and new ones made in the first section."""

    section: Section | None = None
    # The last part of the article's address; empty: the one it had, or of its title.
    slug: str = ""
    # Whom or what to use, by kind and place on the page; None is a new one.
    chosen: dict[tuple[Kind, int], Model | None] = field(default_factory=dict)

    @property
    def locale(self) -> Locale:
        return self.section.locale if self.section else Locale.get_default()
