"""The column that says how far each site is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from api.channels.models import Channel
from cms.desk.propagation import words
from cms.desk.propagation.consumers import consumers_of
from cms.desk.standing import StateColumn


class BehindColumn(StateColumn):
    """As “3 changes behind”; three statements a page."""

    def get_cell_context_data(
        self, instance: Channel, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        request, now = parent_context["request"], timezone.now()
        if not hasattr(request, "consumers_of_channels"):
            channels = list(parent_context["table"].data)
            request.consumers_of_channels = consumers_of(channels, now, is_counted=True)
        found = request.consumers_of_channels[instance.pk]
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        return {**context, "value": words.behind(found, instance, now)}
