"""The time that staff see and type: the practice's, unless they chose a zone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.users.models import UserProfile

from content_models.models import Practice

View = Callable[..., HttpResponseBase]


def in_staffs_time(view: View) -> View:
    """`view`, for whose user Wagtail finds the practice's zone where it looks for one.

    Without one it takes TIME_ZONE, which is UTC: that of storage and API.
    """

    @wraps(view)
    def timed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if user.is_authenticated:
            # In memory only: who chose none goes along when the practice moves.
            profile = getattr(user, "wagtail_userprofile", None) or UserProfile(
                user=user
            )
            if not profile.current_time_zone:
                profile.current_time_zone = Practice.load(request).time_zone
        return view(request, *args, **kwargs)

    return timed


def _zones() -> list[tuple[str, str]]:
    practices = ("", f"The practice's ({Practice.load().time_zone})")
    return [practices, *((zone, zone) for zone in sorted(available_timezones()))]


class _ZoneForm(WagtailAdminModelForm):
    current_time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="In which you see and type moments.",
        required=False,
        choices=_zones,
    )

    class Meta:
        model = UserProfile
        fields = ("current_time_zone",)


class ZonePanel(BaseSettingsPanel):
    """In `/cms/account/`, in place of Wagtail's, which offers that of the server."""

    name = "time_zone"
    title = "Time"
    order = 410
    form_class = _ZoneForm
    form_object = "profile"
