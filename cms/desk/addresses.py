"""Where staff find what more than one of our screens leads to."""

from __future__ import annotations

from django.urls import reverse

from api.channels.models import Channel


def page_of(channel: Channel) -> str:
    """Where staff see what `channel` carries now."""
    return reverse("channels:inspect", args=[channel.pk])
