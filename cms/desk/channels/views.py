"""The list of channels, and their form, which says what it would do before it does."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from api.channels.models import Channel, Collected, Role, Selection
from cms.desk.addresses import page_of
from cms.desk.standing import counted

from . import state
from .difference import Difference, difference, entitlement_of
from .forms import ChannelForm, handler
from .words import SELECTORS

_ID_OF_RULE = re.compile(r"rules-\d+-id")


class ChannelIndexView(generic.IndexView):
    """All channels; no number of them takes another statement."""

    def get_base_queryset(self) -> QuerySet[Channel]:
        channels = Channel.objects.select_related("head", "settling")
        used = Max("keys__last_used_at", filter=Q(keys__revoked_at=None))
        channels = channels.annotate(last_read_at=used)
        return channels.prefetch_related(*SELECTORS, "rules")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.add_url:
            return []
        return [
            HeaderButton("Add a partner", url=self.add_url, icon_name="plus"),
            HeaderButton(
                "Add a microsite",
                url=f"{self.add_url}?for={Role.MICROSITE}",
                icon_name="plus",
            ),
        ]


class _SaysWhatItDoes:
    """A form that tells what would come and go; it asks before anything goes.

    Of two who save at once, the second is told what the first one has changed.
    """

    template_name = "desk/channels/form.html"
    difference: Difference | None = None
    # What somebody else has changed meanwhile.
    changed: list[str]
    request: HttpRequest
    object: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.changed = []

    @cached_property
    def stored(self) -> Channel | None:
        """The channel as it stands, apart from the one that the form fills."""
        return None

    def is_valid(self, form: ChannelForm) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        self.produced_error_message = None
        self.changed = self._changed()
        chosen = {name: form.cleaned_data.get(name, ()) for name in SELECTORS}
        wanted = entitlement_of(form.instance, chosen, form.decisions())
        found = difference(self.stored, form.instance, wanted, timezone.now())
        asked = "preview" in self.request.POST
        is_confirmed = self.request.POST.get("confirmed") == found.token
        if asked or self.changed or (found.takes_away and not is_confirmed):
            self.difference = found
            return False
        return True

    def _changed(self) -> list[str]:
        if self.stored is None:
            return []
        token = self.request.POST.get("state", "")
        return list(state.changed_since(token, self.stored))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        found = self.difference
        is_asking = found is not None and found.takes_away
        return {
            **context,
            "difference": found,
            "changed": self.changed,
            "is_asking": is_asking and "preview" not in self.request.POST,
            "state": state.token(self.stored) if self.stored else "",
            "save_label": _save_label(found) if is_asking and found else "Save",
        }


def _save_label(found: Difference) -> str:
    if found.removed.articles:
        number = counted(found.removed.articles, "article")
        return f"Save, and take {number} off"
    return "Save, and take this away"


class ChannelCreateView(_SaysWhatItDoes, generic.CreateView):
    """A microsite starts with everything, a partner with what is chosen."""

    def get_panel(self) -> Any:
        return handler(None)

    @property
    def is_for_microsite(self) -> bool:
        return self.request.GET.get("for") == Role.MICROSITE

    def get_page_subtitle(self) -> str:
        return "Microsite" if self.is_for_microsite else "Partner"

    def get_initial(self) -> dict[str, Any]:
        if not self.is_for_microsite:
            return {}
        return {
            "role": Role.MICROSITE,
            "selection": Selection.ALL,
            "is_open": True,
            "collections": list(Collected.values),
        }

    def get_success_url(self) -> str:
        return page_of(self.object)


class ChannelEditView(_SaysWhatItDoes, generic.EditView):
    @cached_property
    def stored(self) -> Channel:
        channels = Channel.objects.all()
        if self.request.method == "POST":
            # Of two who save, the second waits here. No key of the row changes, so
            # publishing, which refers to it, never waits for an editor.
            channels = channels.select_for_update(no_key=True)
        return get_object_or_404(channels, pk=self.kwargs["pk"])

    def get_panel(self) -> Any:
        return handler(self.stored)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if "data" in kwargs:
            kwargs["data"] = self._without_what_is_gone(kwargs["data"])
        return kwargs

    def _without_what_is_gone(self, posted: Any) -> Any:
        """`posted`, with rows that somebody else has deleted as new ones."""
        kept = {str(pk) for pk in self.stored.rules.values_list("pk", flat=True)}
        copied = posted.copy()
        for name in posted:
            if _ID_OF_RULE.fullmatch(name) and posted[name] not in kept:
                copied[name] = ""
        return copied

    def get_success_url(self) -> str:
        return page_of(self.object)

    @cached_property
    def can_delete(self) -> bool:
        # What was on it stays on record, so it can be suspended instead.
        return False
