"""What a change of a channel would add to it and take off it, before it is made."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from api.channels.entitlements import FOLLOWING, Entitlement, topic
from api.channels.models import Channel, Confinement, Rule
from api.documents import carrying
from api.documents.identity import translation_group_of
from api.documents.models import Document, Kind
from cms.desk.standing import counted

from .words import SELECTORS

# Titles are given of so many; how many there are is said of all.
TITLES = 5
# Of an article, by what a channel selects it.
TOPICS = {
    "categories": "category",
    "tags": "tag",
    "locations": "location",
    "authors": "author",
}
PLURALS = {
    Kind.ARTICLE: ("article", "articles"),
    Kind.AUTHOR: ("author", "authors"),
    Kind.REFERENCE: ("reference", "references"),
    Kind.LOCATION: ("location", "locations"),
    Kind.AWARD: ("award", "awards"),
    Kind.AFFILIATION: ("affiliation", "affiliations"),
    Kind.CATEGORY: ("category", "categories"),
    Kind.TAG: ("tag", "tags"),
}


def counts_in_words(counts: Mapping[str, int]) -> list[str]:
    """As “3 articles” of each kind. The practice is everywhere, and not counted."""
    return [
        counted(counts[kind], *PLURALS[kind]) for kind in PLURALS if counts.get(kind)
    ]


@dataclass(frozen=True)
class Part:
    """Documents that come or go: how many of each kind, and some articles by title."""

    documents: Mapping[UUID, str] = field(default_factory=dict)
    titles: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.documents)

    @property
    def articles(self) -> int:
        return self.counts[Kind.ARTICLE]

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.documents.values())

    @property
    def words(self) -> str:
        """“3 articles, 1 author”."""
        return ", ".join(counts_in_words(self.counts))

    @property
    def more(self) -> int:
        """How many articles there are whose titles are not given."""
        return self.articles - len(self.titles)


@dataclass(frozen=True)
class Difference:
    """What happens to a channel when a change of it is saved."""

    added: Part
    removed: Part
    # Articles that come by themselves once the delay is over.
    later: Part
    # How many articles it carries then.
    articles: int
    # What those who read it lose besides, as sentences.
    losses: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.losses)

    @property
    def takes_away(self) -> bool:
        """Whether somebody may read less afterwards."""
        return bool(self.removed or self.losses)

    @property
    def token(self) -> str:
        """What it takes away: who confirms that confirms this and nothing else."""
        gone = [sorted(map(str, self.removed.documents)), list(self.losses)]
        return hashlib.sha256(json.dumps(gone).encode()).hexdigest()[:16]


def entitlement_of(
    channel: Channel,
    chosen: Mapping[str, Iterable[Any]],
    rules: Iterable[tuple[Any, str]],
) -> Entitlement:
    """What `channel` may carry if it is saved like this.

    `chosen` are its selections by name; `rules` are articles with what was decided.
    """
    rules = list(rules)
    confined = Confinement.objects.values_list("article__translation_key", flat=True)

    def groups(decision: str) -> frozenset[UUID]:
        return frozenset(one.translation_key for one, how in rules if how == decision)

    return Entitlement(
        is_public=channel.is_public,
        selection=channel.selection,
        topics=frozenset(
            topic(TOPICS[name], translation_group_of(one))
            for name in SELECTORS
            for one in chosen.get(name, ())
        ),
        picked=groups(Rule.Decision.ALWAYS),
        excepted=groups(Rule.Decision.NEVER),
        confined=frozenset(confined),
        collections=frozenset(channel.collections),
        languages=frozenset(channel.languages) or None,
        delay=timedelta(days=channel.delay_days),
    )


def difference(
    before: Channel | None, after: Channel, wanted: Entitlement, now: datetime
) -> Difference:
    """What changes if the channel `before`, as it is stored, becomes `after`.

    Four statements that read no text, however many documents there are.
    """
    shown = dict(_shown(before, now))
    carried = dict(_carried(wanted, now))
    at_last = replace(wanted, delay=timedelta(0))
    later = dict(_entitled(at_last, now)) if wanted.delay else {}
    return Difference(
        added=_part(_without(carried, shown)),
        removed=_part(_without(shown, carried)),
        later=_part(_without(later, carried)),
        articles=Counter(carried.values())[Kind.ARTICLE],
        losses=list(_losses(before, after, shown, carried)),
    )


def _without(these: dict[UUID, str], those: dict[UUID, str]) -> dict[UUID, str]:
    return {pk: kind for pk, kind in these.items() if pk not in those}


def _shown(channel: Channel | None, now: datetime) -> Any:
    if channel is None:
        return ()
    return carrying.shown_on(channel, now).values_list("document_id", "type")


def _live(now: datetime) -> QuerySet[Document]:
    return Document.objects.filter(
        Q(visible_until=None) | Q(visible_until__gt=now),
        Q(valid_until=None) | Q(valid_until__gt=now),
        withdrawn_at=None,
    )


def _entitled(entitlement: Entitlement, now: datetime) -> Any:
    found = _live(now).filter(carrying.is_entitled(entitlement, now))
    return found.values_list("pk", "type")


def _carried(entitlement: Entitlement, now: datetime) -> Iterator[tuple[UUID, str]]:
    """What may be carried, and what its articles use."""
    found = _live(now).filter(carrying.is_entitled(entitlement, now))
    used: set[UUID] = set()
    for pk, kind, uses in found.values_list("pk", "type", "uses"):
        used.update(uses)
        yield pk, kind
    following = _live(now).filter(type__in=FOLLOWING).values_list("pk", "type")
    yield from ((pk, kind) for pk, kind in following if pk in used)


def _part(documents: dict[UUID, str]) -> Part:
    articles = [pk for pk, kind in documents.items() if kind == Kind.ARTICLE]
    if not articles:
        return Part(documents)
    named = Document.objects.filter(pk__in=articles).order_by("title_sort")
    texts = named.values_list("summary_json", flat=True)[:TITLES]
    return Part(documents, [json.loads(text)["title"] for text in texts])


def _losses(
    before: Channel | None,
    after: Channel,
    shown: dict[UUID, str],
    carried: dict[UUID, str],
) -> Iterator[str]:
    if before is None:
        return
    if after.is_suspended and not before.is_suspended:
        yield "Nobody will read anything on it."
    if before.is_open and not after.is_open:
        yield "Whoever reads it without a key will read nothing any more."
    both = Counter(shown[pk] for pk in shown.keys() & carried.keys())
    if after.is_summary and not before.is_summary and both[Kind.ARTICLE]:
        number = counted(both[Kind.ARTICLE], *PLURALS[Kind.ARTICLE])
        yield f"It will have the summary of {number} only, without the text."
