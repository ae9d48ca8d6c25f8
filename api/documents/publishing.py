"""The only writer of documents and placements, and the only taker of sequences.

Content is published inside `publishing()`. Whoever changes content there calls
`note()`; as the last act of the transaction, `flush()` takes the counter row, and only
then reads, renders, places and writes. So the order of sequences is the order in which
changes become visible, and of two editors the later one sees what the earlier one
published.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Min, Q, TextField, Value
from django.utils import timezone
from wagtail.models import Collection, Page

from content_models.models import Article, Image, Section

from . import placing, rendering
from .identity import key_of, kind_of, source_of
from .models import (
    Counter,
    Document,
    DocumentVersion,
    FormerSlug,
    Head,
    Placement,
    PlacementHistory,
    Stale,
    Withdrawal,
    search_configuration,
)
from .serializers.base import Scene, as_json

log = logging.getLogger(__name__)

# What the worker listens to; sent with the commit of each change.
NOTIFY_CHANNEL = "clinicast"
# How long the worker leaves a document alone whose rendering failed.
RETRY_AFTER = timedelta(minutes=1)
# PostgreSQL refuses a tsvector over 1 MB; no reader searches that far down.
SEARCHED_CHARACTERS = 100_000


class OutsidePublishing(RuntimeError):
    """Content was published where nobody would have rendered it."""


class Refused(ValidationError):
    """A publication that cannot be; its message is a sentence for staff."""


_open = threading.local()


@contextmanager
def publishing() -> Iterator[None]:
    """One transaction in which content may be published, wholly or not at all.

    Inside another one it is part of that: the outermost flushes.
    """
    if getattr(_open, "noted", None) is not None:
        yield
        return
    _open.noted = {}
    try:
        with transaction.atomic():
            yield
            flush()
    finally:
        _open.noted = None


def note(model: type[models.Model], pk: Any) -> None:
    """Remember that the row `pk` of `model` may be public, or public no longer.

    Raises OutsidePublishing where no flush will follow: the change would be lost.
    """
    noted = getattr(_open, "noted", None)
    if noted is None:
        raise OutsidePublishing(
            f"{model.__name__} {pk} was published outside of a publication. Put the "
            "code into `with api.documents.publishing.publishing():`."
        )
    noted[(model, pk)] = None


def flush() -> None:
    """Write what was noted to documents and placements; the last act before commit."""
    while noted := list(_open.noted):
        _open.noted.clear()
        with _Flush() as flushing:
            flushing.publish(_sources(noted))


def work_off(limit: int | None = None) -> bool:
    """Render one batch of what earlier publications left; False if none is left.

    Killed half-way it has done nothing: the batch is one transaction. A document that
    cannot be rendered is logged and tried again later, and holds up no other.
    """
    with transaction.atomic(), _Flush() as flushing:
        batch = list(
            Stale.objects.filter(due_at__lte=flushing.now)[: limit or _inline_limit()]
        )
        for row in batch:
            try:
                with transaction.atomic():
                    flushing.renew(row.source)
            except Exception:
                log.exception("Could not render %s", row.source)
                row.due_at = flushing.now + RETRY_AFTER
                row.save(update_fields=["due_at"])
            else:
                row.delete()
    return bool(batch)


def on_the_clock(limit: int | None = None) -> bool:
    """Write one batch of what time alone has changed; False if there was nothing.

    That is: credentials that lapsed or began to count, and content that expired.
    """
    now = timezone.now()
    due = Q(valid_until__lte=now) | Q(
        placements__is_visible=True, placements__visible_until__lte=now
    )
    sources = list(
        Document.objects.filter(due, withdrawn_at=None)
        .exclude(source__in=Stale.objects.values("source"))
        .values_list("source", flat=True)
        .distinct()[: limit or _inline_limit()]
    )
    if not sources:
        return False
    with transaction.atomic():
        _defer(sources, now)
    while work_off(limit):
        pass
    return True


def renew(sources: Iterable[str]) -> None:
    """Bring the documents of `sources` up to date now, whatever was noted."""
    with transaction.atomic(), _Flush() as flushing:
        for source in sources:
            flushing.renew(source)


def renew_prepared(contents: list[Any]) -> None:
    """The same for `contents`, rendered before the lock is taken.

    Should anything be published meanwhile, they are read and rendered again under it.
    """
    seen = Counter.objects.values_list("value", flat=True).get()
    now = timezone.now()
    scene = Scene.at(now)
    renders = [rendering.render(content, scene, now) for content in contents]
    with transaction.atomic(), _Flush() as flushing:
        is_fresh = flushing.sequence == seen
        for rendered in renders:
            flushing.renew(rendered.source, rendered if is_fresh else None)


def recount() -> None:
    """Make every channel's kept counts right again."""
    with transaction.atomic(), _Flush() as flushing:
        for head in Head.objects.select_related("channel"):
            head.counts = counted(head.channel_id)
            head.next_boundary_at = flushing.next_boundary(head.channel_id)
            head.save(update_fields=["counts", "next_boundary_at"])


