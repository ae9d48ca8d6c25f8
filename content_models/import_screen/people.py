"""Authors and medical reviewers that were found, to be corrected."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from wagtail.admin.widgets import AdminDateInput

from content_models import bylines, credential_vocabulary
from content_models.credential_vocabulary import Kind, KnownCredential
from content_models.import_screen.parts import PartForm
from content_models.models import CredentialType
from content_models.people import Person, PostNominal


class PersonForm(PartForm):
    kind = "author"
    noun = "author"
    always = frozenset({"use", "role", "reviewed_on"})

    role = forms.ChoiceField(
        label="What they did",
        choices=[("author", "Wrote it"), ("reviewer", "Reviewed it medically")],
    )
    reviewed_on = forms.DateField(
        label="Day of the review",
        required=False,
        widget=AdminDateInput,
        help_text="For a medical reviewer.",
    )
    given = forms.CharField(label="Given names", max_length=120, required=False)
    family = forms.CharField(label="Family name", max_length=120, required=False)
    honorific = forms.CharField(
        label="Prefix", max_length=24, required=False, help_text="Dr., Prof."
    )
    suffix = forms.CharField(max_length=12, required=False)
    credentials = forms.CharField(
        max_length=300,
        required=False,
        help_text="Their abbreviations with commas between: PT, DPT",
    )
    job_title = forms.CharField(max_length=120, required=False)

    def __init__(
        self, *args: Any, person: Person, may_add_types: bool, **kwargs: Any
    ) -> None:
        self.person = person
        self._may_add_types = may_add_types
        self._held: tuple[PostNominal, ...] = ()
        super().__init__(*args, initial=self._initial(person), **kwargs)

    def _initial(self, person: Person) -> dict[str, Any]:
        known = [each.text for each in person.credentials if self._known(each.text)]
        return {
            "role": person.role,
            "reviewed_on": person.dated if person.role == "reviewer" else None,
            "given": person.given[:120],
            "family": person.family[:120],
            "honorific": person.prefix,
            "suffix": person.suffix,
            "credentials": ", ".join(known),
            "job_title": person.job_title if len(person.job_title) <= 120 else "",
        }

    def _known(self, text: str) -> PostNominal | None:
        """A credential of a kind that is here, or that may be added by whoever asks."""
        kind = CredentialType.objects.filter(abbreviation__iexact=text).first()
        if kind:
            known = KnownCredential(
                kind.abbreviation, kind.name, Kind(kind.kind), kind.rank
            )
            return PostNominal(kind.abbreviation, known)
        found = credential_vocabulary.find(text) if self._may_add_types else None
        return PostNominal(text, found) if found else None

    def clean_credentials(self) -> str:
        written: str = self.cleaned_data["credentials"]
        held = []
        for text in filter(None, (part.strip() for part in written.split(","))):
            known = self._known(text)
            if known is None:
                raise forms.ValidationError(
                    "“%(text)s” is no credential type that is known here. Take it "
                    "out, or have an editor add it under People.",
                    params={"text": text},
                )
            held.append(known)
        self._held = tuple(held)
        return written

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_reviewer = cleaned.get("role") == "reviewer" and not self.is_left_out
        if is_reviewer and not cleaned.get("reviewed_on") and not self.errors:
            self.add_error(
                "reviewed_on",
                "Give the day of the review, or leave this reviewer out.",
            )
        return cleaned

    def clean_new(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("given") and not cleaned.get("family"):
            self.add_error("family", "Give at least one name.")

    def corrected(self) -> Person:
        cleaned = self.cleaned_data
        dated: date | None = cleaned.get("reviewed_on")
        return Person(
            given=cleaned.get("given", ""),
            family=cleaned.get("family", ""),
            prefix=cleaned.get("honorific", ""),
            suffix=cleaned.get("suffix", ""),
            credentials=self._held,
            job_title=cleaned.get("job_title", ""),
            role=cleaned["role"],
            dated=dated if cleaned["role"] == "reviewer" else None,
        )

    # --- How it is shown ----------------------------------------------------------

    @property
    def is_found(self) -> bool:
        return bool(self.person.name)

    @property
    def is_reviewer(self) -> bool:
        """Whether the day of a review is asked for; else it is out of the way."""
        return self["role"].value() == "reviewer"

    @property
    def heading(self) -> str:
        person = self.person
        name = " ".join(filter(None, (person.prefix, person.name, person.suffix)))
        held = [each.text for each in person.credentials]
        return bylines.join(name, held) if name else "Somebody the page does not name"

    @property
    def raw(self) -> str:
        person = self.person
        if person.role == "reviewer" or person.dated is None:
            return ""
        return (
            f"Dated {date_format(person.dated)}. Articles here show the day on which "
            "they are published."
        )

    def questions(self) -> list[str]:
        found = []
        if self.person.role == "reviewer" and self.person.dated is None:
            found.append("The page does not say on which day they reviewed it.")
        same = self.candidates.same
        if len(same) > 1:
            found.append(f"{len(same)} authors have this name. Which one is it?")
        elif same:
            found += self._compared(same[0].thing)
        else:
            found += self._about_a_new_one()
        return found

    def _compared(self, author: Any) -> list[str]:
        held = {row.type.abbreviation for row in author.credentials.all()}
        more = [e.text for e in self.person.credentials if e.text not in held]
        if not more:
            return []
        return [
            f"The page also gives {', '.join(more)}, which {author.name} does not have "
            "here. Nothing is changed about existing authors."
        ]

    def _about_a_new_one(self) -> list[str]:
        found = [
            f"“{each.text}” is no credential type that is known here, so it was not "
            "taken."
            for each in self.person.credentials
            if not self._known(each.text)
        ]
        if self.candidates.likely:
            like: Any = self.candidates.likely[0].thing
            found.append(f"“{like.name}” is here already. Is it the same person?")
        elif not self.person.credentials and self.person.name:
            found.append("The page gives no credentials. Is this a person's name?")
        return found
