"""How states come about: privacy, other channels, documents placed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wagtail.models import Collection, CollectionViewRestriction, Page

from api.channels.models import PUBLIC
from api.documents import publishing
from api.documents.models import Document, Head, Placement
from content_models import models as content
from tests.api.factories import (
    ChannelFactory,
    DocumentFactory,
    FormerSlugFactory,
    PlacementFactory,
)

from .names import LATITUDE, LONGITUDE, Names
from .probes import OPEN_CHANNEL

# A sequence that no publication in these worlds takes.
FAR_OFF = 1_000_000
_PLACES = {"article": "articles", "author": "team", "location": "locations"}
_FILED = ["category:hip", "tag:running", "author:lisa-scarlino", "year:2030"]


def another_channel() -> None:
    shore = ChannelFactory(slug=OPEN_CHANNEL)
    elsewhere = DocumentFactory(slug="elsewhere")
    placed(elsewhere, channel=shore)


def restrict(section: content.Section) -> None:
    with publishing.publishing():
        Page.objects.get(pk=section.pk).view_restrictions.create(
            restriction_type="login"
        )


def keep_private(collection: Collection) -> None:
    with publishing.publishing():
        CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="login"
        )


@contextmanager
def head_kept() -> Iterator[None]:
    """The factories count what they place; publishing would not before its time."""
    before = Head.objects.filter(channel__slug=PUBLIC).values().get()
    yield
    Head.objects.filter(channel__slug=PUBLIC).update(**before)


def stored(names: Names, **place: Any) -> Document:
    """A document of a hidden thing, without publishing, placed as `place` says."""
    said: dict[str, Any] = {
        "title": names.word,
        "name": names.word,
        "summary": names.body_word,
    }
    here: dict[str, Any] = {}
    if names.kind == "location":
        here = {"latitude": float(LATITUDE), "longitude": float(LONGITUDE)}
    site = _PLACES.get(names.kind)
    document = DocumentFactory(
        id=names.id_in("en"),
        translation_group=names.group,
        type=names.kind,
        slug=names.slug,
        members=said | here,
        words=names.word,
        words__body=names.body_word,
        path=f"/{site}/{names.slug}" if site else "",
        facets=_FILED if names.kind == "article" else [],
        **here,
    )
    FormerSlugFactory(document=document, slug=names.former_slug)
    placed(document, **place)
    return document


def placed(document: Document, **place: Any) -> None:
    sequence = FAR_OFF + Placement.objects.count()
    PlacementFactory(document=document, sequence=sequence, **place)
