"""Which channels carry a document, and what it says there that differs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from api.channels.models import PUBLIC, Channel

from .models import Document, Kind, Placement
from .scene import Scene
from .serializers.base import Rendering, api_url, as_json
from .serializers.media import ImageSerializer
from .serializers.site import license_of


@dataclass(frozen=True)
class Desired:
    """A placement as it should be."""

    channel: Channel
    suffix: str
    etag: str
    visible_until: datetime | None
    # When the first of the translations that it names may be gone.
    translations_until: datetime | None


def carriers(document: Document, scene: Scene) -> list[Channel]:
    """The channels that carry `document`: `public` carries all that is published."""
    return [channel for channel in scene.channels if channel.slug == PUBLIC]


def desired(
    document: Document,
    channel: Channel,
    scene: Scene,
    visible_until: datetime | None,
) -> Desired:
    """How `document` should stand on `channel`."""
    siblings = _siblings(document, channel, scene)
    suffix = as_json(members_of(document, channel, scene, siblings))
    etag = hashlib.sha256((document.full_json + suffix).encode()).hexdigest()[:32]
    ends = [
        end
        for sibling in siblings
        for end in (sibling.visible_until, sibling.document.valid_until)
        if end is not None
    ]
    return Desired(channel, suffix, etag, visible_until, min(ends, default=None))


def members_of(
    document: Document, channel: Channel, scene: Scene, siblings: list[Placement]
) -> dict[str, Any]:
    """What `document` says on `channel` that differs by channel.

    `siblings` are the translations that the channel shows.
    """
    members: dict[str, Any] = {
        "url": _url(document, channel),
        "translations": [
            {
                "locale": sibling.locale,
                "slug": sibling.document.slug,
                "url": _url(sibling.document, channel),
            }
            for sibling in siblings
        ],
    }
    if document.type == Kind.ARTICLE:
        members["attribution"] = _attribution(document, scene)
        members["indexing"] = {
            "canonical": document.canonical_url,
            "robots": "index, follow",
        }
    return members


def _url(document: Document, channel: Channel) -> str:
    address = api_url(Kind(document.type), document.slug, document.locale)
    if channel.slug == PUBLIC or not channel.is_open:
        return address
    joint = "&" if "?" in address else "?"
    return address + joint + urlencode({"channel": channel.slug})


def _siblings(document: Document, channel: Channel, scene: Scene) -> list[Placement]:
    """The translations of `document` that `channel` shows."""
    visible = (
        Placement.objects.visible_at(scene.now)
        .filter(channel=channel, document__translation_group=document.translation_group)
        .exclude(document=document)
        .select_related("document")
        .order_by("locale")
    )
    return list(visible)


def _attribution(document: Document, scene: Scene) -> dict[str, Any]:
    practice = scene.practice
    address = escape(document.canonical_url or practice.base_url)
    return {
        "text": f"From {practice.name}",
        "html": f'<p>From <a href="{address}">{escape(practice.name)}</a></p>',
        "publisher": practice.name,
        "logo": _logo(scene),
        "license": license_of(practice),
    }


def _logo(scene: Scene) -> str | None:
    """The address of the smallest logo; None while it is private or not made yet."""
    rendering = Rendering(scene)
    image = rendering.image(scene.practice.logo)
    if image is None:
        return None
    shown = ImageSerializer(image, context={"rendering": rendering}).data
    return next((made["url"] for made in shown["renditions"]), None)
