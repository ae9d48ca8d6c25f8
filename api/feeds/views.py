"""`/feeds/{channel}/articles.*`: the newest articles of an open channel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from api import parameters
from api.delivery import filters
from api.delivery.answers import EVERYTHING, of_standing
from api.delivery.kinds import COLLECTIONS
from api.delivery.results import List
from api.documents import changes, lookup, reading
from api.documents.lookup import Found
from api.documents.reading import EPOCH, Kind, Standing
from api.doors import Component, Door
from api.pagination import absolute
from api.parameters import Asked, Parameter
from api.problems import NotFound

from .formats import JSON_FEED, Format
from .items import WORDS, Feed, Withdrawn, item_of, sayable, withdrawn_of

ARTICLES = COLLECTIONS[0]
# A feed has its own channel, order and members; it is read, and not searched.
LEFT_OUT = ("channel", "order", "fields", "facets", "q")
# Enough for whoever asks once a day.
MOST_WITHDRAWN = 50


class ArticleFeed(Door):
    """The newest articles of one channel in one format."""

    form: Format = JSON_FEED
    refusals: ClassVar = (NotFound,)
    takes_keys = False
    # The address says it already, and what reads feeds says little of what it accepts.
    negotiates = True

    @property
    def operation(self) -> str:
        return f"read_articles_as_{self.form.ending}"

    @property
    def title(self) -> str:
        return f"The newest articles of an open channel as {self.form.title}."

    @property
    def parameters(self) -> Sequence[Parameter]:
        known = filters.of_list(ARTICLES)
        return [parameter for parameter in known if parameter.name not in LEFT_OUT]

    def answer_schemas(self, component: Component) -> dict[str, dict[str, Any]]:
        return {self.form.media_type: self.form.schema}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given = parameters.read(request, self.parameters)
        as_list = {"order": None, "fields": (EVERYTHING,)}
        asked = replace(given, values={**given.values, **as_list})
        # Keys are for servers: what is in a feed anybody may read.
        standing = reading.standing(kwargs["channel"])
        if standing is None or standing.channel.is_suspended:
            raise NotFound(
                f"There is no open channel “{kwargs['channel']}”: the public one is "
                f"at /feeds/{reading.PUBLIC}/articles.{self.form.ending}."
            )

        def build(standing: Standing, now: datetime) -> HttpResponse:
            feed = _feed(absolute(request), asked, standing, now)
            text = self.form.write(feed)
            return HttpResponse(text, content_type=self.form.content_type)

        kinds = [ARTICLES.kind, Kind.PRACTICE]
        return of_standing(request, asked, standing, kinds, build)


def _feed(url: str, asked: Asked, standing: Standing, now: datetime) -> Feed:
    page = json.loads(List(url, ARTICLES, asked, standing, now).text()[0])
    locale = asked["locale"]
    practice = _practice(standing, now)
    name = sayable(practice["name"])
    return Feed(
        id=_address(url, asked.query(cursor=None, offset=None, limit=None)),
        url=_address(url, asked.query()),
        next=page["next"],
        title=f"{name}: {WORDS[locale]['articles']}",
        publisher=name,
        home=practice["base_url"],
        language=locale,
        updated_at=standing.changed_at or EPOCH,
        items=[item_of(document) for document in page["results"]],
        withdrawn=[] if _is_behind(asked) else _withdrawn(asked, standing),
    )


def _address(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _is_behind(asked: Asked) -> bool:
    """Whether it is a page of older ones."""
    return bool(asked["cursor"] or asked["offset"])


def _withdrawn(asked: Asked, standing: Standing) -> list[Withdrawn]:
    """What left the channel lately, whatever else the list is narrowed to.

    What it was about is forgotten with it, and to be told too much is safer.
    """
    languages = filters.languages_of(ARTICLES, asked)
    gone = changes.departures(standing, ARTICLES.kind, languages, MOST_WITHDRAWN)
    return [withdrawn_of(one) for one in gone]


def _practice(standing: Standing, now: datetime) -> dict[str, Any]:
    """The practice's document; what stands for it where there is none yet."""
    language = settings.LANGUAGE_CODE
    found = lookup.look_up(standing.channel, Kind.PRACTICE, language, "practice", now)
    if isinstance(found, Found):
        practice: dict[str, Any] = json.loads(found.text)
        return practice
    return {"name": settings.WAGTAIL_SITE_NAME, "base_url": settings.PUBLIC_BASE_URL}
