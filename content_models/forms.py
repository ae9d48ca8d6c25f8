"""The admin's forms for articles and sections, with the rules that span fields."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from content_models import readiness
from content_models.slugs import free_slug, taken_slug
from content_models.validators import validate_slug_is_no_id


class ArticleForm(WagtailAdminPageForm):
    """Saves any draft; publishes, schedules or submits only what is ready for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Lists would show a gap. A draft may leave it open, as every required field.
        if "summary" in self.fields:
            self.fields["summary"].required = True

    def is_valid(self) -> bool:
        # Child forms are checked after the fields, so this is where both are known.
        if not super().is_valid():
            return False
        if not self.is_deferred_validation:
            for obstacle in self._obstacles():
                self.add_error(None, self._with_link(obstacle))
        return not self.errors

    def _obstacles(self) -> list[readiness.Obstacle]:
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

    def _with_link(self, obstacle: readiness.Obstacle) -> str | SafeString:
        url = obstacle.about and AdminURLFinder(self.for_user).get_edit_url(
            obstacle.about
        )
        if not url:
            return obstacle.sentence
        return format_html(
            '{} <a href="{}" target="_blank">Open it</a>', obstacle.sentence, url
        )


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
        self.fields["new_slug"].validators.append(validate_slug_is_no_id)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        slug = cleaned.get("new_slug")
        if slug:
            try:
                taken_slug(slug, self._others)
            except ValidationError as refused:
                self.add_error("new_slug", refused)
        return cleaned
