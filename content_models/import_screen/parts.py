"""The form of one thing that was found: use what is here, make a new one, or none."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.functional import cached_property

from content_models.import_screen.matching import Candidates, Match
from content_models.importers.decisions import Kind

NEW, NONE = "new", "none"


class PartForm(forms.Form):
    """What shall become of one thing of the page, and how a new one is to be.

    Of an existing thing only the choice counts: what is wrong in the other fields is
    then of no account.
    """

    kind: ClassVar[Kind]
    noun: ClassVar[str]
    # What has to be right although an existing thing is used.
    always: ClassVar[frozenset[str]] = frozenset({"use"})

    use = forms.ChoiceField(
        label="What to do",
        error_messages={
            "invalid_choice": "What was chosen is not here any more. Choose again."
        },
    )

    def __init__(
        self, *args: Any, candidates: Candidates, may_add: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.may_add = may_add
        self.things: dict[str, Model] = {
            str(thing.pk): thing
            for thing in (
                *(match.thing for match in candidates.likely),
                *candidates.others,
            )
        }
        use: Any = self.fields["use"]
        use.choices = self._choices()
        use.initial = self._first_choice()

    # --- What is offered ----------------------------------------------------------

    def _choices(self) -> list[Any]:
        choices: list[Any] = [
            (str(match.thing.pk), f"Use {self._named(match)}")
            for match in self.candidates.likely
        ]
        if self.may_add:
            choices.append((NEW, f"Make a new {self.noun}"))
        choices.append((NONE, "Leave it out"))
        if self.candidates.others:
            others = [(str(each.pk), str(each)) for each in self.candidates.others]
            choices.append((f"Use another {self.noun}", others))
        return choices

    def _named(self, match: Match) -> str:
        return f"“{match.thing}” ({match.why})"

    def _first_choice(self) -> str:
        if self.match:
            return str(self.match.thing.pk)
        return NEW if self.may_add else NONE

    @property
    def is_found(self) -> bool:
        """Whether the page names it; else the form is there to be filled in."""
        return True

    @property
    def match(self) -> Match | None:
        """What it was taken for."""
        return self.candidates.same[0] if self.candidates.same else None

    @property
    def offered(self) -> str:
        """Which existing things looked the same when the form was shown."""
        return ",".join(str(match.thing.pk) for match in self.candidates.same)

    # --- What was chosen ----------------------------------------------------------

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and hasattr(self, "cleaned_data") and not self.is_new:
            counts = {"use"} if self.is_left_out else self.always
            for name in list(self.errors):
                if name not in counts:
                    del self.errors[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("use") == NEW:
            self._refuse_unseen()
            self.clean_new(cleaned)
        return cleaned

    def clean_new(self, cleaned: dict[str, Any]) -> None:
        """Add the errors of a new thing."""

    def _refuse_unseen(self) -> None:
        seen = str(self.data.get(self.add_prefix("offered"), "")).split(",")
        for match in self.candidates.same:
            if str(match.thing.pk) not in seen:
                self.add_error(
                    "use",
                    f"“{match.thing}” has been added since you read this page. Use "
                    f"that one, or choose once more to make a new {self.noun}.",
                )

    @property
    def _use(self) -> str:
        return str(self["use"].value() or "")

    @property
    def is_new(self) -> bool:
        return self._use == NEW

    @property
    def is_left_out(self) -> bool:
        return self._use == NONE

    @property
    def existing(self) -> Model | None:
        return self.things.get(self._use)

    # --- How it is shown ----------------------------------------------------------

    @property
    def is_plain(self) -> bool:
        """Whether the choice stands alone, so that nobody needs its label to see."""
        return self.always == {"use"}

    @property
    def anchor(self) -> str:
        """Where links to it lead."""
        return str(self.prefix)

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields of a new one."""
        return [field for field in self if field.name not in self.always]

    @property
    def has_wrong_details(self) -> bool:
        return any(field.errors for field in self.details)

    @property
    def heading(self) -> str:
        """What was found, on one line."""
        return str(self["name"].value() or "") if "name" in self.fields else ""

    @property
    def raw(self) -> str:
        """The words of the page, where they differ from what is shown."""
        return ""

    @cached_property
    def doubts(self) -> list[str]:
        """What somebody should look at before this becomes content."""
        if self.may_add or self.candidates.same:
            return self.questions()
        return [
            f"There is no such {self.noun} here yet, and you may not add one. Use "
            "another, or leave it out and ask an editor."
        ]

    def questions(self) -> list[str]:
        """What may have been read wrongly."""
        return []
