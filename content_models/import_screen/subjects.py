"""Categories, tags, places and awards that were found, to be corrected."""

from __future__ import annotations

from typing import Any

from django import forms

from content_models.import_screen.parts import PartForm
from content_models.importers import making
from content_models.importers.signs import Award as FoundAward
from content_models.importers.signs import Place


class NamedForm(PartForm):
    """Something of which a page knows the name alone."""

    name = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": name[:100]}, **kwargs)

    def clean_new(self, cleaned: dict[str, Any]) -> None:
        if "name" in cleaned and not cleaned["name"]:
            self.add_error("name", f"Give the {self.noun} a name, or leave it out.")

    @property
    def named(self) -> str:
        """The name; of an existing thing it does not count."""
        return str(self.cleaned_data.get("name") or "unnamed")


class CategoryForm(NamedForm):
    kind = "category"
    noun = "category"

    def corrected(self) -> str:
        return self.named


class TagForm(NamedForm):
    kind = "tag"
    noun = "tag"

    def corrected(self) -> str:
        return self.named


class PlaceForm(NamedForm):
    kind = "location"
    noun = "location"

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        self._place = place
        super().__init__(*args, name=place.name, **kwargs)

    def corrected(self) -> Place:
        is_as_found = self.named == self._place.name
        slug = self._place.slug if is_as_found else making.slug_of(self.named)
        return Place(slug, self.named)

    def questions(self) -> list[str]:
        if self.candidates.same:
            return []
        return [
            "Not known here: a draft with the name alone. Its address has to be filled "
            "in before it can be published."
        ]


class AwardForm(PartForm):
    kind = "award"
    noun = "award"

    name = forms.CharField(max_length=200, required=False)
    giver = forms.CharField(label="Given by", max_length=200, required=False)
    year = forms.IntegerField(min_value=1900, max_value=2100, required=False)
    result = forms.CharField(
        max_length=60, required=False, help_text="Winner, finalist"
    )

    def __init__(self, *args: Any, award: FoundAward, **kwargs: Any) -> None:
        self._award = award
        super().__init__(*args, initial=award._asdict(), **kwargs)

    def clean_new(self, cleaned: dict[str, Any]) -> None:
        if "name" in cleaned and not cleaned["name"]:
            self.add_error("name", "Give the award a name, or leave it out.")

    def corrected(self) -> FoundAward:
        cleaned = self.cleaned_data
        return FoundAward(
            cleaned.get("name") or "unnamed",
            cleaned.get("giver", ""),
            cleaned.get("year"),
            cleaned.get("result", ""),
        )

    @property
    def heading(self) -> str:
        parts = (self._award.name, self._award.year, self._award.result)
        return " ".join(str(part) for part in parts if part)

    def questions(self) -> list[str]:
        if self._award.giver or self.candidates.same:
            return []
        return ["The page does not say who gave it."]
