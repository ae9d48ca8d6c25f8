"""What every rendering of one moment has in common: the day, and who may see what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

from django.db.models import Q
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from api.channels import entitlements
from api.channels.entitlements import Entitlement
from api.channels.models import Channel
from content_models.models import Article, Image, Practice


@dataclass(frozen=True)
class Scene:
    """Read once for all that is rendered at one moment."""

    now: datetime
    # The calendar day where the practice is: decides which credentials are valid.
    day: date
    practice: Practice
    channels: tuple[Channel, ...]
    private_sections: tuple[str, ...]
    private_collections: frozenset[int]
    # What renders of this moment have made and the next ones use again.
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def at(cls, now: datetime) -> Self:
        practices = Practice.objects.select_related("logo")
        practice = practices.prefetch_related("logo__renditions").first()
        practice = practice or Practice.load()
        sections = PageViewRestriction.objects.values_list("page__path", flat=True)
        return cls(
            now=now,
            day=practice.today(now),
            practice=practice,
            channels=tuple(Channel.objects.select_related("settling").order_by("pk")),
            private_sections=tuple(sections),
            private_collections=_private_collections(),
        )

    @cached_property
    def entitlements(self) -> Mapping[int, Entitlement]:
        """What each channel may carry, by its key."""
        return entitlements.of_channels(self.channels)

    def may_be_named(self, content: Any) -> bool:
        """Whether others may lead to `content`: also on the public channel, it is."""
        return self.is_public(content) and not (
            isinstance(content, Article)
            and self._everywhere.withholds(content.translation_key)
        )

    @cached_property
    def _everywhere(self) -> Entitlement:
        [public] = [one for one in self.channels if one.is_public]
        return self.entitlements[public.pk]

    def is_public(self, content: Any) -> bool:
        """Whether anyone may see `content` now: the one place where that is decided.

        What has drafts must have been published and not have expired, whether or not
        the worker has noticed; an article may be no alias and in no private section,
        an image in no private collection. The rest is public as it stands.
        """
        if isinstance(content, Image):
            return content.collection_id not in self.private_collections
        if not hasattr(content, "live"):
            return True
        has_expired = content.expire_at is not None and content.expire_at <= self.now
        # A row that code made live without publishing it has no document either.
        is_live = content.live and content.first_published_at is not None
        return is_live and not has_expired and self._is_open(content)

    def _is_open(self, content: Any) -> bool:
        if not isinstance(content, Article):
            return True
        is_private = content.path.startswith(self.private_sections)
        return content.alias_of_id is None and not is_private


def _private_collections() -> frozenset[int]:
    restricted = CollectionViewRestriction.objects.values_list(
        "collection__path", flat=True
    )
    within = Q()
    for path in restricted:
        within |= Q(path__startswith=path)
    if not within:
        return frozenset()
    return frozenset(Collection.objects.filter(within).values_list("pk", flat=True))
