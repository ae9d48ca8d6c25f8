"""What each site has of one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.documents.models import Document, Placement
from cms.desk.standing import State

from . import words
from .arrivals import Site, arrivals_of


@dataclass(frozen=True)
class Line:
    """One site that may keep a copy."""

    site: Site

    @property
    def name(self) -> str:
        return self.site.channel.name

    @property
    def state(self) -> State:
        return words.state_of(self.site)

    @property
    def has(self) -> str:
        return words.has(self.site)

    @property
    def how(self) -> list[str]:
        return words.how(self.site)


@dataclass(frozen=True)
class Having:
    """Those that may keep a copy, and the names of those that keep none."""

    lines: Sequence[Line]
    live: Sequence[str]

    @classmethod
    def of(cls, document: Document, now: datetime) -> Having | None:
        """None where it is on no channel and was on none."""
        placements = Placement.objects.filter(document=document)
        sites = arrivals_of(placements.order_by("channel__name"), now)
        if not sites:
            return None
        live = [
            one.channel.name
            for one in sites
            if one.is_live and one.placement.is_visible
        ]
        kept = [one for one in sites if one.arrivals or one.noted is not None]
        return cls([Line(one) for one in kept], live)
