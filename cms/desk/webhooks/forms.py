"""The form of a webhook: where messages go, and what of."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

from api.webhooks.models import VERBS, Endpoint, every_event

CHOSEN = ("url", "description", "events", "carries_document")
# What most sites want to hear of, and no more.
USUAL = [f"article.{verb}" for verb in VERBS]


class EventBoxes(forms.CheckboxSelectMultiple):
    """Boxes in one group, below each other by kind; each is called by its kind too."""

    template_name = "desk/webhooks/events.html"
    option_inherits_attrs = False


class EndpointForm(WagtailAdminModelForm):
    """Where messages go. Their channel is chosen once: the place is in its changes."""

    class Meta:
        model = Endpoint
        fields = ("channel", *CHOSEN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["channel"]
        else:
            self.initial["events"] = USUAL
        events = self.fields["events"]
        self.fields["events"] = forms.MultipleChoiceField(
            choices=every_event,
            widget=EventBoxes,
            required=False,
            label=events.label,
            help_text=events.help_text,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        channel = cleaned.get("channel") or self.instance.channel_id
        same = Endpoint.objects.filter(channel=channel, url=cleaned.get("url"))
        if channel and same.exclude(pk=self.instance.pk).exists():
            self.add_error("url", "This site has a webhook at that address already.")
        return cleaned

    def save(self, commit: bool = True) -> Endpoint:
        """Write what was chosen, and nothing of what the worker keeps."""
        if not commit or self.instance.pk is None:
            made: Endpoint = super().save(commit=commit)
            return made
        self.instance.save(update_fields=CHOSEN)
        return self.instance