def counted(channel_id: int) -> dict[str, int]:
    """Visible placements of a channel by type and locale, counted one by one."""
    rows = (
        Placement.objects.filter(channel_id=channel_id, is_visible=True)
        .values_list("type", "locale")
        .annotate(number=models.Count("pk"))
    )
    return {f"{type}:{locale}": number for type, locale, number in rows}


def _inline_limit() -> int:
    return settings.DOCUMENTS_INLINE_LIMIT


def _sources(noted: list[tuple[type[models.Model], Any]]) -> list[str]:
    """The rows behind what was noted; sections and collections stand for their own."""
    sources: dict[str, None] = {}
    for model, pk in noted:
        for source in _expanded(model, pk):
            sources[source] = None
    return list(sources)


def _expanded(model: type[models.Model], pk: Any) -> list[str]:
    if model in (Page, Section):
        return _within(Article, "path", Page._default_manager.filter(pk=pk))
    if model is Collection:
        collections = Collection._default_manager.filter(pk=pk)
        return _within(Image, "collection__path", collections)
    return [source_of(model, pk)]


def _within(
    model: type[models.Model], path: str, root: models.QuerySet[Any]
) -> list[str]:
    """The rows of `model` in the branch of a tree; none if its root is gone."""
    branch = root.values_list("path", flat=True).first()
    if branch is None:
        return []
    rows = model._default_manager.filter(**{f"{path}__startswith": branch})
    return [source_of(model, pk) for pk in rows.values_list("pk", flat=True)]


def _defer(sources: Iterable[str], now: datetime) -> None:
    rows = [Stale(source=source, noted_at=now, due_at=now) for source in sources]
    Stale.objects.bulk_create(rows, ignore_conflicts=True)


def take_counter() -> Counter:
    """The counter row, locked until the transaction ends."""
    return Counter.objects.select_for_update().get()


