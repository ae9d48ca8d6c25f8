"""The article's title, address and summary, to be corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminAutoHeightTextInput

from content_models.importers import planning
from content_models.importers.findings import ClinicPage
from content_models.slugs import slug_of
from content_models.validators import validate_slug_is_no_id, validate_slug_length


class TitleForm(forms.Form):
    """The article itself, without its text and what it refers to."""

    title = forms.CharField(max_length=255, widget=AdminAutoHeightTextInput)
    slug = forms.SlugField(
        label="Last part of the address",
        help_text="As it was on the old site, so that links there can be led here.",
        validators=[validate_slug_is_no_id, validate_slug_length],
        error_messages={
            "invalid": "An address has small letters, digits and hyphens only."
        },
    )
    summary = forms.CharField(
        max_length=400,
        required=False,
        widget=AdminAutoHeightTextInput,
        help_text="One or two sentences that stand alone, as lists show them. It can "
        "be written later.",
    )

    def __init__(self, data: Any, found: ClinicPage) -> None:
        initial = {
            "title": found.title,
            "slug": planning.article_slug(found),
            "summary": found.summary,
        }
        super().__init__(data, initial=initial)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        return slug_of(slug) or slug
