"""Choosing content, and making what is not there yet without leaving the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.forms import ModelForm, modelform_factory
from django.utils.functional import cached_property
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.models import DraftStateMixin, Locale
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChooserViewSet, SnippetCreateView


class InPlaceForm(WagtailAdminModelForm):
    """The few fields that something new needs; its own page has the rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self.instance, "locale_id") and self.instance.locale_id is None:
            self.instance.locale = Locale.get_default()


class InPlaceCreateView(SnippetCreateView):
    """Publishes what somebody who may publish makes; of others it is a draft."""

    def save_form(self, form: InPlaceForm) -> Model:
        if not isinstance(form.instance, DraftStateMixin):
            made: Model = form.save()
            return made
        form.instance.live = False
        content = form.save()
        revision = content.save_revision(user=self.request.user, log_action=True)
        policy = policy_registry.get_by_type(type(content))
        if policy.user_has_permission_for_instance(
            self.request.user, "publish", content
        ):
            revision.publish(user=self.request.user)
        return content


class InPlaceChooser(SnippetChooserViewSet):
    """A chooser with a tab on which a new one is made from `in_place_fields`."""

    create_view_class = InPlaceCreateView
    creation_tab_label = "New"
    create_action_label = "Create and choose it"
    in_place_fields: Sequence[str] = ()

    @cached_property
    def creation_form_class(self) -> type[ModelForm[Any]]:
        fields = list(self.in_place_fields)
        return modelform_factory(self.model, form=InPlaceForm, fields=fields)


def chooser(*fields: str) -> type[InPlaceChooser]:
    """The chooser of a kind of which a new one needs these fields."""
    return type("Chooser", (InPlaceChooser,), {"in_place_fields": fields})