class _Flush:
    """What is done under the counter's lock, and what is written at its end."""

    def __init__(self) -> None:
        # First of all: from here on nobody else publishes, and every row that is read
        # was committed before, by whoever held the lock last.
        self._counter = take_counter()
        self.now = timezone.now()
        self.scene = Scene.at(self.now)
        self._tallies: dict[int, Tally[str]] = {}
        # Whether the worker has something to do that it could not know of.
        self._wakes_worker = False

    @property
    def sequence(self) -> int:
        return self._counter.value

    def __enter__(self) -> _Flush:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is None:
            self._finish()

    def publish(self, sources: list[str]) -> None:
        """Renew `sources` and what was rendered from them.

        Whatever shows something that is public no longer is renewed at once, however
        much that is; of the rest, what is over the limit is left to the worker.
        """
        own = [source for source in sources if kind_of(source)]
        # A new image has no renditions yet.
        self._wakes_worker |= len(own) < len(sources)
        for source in own[: _inline_limit()]:
            self.renew(source)
        # A section that is moved brings many; what has to go, goes at once.
        remaining = []
        for source in own[_inline_limit() :]:
            if rendering.is_public(source, self.scene, self.now):
                remaining.append(source)
            else:
                self.renew(source)
        self._leave(remaining)
        vanished = [source for source in sources if not self._is_public(source)]
        urgent = self._dependents(vanished, besides=own)
        others = self._dependents(sources, besides=[*own, *urgent])
        room = max(0, _inline_limit() - len(own) - len(urgent))
        for source in [*urgent, *others[:room]]:
            self.renew(source)
        self._leave(others[room:])

    def _leave(self, sources: list[str]) -> None:
        """Leave the rendering of `sources` to the worker."""
        if sources:
            _defer(sources, self.now)
            self._wakes_worker = True

    def renew(self, source: str, rendered: rendering.Rendered | None = None) -> None:
        """Make the document of `source` say what its content says now, or withdraw it.

        `rendered` spares the rendering where it is known to be up to date.
        """
        if rendered is None:
            content = rendering.public_content(source, self.scene, self.now)
            if content is not None:
                rendered = rendering.render(content, self.scene, self.now)
        gone = Document.objects.filter(source=source, withdrawn_at=None)
        if rendered is not None:
            gone = gone.exclude(pk=rendered.id)
        for document in gone:
            self._withdraw(document)
        if rendered is not None:
            self._place(self._store(rendered), rendered.visible_until, rendered)

    def next_boundary(self, channel_id: int) -> datetime | None:
        """When the clock alone changes what the channel shows; may be overdue."""
        visible = Placement.objects.filter(channel_id=channel_id, is_visible=True)
        moments = visible.aggregate(
            until=Min("visible_until"),
            valid=Min("document__valid_until"),
            begins=Min("visible_from", filter=Q(visible_from__gt=self.now)),
        ).values()
        return min((moment for moment in moments if moment), default=None)

    def _is_public(self, source: str) -> bool:
        if kind_of(source):
            return Document.objects.filter(source=source, withdrawn_at=None).exists()
        name, _, pk = source.partition(":")
        if name != Image._meta.model_name:
            return True
        images = Image.objects.filter(pk=pk)
        return images.exclude(collection_id__in=self.scene.private_collections).exists()

    def _dependents(self, sources: list[str], besides: list[str]) -> list[str]:
        keys = [key_of(source) for source in sources]
        if not keys:
            return []
        shown = Document.objects.filter(keys__overlap=keys, withdrawn_at=None)
        return list(
            shown.exclude(source__in=besides)
            .order_by("-published_at")
            .values_list("source", flat=True)
        )

    def _store(self, rendered: rendering.Rendered) -> Document:
        document = Document.objects.filter(pk=rendered.id).first()
        is_new = document is None
        if document is None:
            document = Document(id=rendered.id, version=0, updated_at=self.now)
        is_changed = is_new or document.fingerprint != rendered.fingerprint
        former_slug = document.slug if not is_new else rendered.slug
        self._refuse_taken_slug(rendered)
        _describe(document, rendered)
        if is_changed:
            document.version += 1
            document.updated_at = max(self.now, document.updated_at)
            document.published_at = rendered.published_at
            _write_texts(document, rendered)
        document.save()
        if is_changed:
            _index_words(document, rendered)
            self._keep_version(document, rendered)
        if former_slug != rendered.slug:
            self._remember_slug(document, former_slug)
        return document

    def _refuse_taken_slug(self, rendered: rendering.Rendered) -> None:
        taken = Document.objects.filter(
            type=rendered.kind,
            locale=rendered.locale,
            slug=rendered.slug,
            withdrawn_at=None,
        ).exclude(pk=rendered.id)
        if taken.exists():
            raise Refused(
                f"Another {rendered.kind.label.lower()} was published at the address "
                f"“{rendered.slug}” a moment ago. Choose another slug, and publish it "
                "again."
            )

    def _keep_version(self, document: Document, rendered: rendering.Rendered) -> None:
        DocumentVersion.objects.create(
            document=document,
            version=document.version,
            at=document.updated_at,
            full_json=document.full_json,
            change_note=rendered.change_note,
            significance=rendered.significance,
        )

    def _remember_slug(self, document: Document, former_slug: str) -> None:
        FormerSlug.objects.filter(document=document, slug=document.slug).delete()
        FormerSlug.objects.update_or_create(
            document=document,
            slug=former_slug,
            defaults={
                "type": document.type,
                "locale": document.locale,
                "until": self.now,
            },
        )

    def _withdraw(self, document: Document) -> None:
        """Take `document` off every channel; what it said stays in its versions."""
        document.withdrawn_at = self.now
        document.withdrawn_kind = self._kind_of_withdrawal(document)
        document.fingerprint = document.full_json = document.summary_json = ""
        document.keys, document.facets, document.valid_until = [], [], None
        document.search = document.body_search = ""
        document.save()
        for placement in document.placements.filter(is_visible=True):
            self._hide(placement, document, document.withdrawn_kind)
        self._place_siblings(document)

    def _kind_of_withdrawal(self, document: Document) -> Withdrawal:
        overdue = document.placements.filter(
            is_visible=True, visible_until__lte=self.now
        )
        return Withdrawal.EXPIRED if overdue.exists() else Withdrawal.GONE

    def _place(
        self,
        document: Document,
        visible_until: datetime | None,
        rendered: rendering.Rendered | None,
    ) -> None:
        """Show `document` on the channels that carry it, and on no other.

        Without `rendered` only what differs by channel is looked at again.
        """
        carriers = placing.carriers(document)
        leaving = document.placements.filter(is_visible=True)
        for placement in leaving.exclude(channel__in=carriers):
            self._hide(placement, document, Withdrawal.OUT_OF_SCOPE)
        has_moved = False
        for channel in carriers:
            wanted = placing.desired(
                document, channel, self.scene.practice, visible_until
            )
            sort_key = rendered.sort_key if rendered else None
            has_moved |= self._show(document, wanted, sort_key)
        if has_moved:
            self._place_siblings(document)

    def _show(
        self, document: Document, wanted: placing.Desired, sort_key: str | None
    ) -> bool:
        """Write one placement; whether its translations have to say so too."""
        placement = Placement.objects.filter(
            channel=wanted.channel, document=document
        ).first()
        if placement is None:
            placement = Placement(
                channel=wanted.channel, document=document, is_visible=False, etag=""
            )
        was_visible, etag = placement.is_visible, placement.etag
        before = (placement.sort_key, placement.visible_until)
        placement.type, placement.locale = document.type, document.locale
        if sort_key is not None:
            placement.sort_key = sort_key
        placement.visible_until = wanted.visible_until
        if was_visible and etag == wanted.etag:
            if before != (placement.sort_key, placement.visible_until):
                placement.save(update_fields=["sort_key", "visible_until"])
                self._tally(placement)
            return False
        if not was_visible:
            placement.visible_from = self.now
            self._tally(placement)[f"{placement.type}:{placement.locale}"] += 1
        has_moved = not was_visible or wanted.suffix != placement.suffix
        placement.is_visible, placement.withdrawn_kind = True, ""
        placement.suffix, placement.etag = wanted.suffix, wanted.etag
        self._record(placement, document)
        return has_moved

    def _hide(
        self, placement: Placement, document: Document, kind: Withdrawal | str
    ) -> None:
        placement.is_visible, placement.withdrawn_kind = False, kind
        self._tally(placement)[f"{placement.type}:{placement.locale}"] -= 1
        self._record(placement, document)

    def _record(self, placement: Placement, document: Document) -> None:
        """Give the change its place in the one order, and keep it for ever."""
        self._counter.value += 1
        placement.sequence = self._counter.value
        placement.changed_at = self.now
        placement.save()
        self._tally(placement)
        PlacementHistory.objects.create(
            channel=placement.channel,
            document=document,
            sequence=placement.sequence,
            at=self.now,
            is_visible=placement.is_visible,
            version=document.version,
            suffix=placement.suffix,
            withdrawn_kind=placement.withdrawn_kind,
        )

    def _place_siblings(self, document: Document) -> None:
        """Let the translations of `document` name it, or no longer."""
        siblings = Document.objects.filter(
            translation_group=document.translation_group, withdrawn_at=None
        ).exclude(pk=document.pk)
        for sibling in siblings:
            for placement in sibling.placements.filter(is_visible=True):
                wanted = placing.desired(
                    sibling,
                    placement.channel,
                    self.scene.practice,
                    placement.visible_until,
                )
                self._show(sibling, wanted, None)

    def _tally(self, placement: Placement) -> Tally[str]:
        return self._tallies.setdefault(placement.channel_id, Tally())

    def _finish(self) -> None:
        for channel_id, tally in self._tallies.items():
            self._advance(channel_id, tally)
        if self._tallies or self._wakes_worker:
            self._counter.save(update_fields=["value"])
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, '')", [NOTIFY_CHANNEL])

    def _advance(self, channel_id: int, tally: Tally[str]) -> None:
        head, _ = Head.objects.get_or_create(channel_id=channel_id)
        counts = Tally(head.counts)
        counts.update(tally)
        head.counts = {name: number for name, number in counts.items() if number}
        newest = Placement.objects.filter(channel_id=channel_id).aggregate(
            newest=models.Max("sequence")
        )["newest"]
        if newest and newest != head.sequence:
            head.sequence = newest
            # A clock that was set back does not set back what caches compare.
            head.changed_at = max(self.now, head.changed_at or self.now)
        head.next_boundary_at = self.next_boundary(channel_id)
        head.save()


