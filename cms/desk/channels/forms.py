"""The form of a channel, in the order of the work."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.text import slugify
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
    TitleFieldPanel,
)
from wagtail.models import DraftStateMixin, Locale, TranslatableMixin

from api.channels.models import (
    Channel,
    Collected,
    Extent,
    Role,
    Selection,
    every_language,
)
from content_models.widgets import WrappingTextInput

from ..widgets import Boxes, Choices, name_groups
from .words import SELECTORS

# Where the form says it otherwise than the model.
LABELS = {"collections": "Whole collections"}


class ChannelForm(WagtailAdminModelForm):
    """Asks for a selection where one is needed, and for one decision an article."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SELECTORS:
            if name in self.fields:
                self._offer(name)
        for name, choices in (
            ("languages", every_language()),
            ("collections", Collected.choices),
        ):
            if name in self.fields:
                self.fields[name] = forms.MultipleChoiceField(
                    choices=choices,
                    widget=Boxes,
                    required=False,
                    label=LABELS.get(name, self.fields[name].label),
                    help_text=self.fields[name].help_text,
                )

        if "slug" in self.fields:
            self.fields["slug"].required = False
        name_groups(self)

    def _offer(self, name: str) -> None:
        field: Any = self.fields[name]
        chosen = self.instance.pk and getattr(self.instance, name).values("pk")
        field.queryset = offered(field.queryset.model, chosen or ())

    def clean_slug(self) -> str:
        """The address; an empty one is made from the name."""
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))
        if not slug:
            raise forms.ValidationError("Write one: it cannot be made from the name.")
        return str(slug)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        is_selected = cleaned.get("selection") == Selection.SELECTED
        if is_selected and not any(cleaned.get(name) for name in SELECTORS):
            self.add_error(
                "selection",
                "Choose a category, tag, location or author below: it would carry no "
                "article.",
            )
        self._refuse_two_decisions()
        return cleaned

    def _refuse_two_decisions(self) -> None:
        seen: set[Any] = set()
        for article, _decision in self.decisions():
            if article.translation_key in seen:
                self.add_error(
                    None,
                    f"“{article}” stands there twice among the exceptions, or in two "
                    "languages: one decision counts for all of its translations.",
                )
            seen.add(article.translation_key)

    def decisions(self) -> list[tuple[Any, str]]:
        """What the form says of single articles, by those rows that stay."""
        rows = self.formsets["rules"]
        filled = [
            row.cleaned_data
            for row in rows.forms
            if row.is_valid() and not row.cleaned_data.get("DELETE")
        ]
        return [(row["article"], row["decision"]) for row in filled if "article" in row]


def offered(model: type[Model], chosen: Any) -> QuerySet[Any]:
    """What of `model` can be ticked: published, each in one language; or `chosen`.

    That is the usual language; whatever has no translation into that, its own.
    """
    rows = model._default_manager.all()
    if issubclass(model, DraftStateMixin):
        rows = rows.filter(live=True)
    if issubclass(model, TranslatableMixin):
        usual = Locale.get_default()
        translation = model._default_manager.filter(
            translation_key=OuterRef("translation_key"), locale=usual
        )
        rows = rows.filter(Q(locale=usual) | ~Exists(translation))
    kept = Q(pk__in=rows.values("pk")) | Q(pk__in=chosen)
    return model._default_manager.filter(kept)


def _boxes(name: str, **more: Any) -> Panel:
    return FieldPanel(name, widget=Boxes, classname="desk-boxes-field", **more)


def _radio(name: str, choices: Any, **more: Any) -> Panel:
    return FieldPanel(name, widget=Choices(choices=choices), **more)


def _address(is_new: bool) -> Panel:
    return FieldPanel("slug", read_only=not is_new)


def _site(is_new: bool) -> Panel:
    name = (
        TitleFieldPanel(
            "name",
            targets=["slug"],
            classname="",
            placeholder=False,
            widget=WrappingTextInput,
        )
        if is_new
        else FieldPanel("name", widget=WrappingTextInput)
    )
    return MultiFieldPanel(
        [
            name,
            _address(is_new),
            _radio("role", Role.choices),
            FieldPanel("site_url"),
            FieldPanel("is_open"),
            *([] if is_new else [FieldPanel("is_suspended")]),
            FieldRowPanel(
                [
                    FieldPanel("contact_name"),
                    FieldPanel("contact_email"),
                    FieldPanel("contact_phone"),
                ]
            ),
        ],
        heading="Site",
    )


RULES = MultipleChooserPanel(
    "rules",
    chooser_field_name="article",
    panels=[FieldPanel("article"), FieldPanel("decision")],
    heading="Single articles",
    label="article",
    help_text="“Always”: it is carried whatever is chosen above. “Never”: it is not. "
    "Each counts for all translations of the article.",
)
CARRIES = [
    MultiFieldPanel(
        [
            _radio("selection", Selection.choices),
            _boxes("categories"),
            _boxes("tags"),
            _boxes("locations"),
            _boxes("authors"),
        ],
        heading="Which articles",
        help_text="An article is carried if it is about any of what is chosen.",
    ),
    RULES,
    MultiFieldPanel(
        [
            _radio("extent", Extent.choices),
            FieldPanel("delay_days", heading="Days of delay"),
            _boxes("languages"),
        ],
        heading="How they are carried",
    ),
    MultiFieldPanel(
        [_boxes("collections", heading=LABELS["collections"])],
        heading="Besides articles",
    ),
]


@cache
def _handler(panels: Callable[[], list[Panel]]) -> Any:
    made = ObjectList(panels(), base_form_class=ChannelForm)
    return made.bind_to_model(Channel)


def _of_new() -> list[Panel]:
    return [_site(is_new=True), *CARRIES]


def _of_any() -> list[Panel]:
    return [_site(is_new=False), *CARRIES]


def _of_public() -> list[Panel]:
    # It carries everything by its nature: only exceptions can be made.
    return [RULES]


def handler(channel: Channel | None) -> Any:
    """The form of `channel`, or of a new one."""
    if channel is None:
        return _handler(_of_new)
    return _handler(_of_public if channel.is_public else _of_any)
