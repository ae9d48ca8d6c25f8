"""The admin's forms for articles and sections, with the rules that span fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from content_models import readiness
from content_models.slugs import free_slug, slug_of, taken_slug
from content_models.validators import validate_slug_is_no_id, validate_slug_length

_REVIEW_DATES = ("last_reviewed_on", "next_review_on")


def a_year_after(day: date | None) -> date | None:
    """The same day of the next year; the 28th after a 29th of February."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


class _TellsItsSlug(WagtailAdminModelForm):
    """The editor saves by itself: it must learn which address was made on the way."""

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        updates: list[tuple[str, str]] = super().get_field_updates_for_resave()
        if "slug" in self.fields:
            updates.append((self.add_prefix("slug"), self.instance.slug))
        return updates


class _SaysWhoseTime(WagtailAdminModelForm):
    """Schedules are made for a moment where the practice is, or whoever makes them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("go_live_at", "expire_at"):
            if name in self.fields:
                zone = timezone.get_current_timezone_name()
                self.fields[name].help_text = f"The time in {zone.replace('_', ' ')}."


class ContentForm(_TellsItsSlug, _SaysWhoseTime):
    """The form of everything that is not a page."""


class LocationForm(ContentForm):
    """Begins with what a new location most likely has in common with the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        # A copy has the values of what it is copied from.
        if instance is not None and instance.pk is None:
            instance.stand_where_others_do()
        super().__init__(*args, **kwargs)


class ArticleForm(_TellsItsSlug, _SaysWhoseTime, WagtailAdminPageForm):
    """Saves any draft; publishes, schedules or submits only what is ready for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Lists would show a gap. A draft may leave it open, as every required field.
        if "summary" in self.fields:
            self.fields["summary"].required = True

    def clean(self) -> dict[str, Any]:
        # Wagtail compares it with siblings, so it is settled before.
        self._settle_slug()
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def _settle_slug(self) -> None:
        """Shorten the address that was made from a long title; number a new one."""
        title = self.cleaned_data.get("title") or ""
        slug = self.cleaned_data.get("slug")
        # The browser writes all words of the title into it while one types.
        if slug and slug == slugify(title):
            slug = self.cleaned_data["slug"] = slug_of(title)
        if self.instance.pk is None and slug in ("", slug_of(title)):
            others = type(self.instance).objects.filter(
                locale_id=self.instance.locale_id or self.parent_page.locale_id
            )
            self.cleaned_data["slug"] = free_slug(title, others)

    def is_valid(self) -> bool:
        # Child forms are checked after the fields, so this is where both are known.
        if not super().is_valid():
            return False
        self._settle_review_dates()
        if not self.is_deferred_validation:
            for sentence in self._obstacles():
                self.add_error(None, sentence)
        return not self.errors

    def _settle_review_dates(self) -> None:
        """Fill what follows from the rest: the last review, and the next in a year."""
        article = self.instance
        days = self._listed("reviews", "reviewed_on")
        if "last_reviewed_on" in self.fields and not article.last_reviewed_on:
            article.last_reviewed_on = max(days, default=None)
        if "next_review_on" in self.fields and not article.next_review_on:
            article.next_review_on = a_year_after(article.last_reviewed_on)

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        days = [
            (self.add_prefix(field), day.isoformat())
            for field in _REVIEW_DATES
            # What somebody gave stays: it may be another by now.
            if field in self.fields and not self.cleaned_data.get(field)
            if (day := getattr(self.instance, field))
        ]
        return [*super().get_field_updates_for_resave(), *days]

    def _obstacles(self) -> list[str]:
        authors = self._listed("authorships", "author")
        found = readiness.missing(
            has_text=bool(self.cleaned_data.get("body")), authors=authors
        )
        if self._publishes():
            found += readiness.unpublished(
                [
                    *authors,
                    *self._listed("reviews", "reviewer"),
                    *self._listed("citations", "reference"),
                    self.cleaned_data.get("home"),
                ]
            )
        return found

    def _publishes(self) -> bool:
        """Whether it goes public: published, scheduled, or approved at last.

        Whoever submits an article need not be allowed to publish its author.
        """
        approves = self.data.get("workflow-action-name") == "approve"
        return "action-publish" in self.data or approves

    def _listed(self, relation: str, field: str) -> list[Any]:
        formset = self.formsets.get(relation)
        if formset is None:
            return []
        rows = [form for form in formset.forms if form not in formset.deleted_forms]
        return [row.cleaned_data[field] for row in rows if row.cleaned_data.get(field)]


class SectionCopyForm(CopyForm):
    """Copies one page, as a draft of its own.

    An alias would be one article under two addresses, and the articles of a section
    cannot be copied with it: each would have the address of its original.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("alias", "copy_subpages", "publish_copies"):
            self.fields.pop(name, None)


class ArticleCopyForm(SectionCopyForm):
    """Copies an article to an address that is free in its language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others = self.page.specific_class.objects.filter(
            locale_id=self.page.locale_id
        )
        self.fields["new_slug"].initial = free_slug(self.page.slug, self._others)
        self.fields["new_slug"].validators += [
            validate_slug_is_no_id,
            validate_slug_length,
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        slug = cleaned.get("new_slug")
        if slug:
            try:
                taken_slug(slug, self._others)
            except ValidationError as refused:
                self.add_error("new_slug", refused)
        return cleaned
