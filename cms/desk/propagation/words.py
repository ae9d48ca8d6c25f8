"""What we know of a site's copy, in staff's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wagtail.admin.utils import get_user_display_name
from wagtail.permissions import policy_registry

from api.channels.models import Channel
from api.documents.models import Document
from cms.desk.standing import GOOD, LATE, State, counted
from content_models.models import Article

from .arrivals import Arrival, Site, Stage
from .consumers import Consumer, How

CONFIRMED = State("Confirmed", GOOD)
NOT_CONFIRMED = State("Not confirmed", LATE)
NEVER = State("Did not have it", GOOD)
UP_TO_DATE = State("Up to date", GOOD)
NOT_YET = State("Not yet", LATE)
LIVE = State("Reads live")
NOBODY = State("Nobody reads it")

_LIVE = "Open to everybody: its pages ask each time a reader comes."
_NOBODY = "Nobody has read it with a key."
_STEPS = {
    How.MIRROR: "change feed, key “{}”",
    How.WEBHOOK: "webhook “{}”",
    How.API: "API, key “{}”",
}
# So long a change may take before staff are told that a site is behind.
PATIENCE = timedelta(minutes=10)


def may_see(user: Any) -> bool:
    """Whoever sees the sites sees what they have."""
    policy = policy_registry.get_by_type(Channel)
    return bool(policy.user_has_any_permission(user, {"view", "add", "change"}))


def state_of(site: Site) -> State:
    """Whether the site has what it should."""
    is_shown = site.placement.is_visible
    if site.missing:
        return NOT_YET if is_shown else NOT_CONFIRMED
    if not site.arrivals and site.noted is None:
        return LIVE if site.is_live else NOBODY
    if site.arrivals and all(one.stage == Stage.NEVER for one in site.arrivals):
        return NEVER
    return UP_TO_DATE if is_shown else CONFIRMED


def who(consumer: Consumer) -> str:
    """As “change feed, key “Gazette web server””."""
    return _STEPS[consumer.how].format(consumer.name)


def how(site: Site) -> list[str]:
    """How we know, a sentence for each who may keep a copy."""
    if (noted := site.noted) is not None:
        by = get_user_display_name(noted.by) if noted.by else "Somebody"
        return [f"{by} has noted that the site said so."]
    if not site.arrivals:
        return [_LIVE if site.is_live else _NOBODY]
    several = len(site.arrivals) > 1
    return [_sentence(one, several) for one in site.arrivals]


def _sentence(arrival: Arrival, is_one_of_several: bool) -> str:
    state = ""
    if is_one_of_several:
        state = "Not yet: " if arrival.is_missing else "Yes: "
    said = arrival.said[0].lower() + arrival.said[1:] if state else arrival.said
    return f"{state}{said} ({who(arrival.consumer)})."


def has(site: Site) -> str:
    """What the site has of it, as “Version 2”; of several copies the oldest."""
    if not site.arrivals:
        is_same = site.is_live and site.placement.is_visible
        return f"Version {site.version}" if is_same else "Nothing"
    missing = site.missing
    if not missing:
        return f"Version {site.version}" if site.placement.is_visible else "Nothing"
    versions = [one.version for one in missing if one.version is not None]
    if not versions:
        is_new = all(one.consumer.how == How.MIRROR for one in missing)
        return "Nothing yet" if is_new and site.placement.is_visible else "Not known"
    return f"Version {min(versions)}"


def should_have(site: Site) -> str:
    return f"Version {site.version}" if site.placement.is_visible else "Nothing"


def behind(consumers: Iterable[Consumer], channel: Channel, now: datetime) -> State:
    """How far a site is behind what its channel carries, in a few words."""
    kept = list(consumers)
    followed = [one for one in kept if one.sequence is not None]
    if not followed:
        if kept:
            return State("Reads with a key")
        return LIVE if channel.is_open else NOBODY
    slowest = max(followed, key=lambda one: one.behind)
    if not slowest.behind:
        return UP_TO_DATE
    since = slowest.behind_since or now
    word = f"{counted(slowest.behind, 'change')} behind"
    return State(word, LATE if now - since > PATIENCE else "")


@dataclass(frozen=True)
class Named:
    """A document, as staff know it."""

    title: str
    # Where it is edited; None where its page is deleted.
    article: Article | None = None


def names_of(documents: Iterable[Document]) -> dict[UUID, Named]:
    """What each is called, in one statement for those that are gone."""
    found, gone = {}, {}
    for document in documents:
        if document.summary_json:
            said = json.loads(document.summary_json)
            title = said.get("title") or said.get("name") or document.slug
            found[document.pk] = Named(title)
        else:
            gone[document.pk] = document
    articles = Article.objects.in_bulk(list(_keys(gone.values())))
    for pk, document in gone.items():
        kind, _, key = document.source.partition(":")
        article = articles.get(int(key)) if kind == "article" else None
        found[pk] = Named(article.title if article else document.slug, article)
    return found


def _keys(documents: Iterable[Document]) -> Iterator[int]:
    for document in documents:
        kind, _, pk = document.source.partition(":")
        if kind == "article":
            yield int(pk)
