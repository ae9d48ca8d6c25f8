"""Groups of boxes to tick, and of choices, that have a name as a group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst


class _Group(forms.widgets.ChoiceWidget):
    template_name = "desk/widgets/group.html"
    # The name and what else is said of the whole is not said of each again.
    option_inherits_attrs = False
    role = "group"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["role"] = self.role
        return context


class Boxes(_Group, forms.CheckboxSelectMultiple):
    """Check boxes in columns, as many as fit."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "desk-boxes", **(attrs or {})})


class Choices(_Group, forms.RadioSelect):
    """One of a few, all in sight."""

    role = "radiogroup"


def name_groups(form: forms.BaseForm) -> None:
    """Call each group of `form` what its field is called."""
    for field in form.fields.values():
        if isinstance(field.widget, _Group) and field.label:
            field.widget.attrs.setdefault("aria-label", str(capfirst(field.label)))
