"""The board of a withdrawal: which sites have confirmed it, and whom to call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View
from wagtail.models import Page
from wagtail.permissions import policy_registry

from api.channels.models import Channel
from api.documents.models import Document, Withdrawal

from .acts import Act, act_of
from .words import may_see


class NoteForm(forms.Form):
    """That a site has said of one withdrawal that its copies are gone."""

    channel = forms.ModelChoiceField(Channel.objects.all())
    act = forms.CharField()


class BoardView(WagtailAdminTemplateMixin, ContextMixin, View):
    """`/cms/withdrawn/{document}/`, for whoever may see the sites.

    With `?part=rows` only what changes, by which the page keeps itself up to date.
    """

    template_name = "desk/propagation/board.html"
    page_title = "Who has confirmed"
    header_icon = "warning"

    @cached_property
    def document(self) -> Document:
        return get_object_or_404(Document, pk=self.kwargs["document"])

    @cached_property
    def act(self) -> Act:
        return act_of(self.document, timezone.now())

    @property
    def is_withdrawn(self) -> bool:
        return self.document.withdrawn_kind == Withdrawal.WITHDRAWN

    @cached_property
    def may_note(self) -> bool:
        """Whoever may publish all of it may write down what a site has said of it.

        Of what is deleted by now, whoever may publish anything.
        """
        user = self.request.user
        articles = [one.article for one in self.act.names if one.article is not None]
        if articles:
            rights = (one.permissions_for_user(user) for one in articles)
            return all(each.can_publish() for each in rights)
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_permission(user, "publish"))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_withdrawn:
            messages.info(request, "It was published again: nothing to confirm.")
            kind, _, pk = self.document.source.partition(":")
            return redirect("where_it_appears", kind, pk)
        context = {"act": self.act, "may_note": self.may_note, "view": self}
        if request.GET.get("part") == "rows":
            return render(request, "desk/propagation/rows.html", context)
        return self.render_to_response(self.get_context_data(**context))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note that the site of a channel has said that its copy is gone."""
        form = NoteForm(request.POST)
        if not self.is_withdrawn:
            return self.get(request)
        if not self.may_note:
            raise PermissionDenied
        if not form.is_valid():
            messages.error(request, "Choose the site that says so once more.")
        elif form.cleaned_data["act"] != self.act.name:
            messages.warning(
                request,
                "It was published and withdrawn again since you opened this page. Ask "
                "the site once more: nothing was noted.",
            )
        else:
            channel = form.cleaned_data["channel"]
            if self.act.note(channel, request.user):
                messages.success(request, f"Noted: {channel} has taken it down.")
            else:
                messages.info(request, f"{channel} has confirmed it meanwhile.")
        return redirect(request.path)

    def get_page_subtitle(self) -> str:
        return self.act.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        report = reverse("sites_have")
        return [
            {"url": f"{report}?state=withdrawn", "label": "What sites have"},
            {"url": "", "label": self.get_page_subtitle()},
        ]
