"""What a channel may carry: a pure question on what a document is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import F

from .models import (
    PUBLIC,
    Channel,
    Collected,
    Confinement,
    Role,
    Rule,
    Selection,
)

ARTICLE = "article"
# Carried by every channel: whose content it is.
PRACTICE = "practice"
# What comes along with an article that uses it.
FOLLOWING = frozenset(
    {
        Collected.AUTHOR,
        Collected.REFERENCE,
        Collected.CATEGORY,
        Collected.TAG,
        Collected.LOCATION,
    }
)


# The same in every language.
UNTRANSLATED = frozenset({Collected.REFERENCE, Collected.TAG, PRACTICE})


class Why(StrEnum):
    """Why a channel carries something, or does not."""

    EVERYTHING = "everything"
    ABOUT = "about"
    PICKED = "picked"
    COLLECTED = "collected"
    USED = "used"

    EXCEPTED = "excepted"
    CONFINED = "confined"
    LANGUAGE = "language"
    NOT_SELECTED = "not_selected"
    NOT_USED = "not_used"
    UPCOMING = "upcoming"


CARRIED = frozenset({Why.EVERYTHING, Why.ABOUT, Why.PICKED, Why.COLLECTED, Why.USED})


@dataclass(frozen=True)
class Subject:
    """What of a document decides where it is carried."""

    type: str
    # Shared by its translations.
    group: UUID
    locale: str
    # Of an article, by `topic`.
    topics: Collection[str]
    published_at: datetime


@dataclass(frozen=True)
class Verdict:
    """Whether something is carried, why, and from when if that is still to come."""

    why: Why
    from_at: datetime | None = None
    # Which of its topics did it.
    topics: tuple[str, ...] = ()

    @property
    def is_carried(self) -> bool:
        return self.why in CARRIED


@dataclass(frozen=True)
class Entitlement:
    """What one channel may carry.

    Groups and topics stand for all translations: whoever chooses a category in one
    language has chosen it in each.
    """

    is_public: bool
    selection: str
    topics: frozenset[str]
    picked: frozenset[UUID]
    excepted: frozenset[UUID]
    # Articles that are only where they are picked.
    confined: frozenset[UUID]
    collections: frozenset[str]
    # None for all.
    languages: frozenset[str] | None
    delay: timedelta

    def verdict(
        self, subject: Subject, now: datetime, *, is_used: bool = False
    ) -> Verdict:
        """Whether `subject` is carried at `now`.

        `is_used` is whether an article that the channel shows has it in it.
        """
        if subject.type == PRACTICE:
            return Verdict(Why.EVERYTHING)
        if subject.type == ARTICLE:
            return self._of_article(subject, now)
        if self.is_public:
            return Verdict(Why.EVERYTHING)
        is_collected = subject.type in self.collections
        if is_collected and self._speaks(subject):
            return Verdict(Why.COLLECTED)
        # Follows the article in whatever language it is itself.
        if is_used and subject.type in FOLLOWING:
            return Verdict(Why.USED)
        if is_collected:
            return Verdict(Why.LANGUAGE)
        return Verdict(Why.NOT_USED if subject.type in FOLLOWING else Why.NOT_SELECTED)

    def _of_article(self, subject: Subject, now: datetime) -> Verdict:
        if subject.group in self.excepted:
            return Verdict(Why.EXCEPTED)
        verdict = self._selected(subject)
        if not verdict.is_carried:
            return verdict
        if not self._speaks(subject):
            return Verdict(Why.LANGUAGE)
        from_at = subject.published_at + self.delay
        if from_at > now:
            return Verdict(Why.UPCOMING, from_at, verdict.topics)
        return verdict

    def _selected(self, subject: Subject) -> Verdict:
        if subject.group in self.picked:
            return Verdict(Why.PICKED)
        if subject.group in self.confined:
            return Verdict(Why.CONFINED)
        if self.is_public or self.selection == Selection.ALL:
            return Verdict(Why.EVERYTHING)
        about = self.topics & set(subject.topics)
        if self.selection == Selection.SELECTED and about:
            return Verdict(Why.ABOUT, topics=tuple(sorted(about)))
        return Verdict(Why.NOT_SELECTED)

    def withholds(self, group: UUID) -> bool:
        """Whether staff keep the articles of `group` off, whatever is selected."""
        return group in self.excepted or group in self.confined - self.picked

    def _speaks(self, subject: Subject) -> bool:
        is_in_any = self.languages is None or subject.type in UNTRANSLATED
        return is_in_any or subject.locale in (self.languages or ())


def topic(kind: str, group: UUID) -> str:
    """A category, tag, location or author that an article is about, as text."""
    return f"{kind}:{group}"


def of_channels(channels: Iterable[Channel]) -> Mapping[int, Entitlement]:
    """The entitlement of each of `channels` by its key, in six statements."""
    channels = list(channels)
    topics: dict[int, set[str]] = defaultdict(set)
    for kind, through, group in (
        ("category", Channel.categories.through, "category__translation_key"),
        ("tag", Channel.tags.through, "tag__uuid"),
        ("location", Channel.locations.through, "location__translation_key"),
        ("author", Channel.authors.through, "author__translation_key"),
    ):
        chosen = through._default_manager.filter(channel__in=channels)
        for channel_id, found in chosen.values_list("channel_id", group):
            topics[channel_id].add(topic(kind, found))
    decided: dict[tuple[int, str], set[UUID]] = defaultdict(set)
    rules = Rule.objects.filter(channel__in=channels).annotate(
        group=F("article__translation_key")
    )
    for channel_id, decision, found in rules.values_list(
        "channel_id", "decision", "group"
    ):
        decided[channel_id, decision].add(found)
    confined = frozenset(
        Confinement.objects.values_list("article__translation_key", flat=True)
    )
    return {
        channel.pk: Entitlement(
            is_public=channel.slug == PUBLIC,
            selection=channel.selection,
            topics=frozenset(topics[channel.pk]),
            picked=frozenset(decided[channel.pk, Rule.Decision.ALWAYS]),
            excepted=frozenset(decided[channel.pk, Rule.Decision.NEVER]),
            confined=confined,
            collections=frozenset(channel.collections),
            languages=frozenset(channel.languages) or None,
            delay=timedelta(days=channel.delay_days),
        )
        for channel in channels
    }


def is_own_site(channel: Channel) -> bool:
    """Whether its pages may be found by search engines."""
    return channel.slug == PUBLIC or channel.role == Role.MICROSITE
