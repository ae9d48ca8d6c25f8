"""On which channels an article is, why, and what staff decide about that by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.log_actions import log

from api.channels import entitlements
from api.channels.entitlements import Entitlement, Verdict
from api.channels.models import Channel, Confinement, Rule
from api.documents import placing
from api.documents.models import Document, Placement
from content_models.models import Article

from .channels.words import reason
from .standing import GOOD, LATE, State

BY_RULES = ""
CHOICES = {
    BY_RULES: "As its rules say",
    Rule.Decision.ALWAYS.value: "Always",
    Rule.Decision.NEVER.value: "Never",
}


@dataclass(frozen=True)
class Standing:
    """One article on one channel: as staff decided, as it is, and why."""

    channel: Channel
    # By hand, in any language; empty where its rules decide.
    decision: str
    # None for what is not published: then nothing stands anywhere.
    verdict: Verdict | None
    placement: Placement | None

    @property
    def is_shown(self) -> bool:
        """Whether readers of the channel see it now."""
        is_carried = self.verdict is not None and self.verdict.is_carried
        return is_carried and self.placement is not None

    @property
    def state(self) -> State:
        if self.verdict is None or not self.verdict.is_carried:
            return State("Not there")
        if self.placement is None:
            return State("Within minutes")
        if self.channel.is_suspended:
            return State("Suspended", LATE)
        return State("Summary" if self.channel.is_summary else "Full text", GOOD)

    @property
    def why(self) -> str:
        return reason(self.verdict) if self.verdict is not None else ""


def standings(
    article: Article, document: Document | None, now: datetime
) -> list[Standing]:
    """`article` on each channel; in six statements more than there are documents."""
    channels = list(Channel.objects.select_related("settling"))
    allowed = entitlements.of_channels(channels)
    decided = decisions(article)
    placed = _placed(document, channels, now)
    return [
        Standing(
            channel,
            decided.get(channel.pk, BY_RULES),
            _verdict(document, allowed[channel.pk], now),
            placed.get(channel.pk),
        )
        for channel in channels
    ]


def _verdict(
    document: Document | None, entitlement: Entitlement, now: datetime
) -> Verdict | None:
    if document is None:
        return None
    return entitlement.verdict(placing.subject_of(document), now)


def _placed(
    document: Document | None, channels: Iterable[Channel], now: datetime
) -> dict[int, Placement]:
    if document is None:
        return {}
    shown = Placement.objects.visible_at(now).filter(document=document)
    return {one.channel_id: one for one in shown.filter(channel__in=channels)}


def _rules(article: Article) -> Any:
    return Rule.objects.filter(article__translation_key=article.translation_key)


def decisions(article: Article) -> dict[int, str]:
    """What was decided on `article` in any language, by the key of the channel."""
    found: dict[int, str] = {}
    for channel_id, decision in _rules(article).values_list("channel", "decision"):
        # Of two in two languages, “never” counts.
        if found.get(channel_id) != Rule.Decision.NEVER:
            found[channel_id] = decision
    return found


def is_confined(article: Article) -> bool:
    """Whether it is only on channels that always carry it."""
    return _confinements(article).exists()


def _confinements(article: Article) -> Any:
    return Confinement.objects.filter(article__translation_key=article.translation_key)


def decide(article: Article, channel: Channel, decision: str) -> None:
    """From now on `decision` counts for `article`, in every language, on `channel`."""
    rules = _rules(article).filter(channel=channel)
    if decision == BY_RULES:
        rules.delete()
    else:
        rules.exclude(article=article).delete()
        Rule.objects.update_or_create(
            channel=channel, article=article, defaults={"decision": decision}
        )
    said = {"channel": channel.name, "decision": CHOICES[decision]}
    log(article, "clinicast.decide", data=said)


def confine(article: Article, is_wanted: bool) -> None:
    """Keep `article` to the channels that always carry it, or let it out again."""
    confinements = _confinements(article)
    if not is_wanted:
        # One by one: each is noticed by its signal.
        confinements.delete()
    elif not confinements.exists():
        Confinement.objects.create(article=article)
    log(article, "clinicast.decide", data={"confined": is_wanted})


@dataclass(frozen=True)
class Wish:
    """What somebody changed on the screen, and from what."""

    was: str
    value: str


def wishes(posted: Mapping[str, str], channels: Iterable[Channel]) -> dict[int, Wish]:
    """What `posted` asks to change, by the key of the channel."""
    found = {}
    for channel in channels:
        value = posted.get(f"channel-{channel.pk}")
        was = posted.get(f"was-{channel.pk}", BY_RULES)
        if value in CHOICES and value != was:
            found[channel.pk] = Wish(was, value)
    return found


def apply(article: Article, posted: Mapping[str, str]) -> Iterator[str]:
    """Do what `posted` asks; a sentence for each that somebody else did meanwhile."""
    channels = {one.pk: one for one in Channel.objects.all()}
    current = decisions(article)
    for pk, wish in wishes(posted, channels.values()).items():
        now = current.get(pk, BY_RULES)
        if now != wish.was and now != wish.value:
            yield (
                f"Somebody else has just decided on {channels[pk]}: "
                f"“{CHOICES[now]}”. That was left as it is."
            )
            continue
        decide(article, channels[pk], wish.value)
    is_wanted = "confined" in posted
    if is_wanted != ("was-confined" in posted) and is_wanted != is_confined(article):
        confine(article, is_wanted)
