"""The page as it is handed in: pasted or uploaded, and where it shall go."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator, URLValidator
from wagtail.models import Page
from wagtail.permissions import policy_registry

from content_models.importers import sources
from content_models.models import Section

# It travels with the form, beside the corrections.
LARGEST_MB = 2
# Every export of WordPress names this in its first lines.
_SITE_EXPORT = "wordpress.org/export/"
_ENDINGS = (".txt", ".text", ".md", ".html", ".htm")
TOO_LARGE = (
    f"A page has {LARGEST_MB} MB at most. Save one page only, as text or as “HTML "
    "only”, without its images."
)


def may_import(user: Any) -> bool:
    """Whether `user` may add articles anywhere."""
    return bool(policy_registry.get_by_type(Page).user_has_permission(user, "add"))


def sections_for(user: Any) -> list[Section]:
    """The sections into which `user` may put an article."""
    policy = policy_registry.get_by_type(Page)
    allowed = policy.instances_user_has_permission_for(user, "add")
    ids = allowed.values_list("pk", flat=True)
    return list(Section.objects.filter(pk__in=ids).select_related("locale"))


class _SectionChoice(forms.ModelChoiceField):
    """Sections; with their language as soon as there are several."""

    def label_from_instance(self, section: Any) -> str:
        sections: Any = self.queryset
        several = len({each.locale_id for each in sections}) > 1
        name = section.get_admin_display_title()
        return f"{name} ({section.locale.get_display_name()})" if several else name

    def offer(self, sections: list[Section]) -> None:
        """Offer these alone, the first one at first; a single one needs no choice."""
        ids = [section.pk for section in sections]
        self.queryset = Section.objects.filter(pk__in=ids).select_related("locale")
        self.initial = sections[0] if sections else None
        if len(sections) < 2:
            self.widget = forms.HiddenInput()


class PageForm(forms.Form):
    """The page's text, where it stood, and the section that it shall be in."""

    text = forms.CharField(
        label="Text of the page",
        required=False,
        strip=False,
        help_text="Paste the page's text or its HTML: the whole page, as it comes.",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    address = forms.CharField(
        label="Address that it came from",
        required=False,
        max_length=500,
        help_text="The article keeps the last part of it, so that old links can be led "
        "here. Leave it empty if there is none.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    section = _SectionChoice(
        Section.objects.none(),
        label="Section",
        empty_label=None,
        error_messages={
            "required": "There is none to put the article into. Make a section first.",
            "invalid_choice": "You may not add articles to it. Choose another section.",
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section: Any = self.fields["section"]
        section.offer(sections_for(user))
        text = self.fields["text"]
        text.validators = [
            each
            for each in text.validators
            if not isinstance(each, ProhibitNullCharactersValidator)
        ]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if address and "://" not in address:
            address = f"https://{address}"
        if address:
            try:
                URLValidator(schemes=["http", "https"])(address)
            except ValidationError as refused:
                raise ValidationError(
                    "This is no web address. Copy it from the browser's address bar, "
                    "or leave it empty."
                ) from refused
        return address

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return _readable(text.encode("utf-8", "replace")) if text.strip() else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "text" in cleaned and not cleaned["text"] and not self.files:
            self.add_error("text", "Paste the page's text, or choose a file.")
        return cleaned

    @property
    def fingerprint(self) -> str:
        """Changes with whatever is read differently."""
        read = [self.cleaned_data[name] for name in ("text", "address", "section")]
        parts = [*read[:2], str(read[2].pk)]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


class IntakeForm(PageForm):
    """The first step: pasted, or as a file."""

    file = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text=f"The page saved as text or as “HTML only”, up to {LARGEST_MB} MB.",
        widget=forms.FileInput(attrs={"accept": ",".join(_ENDINGS)}),
    )
    field_order = ["text", "file", "address", "section"]

    def clean_file(self) -> str:
        """The file's text. Raises ValidationError for what is no page, by its name."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if not file:
            return ""
        name = PurePath(file.name or "").name[:80]
        try:
            if not name.lower().endswith(_ENDINGS):
                raise ValidationError(
                    "Only text and HTML can be read. Save the page as text (.txt) or "
                    "as “HTML only” (.html)."
                )
            if (file.size or 0) > LARGEST_MB * 1_000_000:
                raise ValidationError(TOO_LARGE)
            return _readable(file.read())
        except ValidationError as refused:
            raise ValidationError(f"“{name}”: {refused.messages[0]}") from refused

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("text") and cleaned.get("file"):
            self.add_error("file", "Either paste the text or choose a file, not both.")
        return cleaned

    def as_read(self) -> dict[str, Any]:
        """What the next step's form is filled with."""
        cleaned = self.cleaned_data
        return {
            "text": cleaned["text"] or cleaned["file"],
            "address": cleaned["address"],
            "section": cleaned["section"].pk,
        }


def _readable(content: bytes) -> str:
    """The text of what was handed in. Raises ValidationError for what is none."""
    if len(content) > LARGEST_MB * 1_000_000:
        raise ValidationError(TOO_LARGE)
    try:
        text = sources.decoded(content)
    except sources.SourceError as refused:
        raise ValidationError(str(refused)) from refused
    if _SITE_EXPORT in text[:5_000]:
        raise ValidationError(
            "This is the export of a whole site. Open one page of it in a browser, and "
            "save that one."
        )
    return text
