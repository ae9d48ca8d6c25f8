"""Authors and references from pasted text, in the dialog in which they are chosen.

What was read is shown field by field, what is unsure is marked, and each one is matched
with what is here or made new; then all are chosen at once. Nothing is kept between the
two steps: the text is sent along and read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any, NamedTuple

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Locale

from content_models import bylines
from content_models.choosers import (
    InPlaceChooser,
    InPlaceChooseView,
    InPlaceCreateView,
)
from content_models.citations import lookup, parsing
from content_models.import_screen import matching
from content_models.import_screen.citations import CitationForm
from content_models.import_screen.parts import PartForm
from content_models.import_screen.people import PersonForm
from content_models.importers import making
from content_models.models import Author
from content_models.people import Person
from content_models.publication import publication

LONGEST_TEXT = 100_000
# More than an article has; of the rest, the dialog says that it is pasted next.
MOST = 40


class PastedPersonForm(PersonForm):
    """A person of a byline, who is chosen as an author or as a reviewer."""

    always = frozenset({"use"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["role"], self.fields["reviewed_on"]

    def clean(self) -> dict[str, Any]:
        return super(PersonForm, self).clean()

    def corrected(self) -> Person:
        self.cleaned_data["role"] = "author"
        return super().corrected()

    @property
    def is_reviewer(self) -> bool:
        return False

    @property
    def raw(self) -> str:
        return ""


class Read(NamedTuple):
    """A form for each of the first, how many were left, and who was asked in vain."""

    forms: list[PartForm]
    left: int
    silent: Sequence[str] = ()


def _person_forms(text: str, **settings: Any) -> Read:
    locale = Locale.get_default()
    people = bylines.parse(text).people
    forms: list[PartForm] = [
        PastedPersonForm(
            person=each,
            candidates=matching.of_person(each, locale),
            may_add_types=settings["may_add"],
            prefix=f"pasted-{n}",
            **settings,
        )
        for n, each in enumerate(people[:MOST])
    ]
    return Read(forms, len(people) - len(forms))


def _citation_forms(text: str, **settings: Any) -> Read:
    citations = parsing.parse_all(text)
    silent: Sequence[str] = ()
    # What was checked is taken from the form: asking again could only change it.
    if django_settings.LOOK_UP_CITATIONS and settings["data"] is None:
        contact = parseaddr(django_settings.DEFAULT_FROM_EMAIL)[1]
        looked_up, silent = lookup.look_up(citations[:MOST], contact)
        citations[:MOST] = looked_up
    forms: list[PartForm] = [
        CitationForm(
            citation=each,
            candidates=matching.of_citation(each.csl),
            prefix=f"pasted-{n}",
            **settings,
        )
        for n, each in enumerate(citations[:MOST])
    ]
    return Read(forms, len(citations) - len(forms), silent)


class _Pastes:
    """What the dialog says of pasting: for authors, or for references."""

    model_class: type[Model]
    request: HttpRequest

    @property
    def is_of_people(self) -> bool:
        return self.model_class is Author

    def paste_context(self) -> dict[str, Any]:
        return {
            "paste_action_url": self._paste_url,
            "is_of_people": self.is_of_people,
            "longest_text": LONGEST_TEXT,
        }

    @property
    def _paste_url(self) -> str:
        view: Any = self
        address = reverse(view.create_url_name.removesuffix("create") + "paste")
        return str(view.append_preserved_url_parameters(address))


class PasteChooseView(_Pastes, InPlaceChooseView):
    creation_form_template_name = "content_models/pasting/tab.html"

    def get_creation_form_context_data(self, form: Any) -> dict[str, Any]:
        context = super().get_creation_form_context_data(form)
        return {**context, **self.paste_context()}


class PasteCreateView(_Pastes, InPlaceCreateView):
    creation_form_template_name = "content_models/pasting/tab.html"

    def get_creation_form_context_data(self, form: Any) -> dict[str, Any]:
        context = super().get_creation_form_context_data(form)
        return {**context, **self.paste_context()}


class PasteView(PasteCreateView):
    """Reads what was pasted; then makes and chooses what was checked."""

    # How many were read besides those that are shown, and who was asked in vain.
    left = 0
    silent: Sequence[str] = ()

    def post(self, request: HttpRequest) -> HttpResponse:
        data = request.POST if "checked" in request.POST else None
        read = _person_forms if self.is_of_people else _citation_forms
        forms, self.left, self.silent = read(
            self._text, data=data, may_add=self.can_create()
        )
        if data is None:
            return self._shown(forms)
        valid = [form.is_valid() for form in forms]
        used = [form for form in forms if not form.is_left_out]
        if not all(valid):
            return self._shown(forms)
        if not used or (len(used) > 1 and not self._takes_several):
            return self._shown(forms, wrong=self._how_many)
        try:
            with publication():
                things = list(dict.fromkeys(map(self._thing, used)))
        except ValidationError as refused:
            # Such as one work that stands there twice. None of them was made.
            return self._shown(forms, wrong=" ".join(refused.messages))
        if self._takes_several:
            return self.get_multiple_chosen_response(things)
        return self.get_chosen_response(things[0])

    @cached_property
    def _text(self) -> str:
        return self.request.POST.get("text", "")[:LONGEST_TEXT]

    @property
    def _takes_several(self) -> bool:
        return bool(self.request.GET.get("multiple"))

    @property
    def _how_many(self) -> str:
        if self._takes_several:
            return "All of them are left out. Use or make at least one."
        return "Only one can be chosen here: leave the others out."

    def _thing(self, form: Any) -> Model:
        if form.existing:
            return form.existing
        found = form.corrected()
        made: Any = (
            making.author(found, Locale.get_default())
            if self.is_of_people
            else making.reference(found)
        )
        if self.publishes:
            made.latest_revision.publish(user=self.request.user)
        return made

    def _shown(self, forms: Sequence[PartForm], wrong: str = "") -> HttpResponse:
        form = self.get_creation_form_class()()
        context = {
            **self.get_creation_form_context_data(form),
            "view": self,
            "pasted": self._text,
            "forms": forms,
            "left": self.left,
            "silent": " and ".join(self.silent),
            "wrong": wrong or ("" if forms else self._nothing_read),
            "takes_several": self._takes_several,
        }
        html = render_to_string(self.creation_form_template_name, context, self.request)
        answer = {"step": "reshow_creation_form", "htmlFragment": html}
        return render_modal_workflow(self.request, None, None, None, json_data=answer)

    @property
    def _nothing_read(self) -> str:
        if self.is_of_people:
            return "No person's name could be read in this text."
        return "There is no text."


class PasteChooser(InPlaceChooser):
    """A chooser whose second tab also takes pasted text."""

    choose_view_class = PasteChooseView
    create_view_class = PasteCreateView
    paste_view_class = PasteView
    creation_tab_label = "Paste or new"

    @property
    def paste_view(self) -> Any:
        return self.construct_view(self.paste_view_class)

    def get_urlpatterns(self) -> list[URLPattern]:
        paste = path("paste/", self.paste_view, name="paste")
        return [*super().get_urlpatterns(), paste]


def paste_chooser(*fields: str) -> type[PasteChooser]:
    """The chooser of a kind that can be pasted, and of which a new one needs these."""
    return type("Chooser", (PasteChooser,), {"in_place_fields": fields})
