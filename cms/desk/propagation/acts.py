"""Withdrawals: what was taken down at one moment, and which sites have heard of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, Max, Q, When
from django.urls import reverse
from wagtail.log_actions import log

from api.channels.models import Channel
from api.documents import propagation
from api.documents.models import Document, Placement, Withdrawal
from cms.desk.standing import State
from content_models import models as content

from . import words
from .arrivals import Arrival, Site, arrivals_of
from .missing import missing_at
from .words import Named

# As many withdrawals the first page tells of: all are found in the report.
SHOWN = 20
# Of these together, as many placements are looked at one by one.
LOOKED_AT = 1_000
# Of a site with several placements the first of these is said; the first three may keep
# a copy.
_ORDER = (
    words.NOT_CONFIRMED,
    words.CONFIRMED,
    words.NEVER,
    words.LIVE,
    words.NOBODY,
)


@dataclass(frozen=True)
class Copy:
    """All that was withdrawn, on one site."""

    channel: Channel
    sites: Sequence[Site]

    @property
    def missing(self) -> list[Arrival]:
        return [one for site in self.sites for one in site.missing]

    @property
    def state(self) -> State:
        states = [words.state_of(site) for site in self.sites]
        return next(one for one in _ORDER if one in states)

    @property
    def may_keep_it(self) -> bool:
        """Whether there is anybody whose confirmation is waited for."""
        return self.state in _ORDER[:3]

    @property
    def at(self) -> datetime | None:
        """When the last of it was confirmed; None if something is not."""
        moments = [at for site in self.sites if (at := site.at) is not None]
        return max(moments, default=None) if self.state == words.CONFIRMED else None

    @property
    def said(self) -> list[str]:
        """How we know, each sentence once; of what is missing only that."""
        telling = [one for one in self.sites if one.missing] or self.sites
        return list(dict.fromkeys(s for site in telling for s in words.how(site)))

    @property
    def numbers(self) -> str:
        """As “2 of 3 articles”, where it has heard of some of them only."""
        left = sum(1 for site in self.sites if site.missing)
        if len(self.sites) == 1 or left in (0, len(self.sites)):
            return ""
        return f"{len(self.sites) - left} of {len(self.sites)} articles are gone there"


@dataclass(frozen=True)
class Act:
    """One withdrawal: of an article in all its languages, or of all of an author."""

    documents: Sequence[Document]
    names: Sequence[Named]
    is_urgent: bool
    now: datetime

    @property
    def at(self) -> datetime:
        at = self.documents[0].withdrawn_at
        assert at is not None  # noqa: S101 - of those that are withdrawn
        return at

    @property
    def name(self) -> str:
        """By which a form says which withdrawal it is about."""
        return self.at.isoformat()

    @property
    def reason(self) -> str:
        return self.documents[0].withdrawn_reason

    @property
    def title(self) -> str:
        first, more = self.names[0].title, len(self.names) - 1
        return first if not more else f"{first} and {more} more"

    @property
    def url(self) -> str:
        return board_of(self.documents[0])

    @cached_property
    def copies(self) -> list[Copy]:
        """Each site that had any of it: who has not confirmed first."""
        gone = Placement.objects.filter(document__in=self.documents, is_visible=False)
        by_channel: dict[int, list[Site]] = defaultdict(list)
        for site in arrivals_of(gone.order_by("sequence"), self.now):
            by_channel[site.channel.pk].append(site)
        copies = [Copy(sites[0].channel, sites) for sites in by_channel.values()]
        return sorted(copies, key=_most_urgent_first)

    @property
    def kept(self) -> list[Copy]:
        """Those of whom somebody may keep a copy."""
        return [one for one in self.copies if one.may_keep_it]

    @property
    def live(self) -> list[str]:
        return [one.channel.name for one in self.copies if one.state == words.LIVE]

    @property
    def unread(self) -> list[str]:
        return [one.channel.name for one in self.copies if one.state == words.NOBODY]

    @property
    def waiting(self) -> list[Copy]:
        return [one for one in self.copies if one.missing]

    @property
    def sentence(self) -> str:
        """How far it is, in words."""
        asked = self.kept
        left = len(self.waiting)
        if not asked:
            return "No site keeps a copy that we know of."
        if not left:
            whom = "The site that keeps" if len(asked) == 1 else "All sites that keep"
            has = "has" if len(asked) == 1 else "have"
            return f"{whom} a copy {has} confirmed."
        return f"{len(asked) - left} of {len(asked)} sites have confirmed."

    def note(self, channel: Channel, user: Any) -> bool:
        """Write that the site of `channel` has said that its copies are gone.

        False where nothing is waited for there.
        """
        here = (one for one in self.waiting if one.channel.pk == channel.pk)
        copy = next(here, None)
        if copy is None:
            return False
        with transaction.atomic():
            for site in copy.sites:
                if site.missing:
                    change = site.placement
                    propagation.told(
                        channel.pk,
                        change.document_id,
                        change.sequence,
                        self.now,
                        by=user.pk,
                    )
            log(channel, "clinicast.note_gone", data={"title": self.title})
        return True


def act_of(document: Document, now: datetime) -> Act:
    """The withdrawal in which `document` was taken down; it comes first."""
    same = Document.objects.filter(
        withdrawn_at=document.withdrawn_at,
        withdrawn_kind=Withdrawal.WITHDRAWN,
        withdrawn_reason=document.withdrawn_reason,
    )
    [act] = _acts([sorted(same, key=lambda one: one.pk != document.pk)], now)
    return act


def board_of(document: Document) -> str:
    """Where staff see who has heard that `document` is withdrawn."""
    return reverse("withdrawn", args=[document.pk])


def open_acts(now: datetime) -> list[tuple[Act, int]]:
    """Withdrawals that some sites have not confirmed, and how many sites.

    What is urgent comes first, then the newest; of each only the documents that are
    missing somewhere. In as many statements for many as for one.
    """
    missing = missing_at(now).filter(
        is_visible=False, document__withdrawn_kind=Withdrawal.WITHDRAWN
    )
    act = ("document__withdrawn_at", "document__withdrawn_reason")
    is_urgent = Q(document__source__in=_urgent_sources())
    counted = (
        missing.order_by()
        .values(*act)
        .annotate(
            sites=Count("channel", distinct=True),
            urgent=Max(Case(When(is_urgent, then=1), default=0)),
        )
        .order_by("-urgent", "-document__withdrawn_at")
        .values_list(*act, "sites")[:SHOWN]
    )
    numbers = {(at, reason): sites for at, reason, sites in counted}
    if not numbers:
        return []
    at_once = reduce(
        or_,
        (
            Q(document__withdrawn_at=at, document__withdrawn_reason=reason)
            for at, reason in numbers
        ),
    )
    rows = missing.filter(at_once).select_related("document")
    documents: dict[Any, dict[UUID, Document]] = defaultdict(dict)
    sites: dict[Any, set[int]] = defaultdict(set)
    looked_at = list(rows.order_by("-sequence")[:LOOKED_AT])
    for row in looked_at:
        document = row.document
        key = document.withdrawn_at, document.withdrawn_reason
        documents[key][document.pk] = document
    for site in arrivals_of(looked_at, now):
        if site.missing:
            document = site.placement.document
            sites[document.withdrawn_at, document.withdrawn_reason].add(site.channel.pk)
    if len(looked_at) < LOOKED_AT:
        # Nothing was left out: what was looked at one by one is exact.
        numbers = {key: len(sites[key]) for key in numbers}
    kept = [key for key, number in numbers.items() if number and documents[key]]
    acts = _acts([list(documents[key].values()) for key in kept], now)
    return [(act, numbers[key]) for act, key in zip(acts, kept, strict=True)]


def _urgent_sources() -> list[str]:
    """Articles whose newest withdrawal is urgent, by the source of their documents."""
    gone = content.Withdrawal.objects.filter(article__live=False)
    newest = gone.order_by("article", "-made_at", "-pk")
    by_article = newest.distinct("article").values_list("article", "urgency")
    return [
        f"article:{pk}"
        for pk, urgency in by_article
        if urgency == content.Urgency.URGENT
    ]


def _acts(groups: Sequence[Sequence[Document]], now: datetime) -> list[Act]:
    """What is known of each group of documents, in two statements."""
    names = words.names_of(document for group in groups for document in group)
    urgent = set(_urgent_sources())
    return [
        Act(
            group,
            sorted((names[one.pk] for one in group), key=lambda one: one.title),
            any(one.source in urgent for one in group),
            now,
        )
        for group in groups
    ]


def _most_urgent_first(copy: Copy) -> tuple[int, str]:
    return _ORDER.index(copy.state), copy.channel.name
