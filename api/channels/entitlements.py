"""What a channel may carry: a pure question on what a document is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection
from wagtail.models import Page

from content_models.models import Tag

from .models import (
    PUBLIC,
    SELECTORS,
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


def _choices() -> Iterator[str]:
    """SELECTs of what staff chose: channel, kind of choice, translations chosen.

    Without a channel it is an article that is confined.
    """
    for field, model in SELECTORS.items():
        kind = model._meta.model_name
        group = "uuid" if model is Tag else "translation_key"
        yield (
            f"SELECT channel_id, '{kind}', chosen.{group} "  # noqa: S608 - no values
            f"FROM {getattr(Channel, field).through._meta.db_table} "
            f"JOIN {model._meta.db_table} chosen ON chosen.id = {kind}_id "
            "WHERE channel_id = ANY(%(channels)s)"
        )
    page = f"JOIN {Page._meta.db_table} page ON page.id = article_id"
    yield (
        f"SELECT channel_id, decision, translation_key "  # noqa: S608 - no values
        f"FROM {Rule._meta.db_table} {page} WHERE channel_id = ANY(%(channels)s)"
    )
    yield (
        f"SELECT NULL, '', translation_key "  # noqa: S608 - no values
        f"FROM {Confinement._meta.db_table} {page}"
    )


# Asked by each publication: one statement costs less than six.
_CHOSEN = " UNION ALL ".join(_choices())


def of_channels(channels: Iterable[Channel]) -> Mapping[int, Entitlement]:
    """The entitlement of each of `channels` by its key, in one statement."""
    channels = list(channels)
    topics: dict[int, set[str]] = defaultdict(set)
    decided: dict[tuple[int, str], set[UUID]] = defaultdict(set)
    confined: set[UUID] = set()
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN, {"channels": [channel.pk for channel in channels]})
        for channel_id, kind, group in cursor.fetchall():
            if channel_id is None:
                confined.add(group)
            elif kind in Rule.Decision.values:
                decided[channel_id, kind].add(group)
            else:
                topics[channel_id].add(topic(kind, group))
    return {
        channel.pk: Entitlement(
            is_public=channel.slug == PUBLIC,
            selection=channel.selection,
            topics=frozenset(topics[channel.pk]),
            picked=frozenset(decided[channel.pk, Rule.Decision.ALWAYS]),
            excepted=frozenset(decided[channel.pk, Rule.Decision.NEVER]),
            confined=frozenset(confined),
            collections=frozenset(channel.collections),
            languages=frozenset(channel.languages) or None,
            delay=timedelta(days=channel.delay_days),
        )
        for channel in channels
    }


def is_own_site(channel: Channel) -> bool:
    """Whether its pages may be found by search engines."""
    return channel.slug == PUBLIC or channel.role == Role.MICROSITE
