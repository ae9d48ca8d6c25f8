"""Which channels carry a document, and what it says there that differs."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection

from api.channels.entitlements import FOLLOWING, Subject, Why, is_own_site
from api.channels.models import Channel

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


@dataclass(frozen=True)
class Plan:
    """Where one document should stand, and from when where that is still to come."""

    desired: list[Desired]
    upcoming: dict[int, datetime]

    def on(self, channels: Container[int]) -> Plan:
        """The part of it that is about `channels`."""
        return Plan(
            [one for one in self.desired if one.channel.pk in channels],
            {pk: at for pk, at in self.upcoming.items() if pk in channels},
        )


# By channel, then by document: until when an article there uses it (None: no end).
Uses = Mapping[int, Mapping[UUID, datetime | None]]


class Sibling(NamedTuple):
    """A translation that a channel shows, as the others name it."""

    document_id: UUID
    type: str
    locale: str
    slug: str
    visible_until: datetime | None
    valid_until: datetime | None


# By channel and translation group.
Siblings = Mapping[tuple[int, UUID], Sequence[Sibling]]


# Whatever is used by many is asked for by each that is placed: the database sums up.
_USES = f"""
    SELECT placement.channel_id, used,
        bool_or(placement.visible_until IS NULL), max(placement.visible_until)
    FROM {Placement._meta.db_table} placement
    JOIN {Document._meta.db_table} article ON article.id = placement.document_id
    CROSS JOIN LATERAL unnest(article.uses) AS used
    WHERE placement.type = %s AND placement.is_visible
        AND placement.channel_id = ANY(%s)
        AND (placement.visible_until IS NULL OR placement.visible_until > %s)
        AND article.uses && %s AND used = ANY(%s)
    GROUP BY placement.channel_id, used
"""  # noqa: S608 - only names of tables are put in


def plans(
    documents: Sequence[Document], scene: Scene, channels: Iterable[Channel] = ()
) -> Iterator[tuple[Document, Plan]]:
    """Where each of `documents` should stand of `channels`, or of all.

    Two statements, however many they are. What stands there now is not looked at, but
    for the articles that use a document and for its translations.
    """
    channels = tuple(channels) or scene.channels
    uses = _uses(documents, channels, scene.now)
    siblings = _siblings(documents, channels, scene)
    for document in documents:
        yield document, _plan(document, channels, scene, uses, siblings)


def _plan(
    document: Document,
    channels: Sequence[Channel],
    scene: Scene,
    uses: Uses,
    siblings: Siblings,
) -> Plan:
    subject = subject_of(document)
    writer = _Writer(document, scene)
    plan = Plan([], {})
    for channel in channels:
        used = uses.get(channel.pk, {})
        verdict = scene.entitlements[channel.pk].verdict(
            subject, scene.now, is_used=document.pk in used
        )
        if verdict.from_at is not None:
            plan.upcoming[channel.pk] = verdict.from_at
        if not verdict.is_carried:
            continue
        until = document.visible_until
        if verdict.why == Why.USED:
            # No longer than the last article that brought it here.
            ends = [end for end in (until, used[document.pk]) if end is not None]
            until = min(ends, default=None)
        others = [
            one
            for one in siblings.get((channel.pk, document.translation_group), ())
            if one.document_id != document.pk
        ]
        plan.desired.append(writer.desired(channel, until, others))
    return plan


def subject_of(document: Document) -> Subject:
    """What an entitlement is asked about."""
    return Subject(
        type=document.type,
        group=document.translation_group,
        locale=document.locale,
        topics=document.topics,
        published_at=document.published_at,
    )


def _uses(
    documents: Sequence[Document], channels: Sequence[Channel], now: datetime
) -> Uses:
    """Which of `documents` the articles of each channel use that have not ended."""
    following = [one.pk for one in documents if one.type in FOLLOWING]
    found: dict[int, dict[UUID, datetime | None]] = defaultdict(dict)
    if not following or all(channel.is_public for channel in channels):
        return found
    others = [channel.pk for channel in channels if not channel.is_public]
    with connection.cursor() as cursor:
        cursor.execute(_USES, [Kind.ARTICLE.value, others, now, following, following])
        for channel_id, pk, is_endless, ends in cursor.fetchall():
            found[channel_id][pk] = None if is_endless else ends
    return found


def _siblings(
    documents: Sequence[Document], channels: Sequence[Channel], scene: Scene
) -> Siblings:
    """The visible translations of `documents`, themselves among them where needed."""
    groups = Counter(document.translation_group for document in documents)
    alone = [one.pk for one in documents if groups[one.translation_group] == 1]
    visible = (
        Placement.objects.visible_at(scene.now)
        .filter(channel__in=channels, document__translation_group__in=list(groups))
        .exclude(document__in=alone)
        .order_by("locale")
        .values_list(
            *("channel_id", "document__translation_group", "document_id"),
            *("document__type", "locale", "document__slug"),
            *("visible_until", "document__valid_until"),
        )
    )
    found: dict[tuple[int, UUID], list[Sibling]] = defaultdict(list)
    for channel_id, group, *sibling in visible:
        found[channel_id, group].append(Sibling(*sibling))
    return found


class _Writer:
    """Writes what one document says on each channel: what all share, only once."""

    def __init__(self, document: Document, scene: Scene) -> None:
        self._document, self._scene = document, scene
        # By the text that is digested.
        self._digests: dict[str, Any] = {}

    def desired(
        self,
        channel: Channel,
        visible_until: datetime | None,
        siblings: Sequence[Sibling],
    ) -> Desired:
        suffix = as_json(members_of(self._document, channel, self._scene, siblings))
        etag = self._digest(self._document.text_on(channel))
        etag.update(suffix.encode())
        ends = [
            end
            for sibling in siblings
            for end in (sibling.visible_until, sibling.valid_until)
            if end is not None
        ]
        return Desired(
            channel,
            suffix,
            etag.hexdigest()[:32],
            visible_until,
            min(ends, default=None),
        )

    def _digest(self, text: str) -> Any:
        if text not in self._digests:
            self._digests[text] = hashlib.sha256(text.encode())
        return self._digests[text].copy()


def members_of(
    document: Document, channel: Channel, scene: Scene, siblings: Sequence[Sibling]
) -> dict[str, Any]:
    """What `document` says on `channel` that differs by channel.

    `siblings` are the translations that the channel shows.
    """
    members: dict[str, Any] = {
        "url": _url(document, channel),
        "translations": [
            {
                "locale": sibling.locale,
                "slug": sibling.slug,
                "url": _url(sibling, channel),
            }
            for sibling in siblings
        ],
    }
    if document.type == Kind.ARTICLE:
        members["attribution"] = _attribution(document, scene)
        members["indexing"] = {
            "canonical": document.canonical_url,
            "robots": "index, follow" if is_own_site(channel) else "noindex, follow",
        }
    return members


def _url(document: Document | Sibling, channel: Channel) -> str:
    address = api_url(Kind(document.type), document.slug, document.locale)
    if channel.is_public or not channel.is_open:
        return address
    joint = "&" if "?" in address else "?"
    return address + joint + urlencode({"channel": channel.slug})


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
    if "logo" not in scene.kept:
        scene.kept["logo"] = _address_of_logo(scene)
    return cast("str | None", scene.kept["logo"])


def _address_of_logo(scene: Scene) -> str | None:
    rendering = Rendering(scene)
    image = rendering.image(scene.practice.logo)
    if image is None:
        return None
    shown = ImageSerializer(image, context={"rendering": rendering}).data
    return next((made["url"] for made in shown["renditions"]), None)
