"""Columns of the admin's lists that Wagtail has none for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.coreutils import get_locales_display_names
from wagtail.models import TranslatableMixin

from content_models import waiting
from content_models.models import Author, Practice


def _today(parent_context: Mapping[str, Any]) -> date:
    # By the request, so that a list asks for the practice once.
    return Practice.load(parent_context["request"]).today(timezone.now())


def other_language(thing: Any) -> str:
    """The name of the language of `thing`; empty for the one that most is written in.

    Said of everything it would be read of nothing.
    """
    if (
        not isinstance(thing, TranslatableMixin)
        or thing.locale.language_code == settings.LANGUAGE_CODE
    ):
        return ""
    return str(get_locales_display_names()[thing.locale_id])


class ArticleTitleColumn(PageTitleColumn):
    """The title, with its language where that is another than usual."""

    def get_cell_context_data(
        self, instance: Any, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        shown = context["show_locale_labels"] and other_language(instance)
        return {**context, "show_locale_labels": bool(shown)}


class ContentTitleColumn(TitleColumn):
    """The same for what is not a page."""

    cell_template_name = "content_models/columns/title.html"

    def get_cell_context_data(
        self, instance: Any, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        return {**context, "language": other_language(instance)}


class CredentialsColumn(Column):
    """What stands behind an author's name today."""

    def get_cell_context_data(
        self, instance: Author, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        held = instance.post_nominals_on(_today(parent_context))
        return {**context, "value": ", ".join(held)}


class _DayColumn(Column):
    """A day on which something falls due, with a word where that is soon or past."""

    cell_template_name = "content_models/columns/day.html"
    ahead: timedelta
    soon: str
    late: str

    def due(self, thing: Any, today: date) -> tuple[date | None, str]:
        """The day, and what falls due if it is not the thing itself."""
        raise NotImplementedError

    def get_cell_context_data(
        self, instance: Any, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        today = _today(parent_context)
        day, what = self.due(instance, today)
        is_late = day is not None and day < today
        is_soon = day is not None and today <= day <= today + self.ahead
        word = self.late if is_late else self.soon if is_soon else ""
        return {**context, "day": day, "what": what, "word": word, "is_late": is_late}


class ReviewDueColumn(_DayColumn):
    """When an article is to be reviewed again."""

    ahead = waiting.REVIEW_AHEAD
    soon, late = "Due soon", "Overdue"

    def due(self, article: Any, today: date) -> tuple[date | None, str]:
        return article.next_review_on, ""


class NextLapseColumn(_DayColumn):
    """The credential of an author that lapses next, or has done so lately."""

    ahead = waiting.LAPSE_AHEAD
    soon, late = "Lapses soon", "Lapsed"

    def due(self, author: Author, today: date) -> tuple[date | None, str]:
        ends = [
            (held.expires_on, str(held))
            for held in author.credentials.all()
            if held.expires_on and held.expires_on >= today - waiting.LAPSED_AGO
        ]
        return min(ends, default=(None, ""))
