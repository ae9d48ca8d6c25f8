"""What is done under the counter's lock: the only writer of documents.

The ledger, which holds the counter, is opened before anything is read.
"""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from api.channels.models import Channel
from content_models.models import withdrawal_of

from . import indexing, past, placing, rendering
from .identity import key_of, kind_of
from .ledger import Ledger
from .models import (
    Document,
    DocumentVersion,
    FormerPath,
    FormerSlug,
    Head,
    Kind,
    Placement,
    Settling,
    Stale,
    Upcoming,
    Withdrawal,
)
from .scene import Scene

log = logging.getLogger(__name__)

# Read with all that they are about, to see whether they are about less than before.
ARTICLES_AT_ONCE = 200
# How long a document is left alone whose rendering failed.
RETRY_AFTER = timedelta(minutes=1)


class Refused(ValidationError):
    """A publication that cannot be; its message is a sentence for staff."""


def defer(sources: Iterable[str], now: datetime) -> None:
    """Leave the rendering of `sources` to the worker."""
    rows = [Stale(source=source, noted_at=now, due_at=now) for source in sources]
    Stale.objects.bulk_create(rows, ignore_conflicts=True)


class Flush:
    """Renders, places and withdraws, in the one order that its ledger keeps."""

    def __init__(self, *, writes_all: bool = False) -> None:
        # First of all: it takes the counter.
        self.ledger = Ledger(writes_all=writes_all)
        self.now = self.ledger.now
        self.scene = Scene.at(self.now)
        # Whether texts and words are written even where the render says the same.
        self._writes_all = writes_all
        # What articles use, or used, and is placed once for all of them, by channels.
        self._used: dict[tuple[Channel, ...], set[UUID]] = defaultdict(set)

    def __enter__(self) -> Flush:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is None:
            self._follow_used()
            self.ledger.close()

    def publish(self, sources: list[str]) -> None:
        """Renew `sources` and what was rendered from them.

        Whatever shows something that it may show no longer is renewed at once, however
        much that is; of the rest, what is over the limit is left to the worker.
        """
        limit = settings.DOCUMENTS_INLINE_LIMIT
        own = [source for source in sources if kind_of(source)]
        # A new image has no renditions yet.
        self.ledger.wakes_worker |= len(own) < len(sources)
        held = {source: self._credentials(source) for source in own}
        remaining = []
        # A section that is moved brings many; what has to go, goes at once.
        at_once = {*own[:limit], *self._leaving_a_topic(own[limit:])}
        for source in own:
            if source in at_once:
                self.renew(source)
            elif rendering.is_public(source, self.scene):
                remaining.append(source)
            else:
                self._withdraw_all(source)
        self._leave(remaining)
        reduced = [
            source
            for source in sources
            if not rendering.may_be_named(source, self.scene)
            or held.get(source, set()) - self._credentials(source)
        ]
        urgent = self._dependents(reduced, besides=own)
        past.tell_no_more(one for one in reduced if not kind_of(one))
        others = self._dependents(sources, besides=[*own, *urgent])
        room = max(0, limit - len(own) - len(urgent))
        for source in [*urgent, *others[:room]]:
            self.attempt(source)
        self._leave(others[room:])

    def unsettle(self, channel_ids: Iterable[int]) -> None:
        """Have doors ask the entitlements of channels, until the worker settled them.

        From the commit on they show what the channels may carry as they are now.
        """
        for channel_id in channel_ids:
            Head.objects.get_or_create(channel_id=channel_id)
            self.ledger.revise(channel_id)
            Settling.objects.update_or_create(
                channel_id=channel_id, defaults={"since": self.now, "done": None}
            )

    def settle(self, channel: Channel, documents: Iterable[UUID]) -> None:
        """Have `documents` stand on `channel` as they should."""
        found = Document.objects.filter(pk__in=documents, withdrawn_at=None)
        self._place(list(found), channels=[channel])
        self.ledger.revise(channel.pk)

    def renew(self, source: str, rendered: rendering.Rendered | None = None) -> None:
        """Make the document of `source` say what its content says now, or withdraw it.

        `rendered` spares the rendering where it is known to be up to date.
        """
        if rendered is None:
            content = rendering.public_content(source, self.scene)
            if content is not None:
                rendered = rendering.render(content, self.scene)
        if rendered is None:
            self._withdraw_all(source)
            return
        self._withdraw_all(source, besides=rendered)
        self._store(rendered)

    def attempt(self, source: str, rendered: rendering.Rendered | None = None) -> None:
        """The same for what nobody waits for: a failure holds up nothing else.

        It is logged and tried again by the worker. Until then the document is not
        shown, as it may say what it should not.
        """
        entries = self.ledger.entries()
        try:
            with transaction.atomic():
                self.renew(source, rendered)
        except Exception:
            log.exception("Could not render %s", source)
            self.ledger.strike(to=entries)
            self._hold_back(source)
        else:
            Stale.objects.filter(source=source).delete()

    def _hold_back(self, source: str) -> None:
        Stale.objects.update_or_create(
            source=source,
            defaults={"due_at": self.now + RETRY_AFTER},
            create_defaults={
                "noted_at": self.now,
                "due_at": self.now + RETRY_AFTER,
            },
        )
        for document in Document.objects.filter(source=source, withdrawn_at=None):
            document.valid_until = min(self.now, document.valid_until or self.now)
            document.save(update_fields=["valid_until"])
            self.ledger.touch_channels_of(document)

    def _leave(self, sources: list[str]) -> None:
        if sources:
            defer(sources, self.now)
            self.ledger.wakes_worker = True

    def _credentials(self, source: str) -> set[tuple[str, str]]:
        """What the document of an author says he holds: kind and jurisdiction."""
        if kind_of(source) != Kind.AUTHOR:
            return set()
        texts = Document.objects.filter(source=source, withdrawn_at=None)
        said = texts.values_list("full_json", flat=True).first()
        held = json.loads(said)["credentials"] if said else []
        return {(each["abbreviation"], each["jurisdiction"]) for each in held}

    def _leaving_a_topic(self, sources: list[str]) -> Iterator[str]:
        """Articles that a channel may carry no longer, by what they are about now."""
        others = [one for one in self.scene.channels if not one.is_public]
        placed = Document.objects.filter(
            source__in=sources,
            type=Kind.ARTICLE,
            placements__is_visible=True,
            placements__channel__in=others,
        )
        before = dict(placed.exclude(topics=[]).values_list("source", "topics"))
        placed_sources = list(before)
        for start in range(0, len(placed_sources), ARTICLES_AT_ONCE):
            some = placed_sources[start : start + ARTICLES_AT_ONCE]
            contents = rendering.public_contents(some, self.scene)
            for source in some:
                content = contents.get(source)
                if content is None:
                    continue
                if not {*before[source]} <= {*rendering.topics_of(content, self.scene)}:
                    yield source

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

    def _store(self, rendered: rendering.Rendered) -> None:
        """Write what `rendered` says, and show it where it is carried."""
        document = Document.objects.filter(pk=rendered.id).first()
        is_new = document is None
        if document is None:
            document = Document(id=rendered.id, version=0, updated_at=self.now)
        is_changed = is_new or document.fingerprint != rendered.fingerprint
        former_slug = document.slug if not is_new else rendered.slug
        former_path = document.path if not is_new else rendered.path
        before, used = _decisive(document), set(document.uses)
        lapsed_at = document.valid_until
        self._refuse_taken_slug(rendered)
        _describe(document, rendered)
        if is_changed:
            document.version += 1
            document.updated_at = max(self.now, document.updated_at)
        if is_changed or self._writes_all:
            document.published_at = rendered.published_at
            texts = rendered.texts(document.version, document.updated_at)
            document.full_json, document.summary_json = texts.full, texts.summary
            document.teaser_json = texts.teaser
        document.save()
        if is_changed or self._writes_all:
            indexing.index(document, rendered)
        if is_changed or self._writes_all:
            self._keep_version(document, rendered)
        if not is_new and before != _decisive(document):
            self.ledger.note_unseen(document)
        if former_slug != rendered.slug:
            self._remember_slug(document, former_slug)
        if former_path != rendered.path:
            self._remember_path(document, former_path)
        had_lapsed = lapsed_at is not None and lapsed_at <= self.now
        self._place([document], is_said_anew=True, is_renewed=had_lapsed)
        self._follow(used ^ set(document.uses))

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
        """So that what it says now can be told when it says something else."""
        DocumentVersion.objects.bulk_create(
            [
                DocumentVersion(
                    document=document,
                    version=document.version,
                    at=document.updated_at,
                    full_json=document.full_json,
                    teaser_json=document.teaser_json,
                    digest=past.digest_of(document.full_json, document.teaser_json),
                    shows=rendered.shows,
                    change_note=rendered.change_note,
                    significance=rendered.significance,
                )
            ],
            # Written anew, it is there already.
            update_conflicts=True,
            unique_fields=["document", "version"],
            update_fields=["full_json", "teaser_json", "digest", "shows"],
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

    def _remember_path(self, document: Document, former_path: str) -> None:
        FormerPath.objects.filter(document=document, path=document.path).delete()
        if former_path:
            FormerPath.objects.update_or_create(
                document=document, path=former_path, defaults={"until": self.now}
            )

    def _withdraw_all(
        self, source: str, besides: rendering.Rendered | None = None
    ) -> None:
        gone = Document.objects.filter(source=source, withdrawn_at=None)
        if besides is not None:
            gone = gone.exclude(pk=besides.id)
        for document in gone:
            self._withdraw(document)

    def _withdraw(self, document: Document) -> None:
        """Take `document` off every channel; what it said stays in its versions."""
        visible = list(document.placements.filter(is_visible=True))
        used = set(document.uses)
        document.withdrawn_at = self.now
        self._explain(document, visible)
        document.fingerprint = document.full_json = document.summary_json = ""
        document.teaser_json = None
        document.keys, document.facets, document.valid_until = [], [], None
        document.topics, document.uses = [], []
        document.search = document.body_search = document.plain_text = ""
        document.latitude = document.longitude = None
        document.save()
        for placement in visible:
            self.ledger.hide(placement, document, document.withdrawn_kind)
        self.ledger.write()
        Upcoming.objects.filter(document=document).delete()
        self._follow(used)
        self._place(self._translations([document]))

    def _explain(self, document: Document, visible: list[Placement]) -> None:
        """Say of `document` why it is gone, and what to read instead."""
        name, _, pk = document.source.partition(":")
        made = withdrawal_of(int(pk), self.now) if name == Kind.ARTICLE else None
        if made is not None:
            document.withdrawn_kind = Withdrawal.WITHDRAWN
            document.withdrawn_reason = made.reason
            other = made.replacement
            if other is not None and self.scene.may_be_named(other):
                document.replacement = other.canonical_url
            return
        ends = [one.visible_until for one in visible if one.visible_until]
        has_expired = any(end <= self.now for end in ends)
        document.withdrawn_kind = Withdrawal.EXPIRED if has_expired else Withdrawal.GONE

    def _place(
        self,
        documents: list[Document],
        *,
        channels: Sequence[Channel] = (),
        is_said_anew: bool = False,
        is_renewed: bool = False,
    ) -> None:
        """Show `documents` on those of `channels`, or of all, that carry them.

        Where one of them appears or vanishes by that, its translations and what it uses
        are placed again; the translations in any case if it `is_said_anew`, as they
        name it. `is_renewed` is whether the renders had lapsed.
        """
        if not documents:
            return
        standing = self._standing(documents, channels)
        upcoming, turned, moved = [], [], set()
        for document, plan in placing.plans(documents, self.scene, channels):
            there = standing[document.pk]
            is_turned = False
            for wanted in plan.desired:
                placement = there.pop(wanted.channel.pk, None)
                until = placement.visible_until if placement else None
                is_turned |= self.ledger.show(
                    document, wanted, placement, is_renewed=is_renewed
                )
                if until != wanted.visible_until:
                    moved |= set(document.uses)
            for placement in there.values():
                if placement.is_visible:
                    self.ledger.hide(placement, document, Withdrawal.OUT_OF_SCOPE)
                    is_turned = True
            if is_turned:
                turned.append(document)
                moved |= set(document.uses)
            upcoming += [
                Upcoming(channel_id=channel_id, document=document, at=at)
                for channel_id, at in plan.upcoming.items()
            ]
        self.ledger.write()
        self._await(documents, channels, upcoming)
        self._follow(moved, channels)
        told = documents if is_said_anew else turned
        self._place(self._translations(told), channels=channels)

    def _standing(
        self, documents: list[Document], channels: Sequence[Channel]
    ) -> dict[UUID, dict[int, Placement]]:
        """Where `documents` stand or stood, by document and channel."""
        placements = Placement.objects.filter(document__in=documents)
        if channels:
            placements = placements.filter(channel__in=channels)
        standing: dict[UUID, dict[int, Placement]] = {one.pk: {} for one in documents}
        for placement in placements:
            standing[placement.document_id][placement.channel_id] = placement
        return standing

    def _await(
        self,
        documents: list[Document],
        channels: Sequence[Channel],
        upcoming: list[Upcoming],
    ) -> None:
        """Have the worker place `documents` again when their delay is over."""
        before = Upcoming.objects.filter(document__in=documents)
        if channels:
            before = before.filter(channel__in=channels)
        before.delete()
        Upcoming.objects.bulk_create(upcoming)
        self.ledger.wakes_worker |= bool(upcoming)

    def _follow(self, used: set[UUID], channels: Sequence[Channel] = ()) -> None:
        """Have what articles use, or used, be placed where they are in the end."""
        if used and any(not channel.is_public for channel in self.scene.channels):
            self._used[tuple(channels)] |= used

    def _follow_used(self) -> None:
        while self._used:
            channels, used = self._used.popitem()
            documents = Document.objects.filter(pk__in=used, withdrawn_at=None)
            self._place(list(documents), channels=channels)

    def _translations(self, documents: list[Document]) -> list[Document]:
        """Those that name one of `documents`: the others of its group.

        Of two that are placed together each is one of the others of the other.
        """
        groups = Counter(document.translation_group for document in documents)
        if not groups:
            return []
        alone = [one.pk for one in documents if groups[one.translation_group] == 1]
        others = Document.objects.filter(
            translation_group__in=list(groups), withdrawn_at=None
        )
        return list(others.exclude(pk__in=alone))


def _decisive(document: Document) -> tuple[object, ...]:
    """What decides where it is found and shown, besides what it says."""
    return (
        document.keys,
        document.facets,
        document.valid_until,
        document.topics,
        document.uses,
    )


def _describe(document: Document, rendered: rendering.Rendered) -> None:
    """Copy by what a document is found; what it says is written apart."""
    document.type, document.locale = rendered.kind, rendered.locale
    document.slug, document.source = rendered.slug, rendered.source
    document.translation_group = rendered.translation_group
    document.canonical_url, document.path = rendered.canonical_url, rendered.path
    document.latitude, document.longitude = rendered.place
    document.fingerprint = rendered.fingerprint
    document.keys, document.facets = rendered.keys, rendered.facets
    document.topics, document.uses = rendered.topics, rendered.uses
    document.title_sort, document.sort_key = rendered.title_sort, rendered.sort_key
    document.visible_until = rendered.visible_until
    document.valid_until = rendered.valid_until
    document.withdrawn_at, document.withdrawn_kind = None, ""
    document.withdrawn_reason = document.replacement = ""
