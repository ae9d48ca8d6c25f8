"""Compare what is stored with what should be; mend it; start over."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from . import carrying, indexing, ledger, past, placing, publishing, rendering
from .identity import MODELS, source_of
from .models import Document, Head, Kind, Placement, Stale, Upcoming
from .scene import Scene

log = logging.getLogger(__name__)

# Rendered while others publish, and written while they wait: some 50 ms.
REWRITTEN_AT_ONCE = 50
BATCHES_AHEAD = 4


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
    scene = Scene.at(timezone.now())
    waiting = set(Stale.objects.values_list("source", flat=True))
    faults: list[Fault] = []
    expected: set[str] = set()
    for sources in _batches(_sources()):
        expected.update(sources)
        faults += _wrong(sources, scene)
    served = Document.objects.exclude(source__in=expected)
    visible = served.filter(placements__is_visible=True) | served.filter(
        withdrawn_at=None
    )
    for source in visible.values_list("source", flat=True).distinct():
        faults.append(Fault(source, "is served and should be withdrawn"))
    faults += _wrong_versions() + _wrongly_noted()
    found = [fault for fault in faults if fault.source not in waiting]
    return found + [Fault("", what) for what in _wrong_heads()]


def repair() -> list[Fault]:
    """Mend what `check` finds, and return it.

    A version of the past that is not what was kept is told no more.
    """
    faults = check()
    past.tell_no_more_of(past.altered())
    sources = {fault.source: None for fault in faults if fault.source}
    for batch in _batches(iter(sources)):
        publishing.rewrite(batch)
        _note_shown(batch)
    if faults:
        publishing.recount()
    return faults


def rebuild(renderers: Executor | None = None) -> int:
    """Render and write everything anew without downtime; how many objects that were.

    Consumers hear only of what really changed. With `renderers` those render, some
    batches ahead, and only the writing is done here.
    """
    rewriting = publishing.Rewriting(writes_all=True)
    number = 0
    for early in _rendered(_batches(_sources()), renderers):
        rewriting.write(early)
        number += len(early.renders)
    repair()
    return number


def _rendered(
    batches: Iterator[list[str]], renderers: Executor | None
) -> Iterator[publishing.Early]:
    if renderers is None:
        yield from map(publishing.rendered_early, batches)
        return
    # More would be kept in memory, and be out of date sooner.
    ahead: deque[Future[publishing.Early]] = deque()
    for batch in batches:
        ahead.append(renderers.submit(publishing.rendered_early, batch))
        if len(ahead) > BATCHES_AHEAD:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


def _sources() -> Iterator[str]:
    """Every row that might have a document; read in one go, as names only."""
    for kind in Kind:
        pks = rendering.candidates(kind).order_by("pk").values_list("pk", flat=True)
        for pk in list(pks):
            yield source_of(MODELS[kind], pk)


def _wrong(sources: list[str], scene: Scene) -> Iterator[Fault]:
    """What is wrong with the documents of `sources`; some statements for all."""
    stored = {
        one.source: one
        for one in Document.objects.filter(source__in=sources, withdrawn_at=None)
    }
    contents = rendering.public_contents(sources, scene)
    pairs: list[tuple[Document, rendering.Rendered]] = []
    for source in sources:
        content, document = contents.get(source), stored.get(source)
        if content is None:
            if document is not None:
                yield Fault(source, "is served and should be withdrawn")
            continue
        try:
            rendered = rendering.render(content, scene)
        except Exception:
            # It is what is looked for, and the rest is to be looked at, too.
            log.exception("Could not render %s", source)
            yield Fault(source, "cannot be rendered; the log says why")
            continue
        if document is None or document.pk != rendered.id:
            yield Fault(source, "is published and has no document")
        else:
            pairs.append((document, rendered))
    indexed = indexing.indexed(pairs)
    for document, rendered in pairs:
        compared = _compared(document, rendered)
        compared["search"] = (document.pk in indexed, True)
        for name, (is_stored, fresh) in compared.items():
            if is_stored != fresh:
                what = f"its {name} differs from a fresh render"
                yield Fault(document.source, what)
    yield from _wrongly_placed([document for document, _ in pairs], scene)


def _compared(
    document: Document, rendered: rendering.Rendered
) -> dict[str, tuple[object, object]]:
    texts = rendered.texts(document.version, document.updated_at)
    stored = (document.full_json, document.summary_json, document.teaser_json)
    return {
        "text": (stored, tuple(texts)),
        "fingerprint": (document.fingerprint, rendered.fingerprint),
        "slug": (document.slug, rendered.slug),
        "type": (document.type, rendered.kind),
        "language": (document.locale, rendered.locale),
        "address": (document.canonical_url, rendered.canonical_url),
        "path": (document.path, rendered.path),
        "place": ((document.latitude, document.longitude), rendered.place),
        "plain text": (document.plain_text, rendered.plain_text),
        "keys": (sorted(document.keys), sorted(rendered.keys)),
        "facets": (sorted(document.facets), sorted(rendered.facets)),
        "topics": (sorted(document.topics), sorted(rendered.topics)),
        "followers": (document.uses, rendered.uses),
        "sorting": (
            (document.title_sort, document.sort_key),
            (rendered.title_sort, rendered.sort_key),
        ),
        "end": (document.visible_until, rendered.visible_until),
        "date of lapse": (document.valid_until, rendered.valid_until),
    }


def _wrongly_placed(documents: list[Document], scene: Scene) -> Iterator[Fault]:
    # The others are waiting for the worker.
    names = {
        channel.pk: channel.slug
        for channel in scene.channels
        if not carrying.is_settling(channel)
    }
    visible: dict[UUID, dict[int, Placement]] = defaultdict(dict)
    for one in Placement.objects.filter(
        document__in=documents, is_visible=True, channel__in=names
    ):
        visible[one.document_id][one.channel_id] = one
    upcoming: dict[UUID, dict[int, datetime]] = defaultdict(dict)
    waiting = Upcoming.objects.filter(document__in=documents, channel__in=names)
    for pk, channel_id, at in waiting.values_list("document_id", "channel_id", "at"):
        upcoming[pk][channel_id] = at
    for document, whole in placing.plans(documents, scene):
        plan, placements = whole.on(names), visible[document.pk]
        for wanted in plan.desired:
            placement, slug = (
                placements.pop(wanted.channel.pk, None),
                wanted.channel.slug,
            )
            if placement is None:
                yield Fault(document.source, f"is missing on {slug}")
            elif _is_misplaced(placement, document, wanted):
                what = f"stands otherwise on {slug} than it should"
                yield Fault(document.source, what)
        for channel_id in placements:
            what = f"is on {names[channel_id]}, which does not carry it"
            yield Fault(document.source, what)
        if upcoming[document.pk] != plan.upcoming:
            what = "waits for another day than its channels' delays say"
            yield Fault(document.source, what)


def _is_misplaced(
    placement: Placement, document: Document, wanted: placing.Desired
) -> bool:
    stored = (
        placement.etag,
        placement.suffix,
        placement.type,
        placement.locale,
        placement.sort_key,
        placement.visible_until,
        placement.translations_until,
    )
    return stored != (
        wanted.etag,
        wanted.suffix,
        document.type,
        document.locale,
        document.sort_key,
        wanted.visible_until,
        wanted.translations_until,
    )


def _wrong_versions() -> list[Fault]:
    return [
        Fault(source, f"its version {number} is not what was published")
        for _, source, number in past.altered()
    ]


def _wrongly_noted() -> list[Fault]:
    """Documents of which searches believe something else than placements say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source FROM documents_document AS document, "
            "documents_shown(document.id) AS right_now "
            "WHERE document.shown_on <> right_now.shown_on "
            "OR (right_now.may_end AND NOT document.may_end)"
        )
        sources = cursor.fetchall()
    return [
        Fault(one, "is searched on other channels than it is on") for (one,) in sources
    ]


def _note_shown(sources: list[str]) -> None:
    """Note of these anew on which channels they are, while nobody publishes."""
    with transaction.atomic(), connection.cursor() as cursor:
        ledger.take_counter()
        cursor.execute(
            "SELECT documents_note_shown(ARRAY("
            "SELECT id FROM documents_document WHERE source = ANY(%s)))",
            [sources],
        )


def _wrong_heads() -> Iterator[str]:
    heads = Head.objects.select_related("channel")
    boundaries = ledger.next_boundaries(head.channel_id for head in heads)
    for head in heads:
        placements = Placement.objects.filter(channel=head.channel)
        newest = placements.aggregate(newest=Max("sequence"))["newest"] or 0
        kept = (head.counts, head.next_boundary_at, head.sequence)
        boundary = boundaries[head.channel_id]
        if kept != (ledger.counted(head.channel_id), boundary, newest):
            yield f"{head.channel.slug} keeps wrong counts or times"


def _batches(items: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(items, REWRITTEN_AT_ONCE)):
        yield batch
