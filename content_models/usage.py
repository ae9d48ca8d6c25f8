"""Where something is used, and that what is used stays.

The database protects what another row names. Pictures and links inside of a text are
named by no row: the reference index, which Wagtail keeps for all of them, knows both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.models import DraftStateMixin, ReferenceIndex

# A sentence names so many places, a page lists so many.
IN_A_SENTENCE = 5
ON_A_PAGE = 50


@dataclass(frozen=True)
class Use:
    """One thing that uses another, such as an article its author."""

    name: str
    kind: str
    is_live: bool
    edit_url: str | None


def uses(thing: models.Model, user: Any = None) -> Iterator[Use]:
    """What uses `thing`, with where `user` may edit it."""
    finder = AdminURLFinder(user)
    for source, _ in ReferenceIndex.get_grouped_references_to(thing):
        specific = getattr(source, "specific_deferred", source)
        yield Use(
            name=get_latest_str(specific),
            kind=str(specific._meta.verbose_name),
            is_live=not isinstance(specific, DraftStateMixin) or specific.live,
            edit_url=finder.get_edit_url(specific) if user else None,
        )


class InUse(ValidationError):
    """Something is not deleted because something uses it; the message says what."""

    def __init__(self, thing: models.Model) -> None:
        found = [f"“{use.name}” ({use.kind})" for use in uses(thing)]
        named = ", ".join(found[:IN_A_SENTENCE])
        more = len(found) - IN_A_SENTENCE
        named += f" and {more} more" if more > 0 else ""
        super().__init__(
            f"“{thing}” was not deleted: it is in use in {named}. "
            "Take it out there first."
        )


def is_used(thing: models.Model) -> bool:
    return bool(ReferenceIndex.get_references_to(thing).exists())


def refuse_if_used(thing: models.Model) -> None:
    """Raise InUse if anything uses `thing`."""
    if is_used(thing):
        raise InUse(thing)
