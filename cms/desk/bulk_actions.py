"""Putting many articles on a site at once, or taking them off one."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from api.channels.models import Channel, Rule
from content_models.models import Article

from . import deciding
from .standing import counted
from .widgets import Choices, name_groups


class ChannelForm(forms.Form):
    """Which channel is meant."""

    channel = forms.ModelChoiceField(
        queryset=Channel.objects.all(),
        widget=Choices,
        empty_label=None,
        label="Which site",
        error_messages={"required": "Choose a site."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_groups(self)


class _OnChannel(PageBulkAction):
    """For whoever may publish each of them; other pages than articles stay out."""

    template_name = "desk/channels/bulk.html"
    form_class = ChannelForm
    decision: ClassVar[str]
    # What the page says will happen, and the message afterwards: {articles} {channel}.
    promise: ClassVar[str]
    done: ClassVar[str]

    def check_perm(self, page: Page) -> bool:
        may_publish = page.permissions_for_user(self.request.user).can_publish()
        return page.specific_class is Article and bool(may_publish)

    def get_execution_context(self) -> dict[str, Any]:
        form = self.cleaned_form
        return {
            **super().get_execution_context(),
            "channel": form.cleaned_data["channel"] if form else None,
            "decision": self.decision,
        }

    @classmethod
    def execute_action(
        cls, objects: list[Page], channel: Any = None, decision: str = "", **kwargs: Any
    ) -> tuple[int, int]:
        # In one order, so that two people who do the same do not lock each other out.
        for page in sorted(objects, key=lambda page: page.pk):
            deciding.decide(page.specific, channel, decision)
        return len(objects), 0

    def get_success_message(self, count: int, children: int) -> str:
        channel = self.cleaned_form.cleaned_data["channel"] if self.cleaned_form else ""
        return self.done.format(articles=counted(count, "article"), channel=channel)


class PutOnChannel(_OnChannel):
    display_name = "Put on a site…"
    action_type = "put_on_channel"
    aria_label = "Put the selected articles on a site"
    action_priority = 60
    decision = Rule.Decision.ALWAYS.value
    promise = (
        "They are always carried there, whatever its rules say. They appear within "
        "minutes."
    )
    done = "{articles} put on {channel}."


class TakeOffChannel(_OnChannel):
    display_name = "Take off a site…"
    action_type = "take_off_channel"
    aria_label = "Take the selected articles off a site"
    action_priority = 70
    decision = Rule.Decision.NEVER.value
    promise = (
        "They are gone from there at once, whatever its rules say. “Where it appears” "
        "of each brings it back."
    )
    done = "{articles} taken off {channel}."
