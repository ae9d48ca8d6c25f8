"""What a channel carries, as tests ask for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from api.channels.models import Channel
from api.documents import publishing
from api.documents.models import Placement

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def on(channel: Channel, *types: str) -> set[str]:
    """What the channel carries of `types`, as `article:slug`; articles by default."""
    shown = Placement.objects.filter(channel=channel, is_visible=True)
    names = shown.filter(type__in=types or ["article"])
    return {f"{one.type}:{one.document.slug}" for one in names}


def listed(channel: Channel, collection: str = "articles") -> list[str]:
    answer = Client().get(f"/api/v1/{collection}/", {"channel": channel.slug})
    assert answer.status_code == 200
    return [one["slug"] for one in answer.json()["results"]]


def change(channel: Channel, **fields: Any) -> None:
    """Save a change as the admin does; the worker has not settled it yet."""
    with publishing.publishing():
        for name, value in fields.items():
            setattr(channel, name, value)
        channel.save()
