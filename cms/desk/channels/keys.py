"""Making and revoking the keys of a channel. A key is shown once, and never stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from api.channels import keys
from api.channels.models import Channel, Key
from cms.desk.addresses import page_of
from content_models.models import Practice


class KeyForm(forms.Form):
    """Who will use the key, and until which day."""

    name = forms.CharField(
        max_length=80, help_text=Key._meta.get_field("name").help_text
    )
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        widget=AdminDateInput,
        help_text="After it the key opens nothing. Empty: it does not end.",
    )
    # The newest key when the form was opened: sending it again makes no second one.
    newest = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day is not None and day < Practice.load().today(timezone.now()):
            raise ValidationError("This day is past: choose today or a later one.")
        return day

    @property
    def expires_at(self) -> datetime | None:
        """The end of the last day, where the practice is."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        return Practice.load().midnight_before(day + timedelta(days=1))


class _OfChannel(WagtailAdminTemplateMixin, ContextMixin, View):
    """Something about the keys of one channel, for those who may change it."""

    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        policy = policy_registry.get_by_type(Channel)
        if not policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def channel(self) -> Channel:
        return get_object_or_404(Channel, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.channel)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": reverse("channels:index"), "label": "Channels"},
            {"url": page_of(self.channel), "label": str(self.channel)},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            channel=self.channel, back_url=page_of(self.channel), **kwargs
        )
        if "form" in context:
            context["media"] = context["form"].media
        return context


class MakeKeyView(_OfChannel):
    """`/cms/channels/{pk}/keys/make/`: asks for a name, then shows the key."""

    template_name = "desk/channels/make_key.html"
    page_title = "Make a key"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._asking(KeyForm(initial={"newest": self._newest}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = KeyForm(request.POST)
        if not form.is_valid():
            return self._asking(form)
        if form.cleaned_data["newest"] != self._newest:
            messages.warning(
                request,
                "No key was made: one has just been made here, and a key is shown only "
                "once. If nobody has copied it, revoke it and make another.",
            )
            return redirect(page_of(self.channel))
        try:
            key, text = keys.issue(
                self.channel,
                form.cleaned_data["name"],
                expires_at=form.expires_at,
                by=request.user,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            return self._asking(form)
        log(self.channel, "clinicast.make_key", data={"key": str(key)})
        context = self.get_context_data(key=key, text=text)
        response = self.render_to_response(context)
        response["Cache-Control"] = "no-store"
        return response

    def _asking(self, form: KeyForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    @property
    def _newest(self) -> str:
        return str(self.channel.keys.values_list("pk", flat=True).first() or "")


class RevokeKeyView(_OfChannel):
    """`/cms/channels/{pk}/keys/{key}/revoke/`: asks first, as it cannot be undone."""

    template_name = "desk/channels/revoke_key.html"
    page_title = "Revoke a key"

    @cached_property
    def key(self) -> Key:
        return get_object_or_404(self.channel.keys, pk=self.kwargs["key"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(key=self.key))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        valid = self.channel.keys.filter(pk=self.key.pk, revoked_at=None)
        if valid.update(revoked_at=timezone.now()):
            log(self.channel, "clinicast.revoke_key", data={"key": str(self.key)})
        messages.success(request, f"The key “{self.key.name}” opens nothing any more.")
        return redirect(page_of(self.channel))
