"""Choosing content, and making what is not there yet without leaving the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.forms import ModelForm, modelform_factory
from django.utils.functional import cached_property
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.views.generic.chooser import CreationFormMixin
from wagtail.models import DraftStateMixin, Locale, TranslatableMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetCreateView,
)

from content_models.models import Location


class InPlaceForm(WagtailAdminModelForm):
    """The few fields that something new needs; its own page has the rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        new = kwargs.setdefault("instance", self._meta.model())
        if isinstance(new, TranslatableMixin):
            new.locale = Locale.get_default()
        if isinstance(new, Location):
            new.stand_where_others_do()
        super().__init__(*args, **kwargs)


class _SaysWhatHappens(CreationFormMixin):
    """The button that makes a new one says whether readers will see it at once."""

    def get_creation_form_context_data(self, form: InPlaceForm) -> dict[str, Any]:
        context: dict[str, Any] = super().get_creation_form_context_data(form)
        return {**context, "create_action_label": self._what_happens}

    @property
    def _what_happens(self) -> str:
        if not issubclass(self.model_class, DraftStateMixin):
            return "Add it and choose it"
        if self.publishes:
            return "Publish it and choose it"
        return "Save it as a draft and choose it"

    @property
    def publishes(self) -> bool:
        policy = policy_registry.get_by_type(self.model_class)
        return bool(policy.user_has_permission(self.request.user, "publish"))


class InPlaceChooseView(_SaysWhatHappens, ChooseView):
    pass


class InPlaceChooseResultsView(_SaysWhatHappens, ChooseResultsView):
    pass


class InPlaceCreateView(_SaysWhatHappens, SnippetCreateView):
    """Publishes what somebody who may publish makes; of others it is a draft."""

    def save_form(self, form: InPlaceForm) -> Model:
        if not isinstance(form.instance, DraftStateMixin):
            made: Model = form.save()
            return made
        form.instance.live = False
        content = form.save()
        revision = content.save_revision(user=self.request.user, log_action=True)
        if self.publishes:
            revision.publish(user=self.request.user)
        return content


class InPlaceChooser(SnippetChooserViewSet):
    """A chooser with a tab on which a new one is made from `in_place_fields`."""

    choose_view_class = InPlaceChooseView
    choose_results_view_class = InPlaceChooseResultsView
    create_view_class = InPlaceCreateView
    creation_tab_label = "New"
    in_place_fields: Sequence[str] = ()

    @cached_property
    def creation_form_class(self) -> type[ModelForm[Any]]:
        fields = list(self.in_place_fields)
        return modelform_factory(self.model, form=InPlaceForm, fields=fields)


def chooser(*fields: str) -> type[InPlaceChooser]:
    """The chooser of a kind of which a new one needs these fields."""
    return type("Chooser", (InPlaceChooser,), {"in_place_fields": fields})
