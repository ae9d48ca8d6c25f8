"""Which channels carry a document, and what it says there that differs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from api.channels.models import PUBLIC, Channel
from content_models.models import Practice

from .models import Document, Kind, Placement
from .serializers.base import api_url, as_json
from .serializers.site import license_of


@dataclass(frozen=True)
class Desired:
    """A placement as it should be."""

    channel: Channel
    suffix: str
    etag: str
    visible_until: datetime | None


def carriers(document: Document) -> list[Channel]:
    """The channels that carry `document`: `public` carries all that is published."""
    return list(Channel.objects.filter(slug=PUBLIC))


def desired(
    document: Document,
    channel: Channel,
    practice: Practice,
    visible_until: datetime | None,
) -> Desired:
    """How `document` should stand on `channel`."""
    suffix = as_json(_suffix(document, channel, practice))
    etag = hashlib.sha256((document.full_json + suffix).encode()).hexdigest()[:32]
    return Desired(channel, suffix, etag, visible_until)


def _suffix(document: Document, channel: Channel, practice: Practice) -> dict[str, Any]:
    members: dict[str, Any] = {
        "url": _url(document, channel),
        "translations": _translations(document, channel),
    }
    if document.type == Kind.ARTICLE:
        members["attribution"] = _attribution(document, practice)
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


def _translations(document: Document, channel: Channel) -> list[dict[str, str]]:
    visible = (
        Placement.objects.filter(
            channel=channel,
            is_visible=True,
            document__translation_group=document.translation_group,
        )
        .exclude(document=document)
        .select_related("document")
        .order_by("locale")
    )
    return [
        {
            "locale": placement.locale,
            "slug": placement.document.slug,
            "url": _url(placement.document, channel),
        }
        for placement in visible
    ]


def _attribution(document: Document, practice: Practice) -> dict[str, Any]:
    text = f"From {practice.name}"
    address = escape(document.canonical_url or practice.base_url)
    logo = practice.logo
    return {
        "text": text,
        "html": f'<p>From <a href="{address}">{escape(practice.name)}</a></p>',
        "publisher": practice.name,
        "logo": _logo_url(logo) if logo else None,
        "license": license_of(practice),
    }


def _logo_url(logo: Any) -> str | None:
    made = logo.renditions.filter(filter_spec__in=logo.rendition_specs()).first()
    if made is None:
        return None
    address: str = made.url
    return address if "://" in address else settings.PUBLIC_BASE_URL + address