def _describe(document: Document, rendered: rendering.Rendered) -> None:
    """Copy by what a document is found; what it says is written apart."""
    document.type, document.locale = rendered.kind, rendered.locale
    document.slug, document.source = rendered.slug, rendered.source
    document.translation_group = rendered.translation_group
    document.canonical_url = rendered.canonical_url
    document.fingerprint = rendered.fingerprint
    document.keys, document.facets = rendered.keys, rendered.facets
    document.title_sort = rendered.title_sort
    document.valid_until = rendered.valid_until
    document.withdrawn_at, document.withdrawn_kind = None, ""
    document.withdrawn_reason = document.replacement = ""


def _write_texts(document: Document, rendered: rendering.Rendered) -> None:
    given = {
        "version": document.version,
        "updated_at": document.updated_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    members = {**rendered.members, **given}
    document.full_json = as_json(members)
    document.summary_json = as_json(
        {name: members[name] for name in rendered.summary_names}
    )


def _index_words(document: Document, rendered: rendering.Rendered) -> None:
    config = search_configuration(document.locale)

    def vector(text: str, weight: str) -> SearchVector:
        searched = Value(text[:SEARCHED_CHARACTERS], output_field=TextField())
        return SearchVector(searched, config=config, weight=weight)

    title, summary, keywords, body = rendered.words
    Document.objects.filter(pk=document.pk).update(
        search=vector(title, "A") + vector(summary, "B") + vector(keywords, "C"),
        body_search=vector(body, "D"),
    )
