"""The page of one channel: what it carries now, and by which keys it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from api.channels import entitlements, keys
from api.channels.models import Channel, every_language
from api.documents import carrying, placing
from api.documents.identity import source_of, translation_group_of
from api.documents.models import Kind, PlacementQuerySet, Upcoming
from cms.desk.propagation.consumers import consumers_of
from cms.desk.propagation.words import behind, who
from cms.desk.standing import LATE
from content_models.models import Article

from .difference import TOPICS, counts_in_words
from .words import carries, reason, state_of

PER_PAGE = 50


@dataclass(frozen=True)
class Carried:
    """An article on a channel: where to edit it, since when it is there and why."""

    title: str
    edit_url: str
    language: str
    since: datetime
    why: str


class ChannelPageView(generic.InspectView):
    """`/cms/channels/inspect/{pk}/`, for whoever may see channels."""

    template_name = "desk/channels/page.html"
    page_title = "What it carries now"
    fields: ClassVar[list[str]] = ["name"]
    header_more_buttons: ClassVar[list[Any]] = []

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        channels = {"url": reverse("channels:index"), "label": "Channels"}
        return [channels, {"url": "", "label": str(self.object)}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = self.get_edit_url()
        change = HeaderButton("Change", url=url, icon_name="edit")
        return [change] if url else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, channel = timezone.now(), self.object
        shown = carrying.shown_on(channel, now)
        words = self.request.GET.get("q", "").strip()
        found = _matching(shown, words).newest_first()
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            **kwargs,
            channel=channel,
            carries=carries(channel),
            state=state_of(channel),
            counts=_counts(shown),
            upcoming=Upcoming.objects.filter(channel=channel).count(),
            words=words,
            page=page,
            articles=list(_carried(channel, page.object_list, now)),
            **self._keeping(now),
            keys=_keys(channel, now),
            valid_keys=len(keys.valid(channel, now)),
            most_keys=keys.MOST_VALID,
            may_change=bool(self.get_edit_url()),
        )

    def _keeping(self, now: datetime) -> dict[str, Any]:
        """Who keeps a copy of what it carries, and how far each of them is."""
        channel = self.object
        found = consumers_of([channel], now, is_counted=True)[channel.pk]
        return {
            "keeping": [{"consumer": one, "name": who(one)} for one in found],
            "behind": (state := behind(found, channel, now)),
            "is_late": state.tone == LATE,
            "reads_only": any(one.sequence is None for one in found),
        }


def _matching(shown: PlacementQuerySet, words: str) -> PlacementQuerySet:
    """Articles that are shown, with all of `words` in their title."""
    articles = shown.filter(type=Kind.ARTICLE)
    if not words:
        return articles
    titled = Article.objects.all()
    for word in words.split():
        titled = titled.filter(title__icontains=word)
    sources = [source_of(Article, pk) for pk in titled.values_list("pk", flat=True)]
    return articles.filter(document__source__in=sources)


def _counts(shown: PlacementQuerySet) -> list[str]:
    """As “12 articles”, of each kind."""
    found = shown.order_by().values_list("type").annotate(number=Count("pk"))
    return counts_in_words(dict(found))


def _carried(channel: Channel, placements: Any, now: datetime) -> Iterator[Carried]:
    """Each of `placements`, with the rule by which it is there."""
    entitlement = entitlements.of_channels([channel])[channel.pk]
    names = {
        entitlements.topic(kind, translation_group_of(one)): str(one)
        for selector, kind in TOPICS.items()
        for one in getattr(channel, selector).all()
    }
    languages = dict(every_language())
    for one in placements.select_related("document"):
        verdict = entitlement.verdict(placing.subject_of(one.document), now)
        yield Carried(
            title=json.loads(one.document.summary_json)["title"],
            edit_url=reverse(
                "wagtailadmin_pages:edit", args=[one.document.source.split(":")[1]]
            ),
            language=languages.get(one.locale, one.locale),
            since=one.visible_from,
            why=reason(verdict, names),
        )


def _keys(channel: Channel, now: datetime) -> list[dict[str, Any]]:
    """The keys of `channel`, the valid ones first."""
    rows = [
        {"key": key, "is_valid": key.is_valid_at(now), "state": _state(key, now)}
        for key in channel.keys.select_related("created_by")
    ]
    return sorted(rows, key=lambda row: not row["is_valid"])


def _state(key: Any, now: datetime) -> str:
    if key.revoked_at is not None:
        return "Revoked"
    return "Valid" if key.is_valid_at(now) else "Expired"
