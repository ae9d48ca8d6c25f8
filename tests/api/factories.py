"""Published documents without publishing: for what a door makes of them.

`PlacementFactory` keeps the head of the channel as publishing would.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import factory
from django.contrib.postgres.search import SearchVector
from django.db.models import Max, TextField, Value

from api.channels.models import Channel, Rule
from api.delivery.kinds import COLLECTIONS, PRACTICE
from api.documents import publishing
from api.documents.models import (
    Counter,
    Document,
    FormerSlug,
    Head,
    Placement,
    PlacementHistory,
)
from api.webhooks.models import Endpoint
from tests.contract import plausible

PUBLISHED = datetime(2026, 3, 1, 12, tzinfo=UTC)
SELECTORS = ("categories", "tags", "locations", "authors")
SHAPES = {shape.kind: shape for shape in (*COLLECTIONS, PRACTICE)}


class ChannelFactory(factory.django.DjangoModelFactory):
    """A channel that carries all articles, unless a `selection` is given; settled.

    `categories`, `tags`, `locations` and `authors` are chosen, and choose; so do the
    articles of `always` and `never`.
    """

    class Meta:
        model = Channel

    slug = factory.Sequence(lambda n: f"channel-{n}")
    name = factory.LazyAttribute(lambda channel: channel.slug.title())
    is_open = True

    @classmethod
    def _create(cls, model_class: type[Channel], *args: Any, **kwargs: Any) -> Channel:
        chosen = {name: kwargs.pop(name) for name in SELECTORS if name in kwargs}
        rules = {one: kwargs.pop(one, ()) for one in Rule.Decision.values}
        kwargs.setdefault("selection", "selected" if chosen else "all")
        # Placements made without publishing have taken sequences, too.
        Counter.objects.update_or_create(pk=1, defaults={"value": _newest()})
        with publishing.publishing():
            channel: Channel = super()._create(model_class, *args, **kwargs)
            for name, contents in chosen.items():
                getattr(channel, name).set(contents)
            for decision, articles in rules.items():
                for one in articles:
                    Rule.objects.create(channel=channel, article=one, decision=decision)
        settle()
        return Channel.objects.get(pk=channel.pk)


def settle() -> None:
    """What the worker does after a change of entitlements."""
    while publishing.settle():
        pass


def public() -> Channel:
    """The built-in channel, which every installation has."""
    return Channel.objects.get(slug="public")


class EndpointFactory(factory.django.DjangoModelFactory):
    """Where a site hears of what is done from now on, with a secret."""

    class Meta:
        model = Endpoint
        skip_postgeneration_save = True

    channel = factory.SubFactory(ChannelFactory)
    url = "http://localhost:1/hooks"

    @factory.post_generation
    def start(endpoint: Endpoint, create: bool, *args: Any, **kwargs: Any) -> None:
        endpoint.channel.refresh_from_db()
        endpoint.begin()
        endpoint.save()
        # What the site was shown.
        endpoint.secret = endpoint.new_secret()  # type: ignore[attr-defined]


class DocumentFactory(factory.django.DjangoModelFactory):
    """A document; `members` are put into its JSON, `words` into its search vector.

    Its other members are what the schema of its type asks for at least.
    """

    class Meta:
        model = Document
        skip_postgeneration_save = True

    class Params:
        members: dict[str, Any] = {}

    id = factory.LazyFunction(uuid4)
    type = "article"
    locale = "en"
    slug = factory.Sequence(lambda n: f"document-{n}")
    translation_group = factory.SelfAttribute("id")
    source = factory.LazyAttribute(lambda document: f"{document.type}:1")
    published_at = PUBLISHED
    updated_at = PUBLISHED
    title_sort = factory.SelfAttribute("slug")
    sort_key = factory.SelfAttribute("slug")
    keys: list[str] = []
    facets: list[str] = []
    full_json = factory.LazyAttribute(lambda document: _json(document, is_full=True))
    summary_json = factory.LazyAttribute(
        lambda document: _json(document, is_full=False)
    )
    search = ""
    body_search = ""

    @factory.post_generation
    def words(document: Document, create: bool, extracted: Any, **kwargs: Any) -> None:
        """`words="title text"`, `words__body="body text"`, in English."""
        vectors = {
            column: SearchVector(
                Value(text, output_field=TextField()), config="english"
            )
            for column, text in (
                ("search", extracted),
                ("body_search", kwargs.get("body")),
            )
            if text
        }
        if vectors:
            read = " ".join(filter(None, [extracted, kwargs.get("body")]))
            found = Document.objects.filter(pk=document.pk)
            found.update(**vectors, plain_text=read)


class PlacementFactory(factory.django.DjangoModelFactory):
    """A document on a channel, `public` unless one is given."""

    class Meta:
        model = Placement
        skip_postgeneration_save = True

    channel = factory.LazyFunction(public)
    document = factory.SubFactory(DocumentFactory)
    type = factory.SelfAttribute("document.type")
    locale = factory.SelfAttribute("document.locale")
    sort_key = factory.SelfAttribute("document.slug")
    is_visible = True
    visible_from = PUBLISHED
    sequence = factory.LazyFunction(lambda: _newest() + 1)
    changed_at = PUBLISHED
    suffix = factory.LazyAttribute(
        lambda placement: _suffix(
            placement.type, url=f"https://cms.test/{placement.document.slug}/"
        )
    )
    etag = factory.LazyAttribute(lambda placement: f"etag-{placement.sequence}")

    @factory.post_generation
    def history(
        placement: Placement, create: bool, extracted: Any, **kwargs: Any
    ) -> None:
        """It has been shown for a day before `PUBLISHED`, or since `history`."""
        PlacementHistory.objects.create(
            channel=placement.channel,
            document=placement.document,
            sequence=placement.sequence,
            at=extracted or PUBLISHED - timedelta(days=1),
            is_visible=True,
            version=1,
            suffix=placement.suffix,
        )

    @factory.post_generation
    def head(placement: Placement, create: bool, extracted: Any, **kwargs: Any) -> None:
        head = Head.objects.get(channel=placement.channel)
        head.sequence = head.revision = placement.sequence
        head.changed_at = max(placement.changed_at, head.changed_at or PUBLISHED)
        name = f"{placement.type}:{placement.locale}"
        if placement.is_visible and placement.visible_from <= datetime.now(UTC):
            head.counts[name] = head.counts.get(name, 0) + 1
        head.save()


class FormerSlugFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FormerSlug

    document = factory.SubFactory(DocumentFactory)
    type = factory.SelfAttribute("document.type")
    locale = factory.SelfAttribute("document.locale")
    until = PUBLISHED


def location(slug: str, latitude: float | None, longitude: float | None) -> Placement:
    """A location that is visible on `public`, at that place."""
    place = {"latitude": latitude, "longitude": longitude}
    document = DocumentFactory(type="location", slug=slug, members=place, **place)
    return PlacementFactory(document=document)


def article(slug: str, **given: Any) -> Placement:
    """An article that is visible on `public`, or on the `channel` that is given."""
    channel = given.pop("channel", None)
    document = DocumentFactory(slug=slug, **given)
    return PlacementFactory(document=document, channel=channel or public())


def _json(document: Any, *, is_full: bool) -> str:
    shape = SHAPES[document.type]
    content = plausible.of_component(shape.name if is_full else f"{shape.name}Summary")
    own = {
        "id": str(document.id),
        "translation_group": str(document.translation_group),
        "type": document.type,
        "slug": document.slug,
        "locale": document.locale,
        "title": document.slug,
        "name": document.slug,
        **document.members,
    }
    for name in _placed(document.type):
        content.pop(name, None)
    content |= {name: own[name] for name in own if name in content}
    return _dumped(content)


def _suffix(type: str, **members: Any) -> str:
    """The members that differ by channel, as `Placement.suffix` keeps them."""
    full = plausible.of_component(SHAPES[type].name)
    return _dumped({name: full[name] for name in _placed(type)} | members)


def _placed(type: str) -> list[str]:
    return [str(name) for name in SHAPES[type].placed().fields]


def _dumped(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _newest() -> int:
    newest: int | None = Placement.objects.aggregate(newest=Max("sequence"))["newest"]
    return newest or 0
