"""What a channel carries, and why something is there or not, in staff's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.text import get_text_list

from api.channels.entitlements import Verdict, Why
from api.channels.models import (
    Channel,
    Collected,
    Rule,
    Selection,
    every_language,
)
from api.documents import carrying
from cms.desk.standing import GOOD, LATE, State, counted

SELECTORS = ("categories", "tags", "locations", "authors")
# A list names so many, and says how many more there are.
NAMED = 4

REASONS = {
    Why.EVERYTHING: "It carries every article",
    Why.ABOUT: "About what it chose",
    Why.PICKED: "Picked by hand",
    Why.COLLECTED: "It carries all of its kind",
    Why.USED: "An article there shows it",
    Why.EXCEPTED: "Excepted here",
    Why.CONFINED: "Confined to other channels",
    Why.LANGUAGE: "Its language is not carried",
    Why.NOT_SELECTED: "Not about what it chose",
    Why.NOT_USED: "No article there shows it",
}


def reason(verdict: Verdict, names: dict[str, str] | None = None) -> str:
    """Why something is carried or not; `names` are of topics."""
    if verdict.why == Why.UPCOMING:
        day = verdict.from_at and timezone.localtime(verdict.from_at)
        return f"From {formatted(day, 'DATE_FORMAT')}"
    known = [names[one] for one in verdict.topics if one in names] if names else []
    if known:
        return f"About {listed(known)}"
    return REASONS[verdict.why]


def carries(channel: Channel) -> str:
    """As “Articles about Knee, Hip; in full; 3 days later”.

    Asks nothing where the selection and the rules were fetched before.
    """
    return "; ".join(_parts(channel))


def _parts(channel: Channel) -> Iterator[str]:
    yield _articles(channel)
    yield "summaries only" if channel.is_summary else "in full"
    if channel.delay_days:
        yield f"{counted(channel.delay_days, 'day')} later"
    if channel.languages:
        names = dict(every_language())
        spoken = [names.get(code, code) for code in channel.languages]
        yield f"in {get_text_list(spoken, 'and')}"
    if not channel.is_public and channel.collections:
        kinds = dict(Collected.choices)
        whole = [kinds.get(kind, kind).lower() for kind in channel.collections]
        is_all = set(channel.collections) == set(Collected.values)
        yield "everything else too" if is_all else f"all {get_text_list(whole, 'and')}"
    decided = [rule.decision for rule in channel.rules.all()]
    for decision in Rule.Decision:
        if number := decided.count(decision):
            yield f"{number} {decision.label.lower()}"


def _articles(channel: Channel) -> str:
    if channel.is_public or channel.selection == Selection.ALL:
        return "Every article"
    if channel.selection == Selection.NONE:
        return "Articles picked by hand"
    chosen = [str(one) for name in SELECTORS for one in getattr(channel, name).all()]
    return f"Articles about {listed(chosen)}" if chosen else "No subject chosen"


def listed(names: Iterable[Any]) -> str:
    """“Knee, Hip, Back, Neck and 3 more”."""
    names = [str(name) for name in names]
    shown, more = names[:NAMED], len(names) - NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def state_of(channel: Channel) -> State:
    """Whether it can be read, and whether what it carries is being changed."""
    if channel.is_suspended:
        return State("Suspended", LATE)
    if carrying.is_settling(channel):
        return State("Being updated")
    return State("Active", GOOD)
