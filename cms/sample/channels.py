"""The sites that carry the sample content: one for each clinic, and a newspaper."""

from __future__ import annotations

from typing import Any

from api.channels.models import Channel, Collected, Role, Selection
from api.documents import publishing
from content_models.models import Category

from . import content
from .loading import Loading


def make_channels(loading: Loading) -> None:
    """Make those that are absent: nobody can delete one."""
    taken = set(Channel.objects.values_list("slug", flat=True))
    with publishing.publishing():
        made = [
            _make(loading, slug, fields)
            for slug, fields in _wanted()
            if slug not in taken
        ]
    if made:
        loading.made += len(made)
        loading.report("channels", len(made))


def _wanted() -> list[tuple[str, dict[str, Any]]]:
    microsites = {
        slug: {
            "name": place["name"],
            "role": Role.MICROSITE,
            "selection": Selection.ALL,
            "collections": list(Collected.values),
        }
        for slug, place in content.table("locations").items()
    }
    partners = content.table("channels")
    return [*microsites.items(), *partners.items()]


def _make(loading: Loading, slug: str, fields: dict[str, Any]) -> Channel:
    """Open ones: pages in a browser read them without a key."""
    given = dict(fields)
    categories = [loading.get(Category, name) for name in given.pop("categories", [])]
    channel = Channel(slug=slug, is_open=True, **given)
    channel.full_clean()
    channel.save()
    channel.categories.set(categories)
    return channel
