"""Compare what is stored with what should be; mend it; start over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils import timezone

from . import placing, publishing, rendering
from .models import Document, Head, Kind, Stale
from .serializers.base import Scene


@dataclass(frozen=True)
class Fault:
    """One difference: which row it belongs to (empty: a channel), and what is wrong."""

    source: str
    what: str

    def __str__(self) -> str:
        return f"{self.source or 'channel'}: {self.what}"


def check() -> list[Fault]:
    """Every difference between the documents and a fresh render of all content.

    Reads only. What is waiting for the worker is not a fault.
    """
    now = timezone.now()
    scene = Scene.at(now)
    waiting = set(Stale.objects.values_list("source", flat=True))
    faults: list[Fault] = []
    expected: set[str] = set()
    for content in _public_contents():
        rendered = rendering.render(content, scene, now)
        expected.add(rendered.source)
        faults += [Fault(rendered.source, what) for what in _wrong(rendered, scene)]
    live = Document.objects.filter(withdrawn_at=None)
    for source in live.exclude(source__in=expected).values_list("source", flat=True):
        faults.append(Fault(source, "is served and should be withdrawn"))
    for head in Head.objects.all():
        if head.counts != publishing.counted(head.channel_id):
            faults.append(Fault("", f"{head.channel_id} keeps wrong counts"))
    return [fault for fault in faults if fault.source not in waiting]


def repair() -> list[Fault]:
    """Mend what `check` finds, and return it."""
    faults = check()
    sources = {fault.source: None for fault in faults if fault.source}
    for batch in _batches(iter(sources)):
        publishing.renew(batch)
    if faults:
        publishing.recount()
    return faults


def rebuild() -> int:
    """Render everything anew without downtime; how many objects were rendered.

    Consumers hear only of what really changed.
    """
    number = 0
    for contents in _batches(_public_contents()):
        publishing.renew_prepared(contents)
        number += len(contents)
    repair()
    return number


def _public_contents() -> Iterator[Any]:
    now = timezone.now()
    scene = Scene.at(now)
    for kind in Kind:
        contents = rendering.published(kind, scene, now)
        for content in contents.iterator(chunk_size=settings.DOCUMENTS_INLINE_LIMIT):
            if kind != Kind.ARTICLE or scene.is_public(content):
                yield content


def _wrong(rendered: rendering.Rendered, scene: Scene) -> Iterator[str]:
    document = Document.objects.filter(pk=rendered.id, withdrawn_at=None).first()
    if document is None:
        yield "is published and has no document"
        return
    pairs = {
        "text": (document.fingerprint, rendered.fingerprint),
        "slug": (document.slug, rendered.slug),
        "source": (document.source, rendered.source),
        "keys": (sorted(document.keys), sorted(rendered.keys)),
        "facets": (sorted(document.facets), sorted(rendered.facets)),
        "sorting": (document.title_sort, rendered.title_sort),
        "date of lapse": (document.valid_until, rendered.valid_until),
    }
    for name, (stored, fresh) in pairs.items():
        if stored != fresh:
            yield f"its {name} differs from a fresh render"
    yield from _wrongly_placed(document, rendered, scene)


def _wrongly_placed(
    document: Document, rendered: rendering.Rendered, scene: Scene
) -> Iterator[str]:
    visible = {one.channel: one for one in document.placements.filter(is_visible=True)}
    carriers = placing.carriers(document)
    for channel in set(visible) - set(carriers):
        yield f"is on {channel.slug}, which does not carry it"
    for channel in carriers:
        placement = visible.get(channel)
        until = rendered.visible_until
        wanted = placing.desired(document, channel, scene.practice, until)
        if placement is None:
            yield f"is missing on {channel.slug}"
        elif (placement.etag, placement.visible_until) != (wanted.etag, until):
            yield f"says something else on {channel.slug} than it should"


def _batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(items, settings.DOCUMENTS_INLINE_LIMIT)):
        yield batch
