"""What is done under the counter's lock: the only writer of documents.

The ledger, which holds the counter, is opened before anything is read.
"""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from api.channels.models import Channel
from content_models.models import withdrawal_of

from . import past, placing, rendering, storing
from .identity import key_of, kind_of
from .ledger import Ledger
from .models import (
    Document,
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

# Placements by document and channel.
Standing = dict[UUID, dict[int, Placement]]

# Read with all that they are about, to see whether they are about less than before.
ARTICLES_AT_ONCE = 200
# Rendered and written together, of what nobody waits for.
RENEWED_AT_ONCE = 100
# How long a document is left alone whose rendering failed.
RETRY_AFTER = timedelta(minutes=1)


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
        self.ledger.note_published()
        limit = settings.DOCUMENTS_INLINE_LIMIT
        own = [source for source in sources if kind_of(source)]
        # A new image has no renditions yet.
        self.ledger.wakes_worker |= len(own) < len(sources)
        held = {source: self._credentials(source) for source in own}
        # Known to be, without being read again.
        named: set[str] = set()
        remaining = []
        # A section that is moved brings many; what has to go, goes at once.
        at_once = {*own[:limit], *self._leaving_a_topic(own[limit:])}
        for source in own:
            if source in at_once:
                content = self._renew([source]).get(source)
                if content is not None and self.scene.may_be_named(content):
                    named.add(source)
            elif rendering.is_public(source, self.scene):
                remaining.append(source)
            else:
                self._withdraw_all(source)
        self._leave(remaining)
        reduced = [
            source
            for source in sources
            if not (source in named or rendering.may_be_named(source, self.scene))
            or held.get(source, set()) - self._credentials(source)
        ]
        urgent = self._dependents(reduced, besides=own)
        past.tell_no_more(one for one in reduced if not kind_of(one))
        others = self._dependents(sources, besides=[*own, *urgent])
        room = max(0, limit - len(own) - len(urgent))
        self.attempt([*urgent, *others[:room]])
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
        """Have `documents` stand on `channel` as they should.

        What they use is for the caller to settle after them, once for all of them.
        """
        found = Document.objects.filter(pk__in=documents, withdrawn_at=None)
        self._place(list(found), channels=[channel])
        self._used.clear()
        self.ledger.revise(channel.pk)

    def attempt(
        self,
        sources: Sequence[str],
        renders: Mapping[str, rendering.Rendered | None] | None = None,
    ) -> None:
        """Renew `sources`, for which nobody waits: a failure holds up nothing else.

        What cannot be renewed is logged and tried again by the worker. Until then it is
        not shown, as it may say what it should not. `renders` are those that are known
        to be up to date.
        """
        for start in range(0, len(sources), RENEWED_AT_ONCE):
            batch = sources[start : start + RENEWED_AT_ONCE]
            failing = self._failing(partial(self._renew, renders=renders), batch)
            for source in failing:
                self._hold_back(source)
            done = set(batch).difference(failing)
            Stale.objects.filter(source__in=done).delete()

    def _failing(
        self, act: Callable[[Sequence[str]], object], sources: Sequence[str]
    ) -> list[str]:
        """Those of `sources` with which `act` fails; with all others it is done.

        It is tried with all at once, then with halves, until those are alone.
        """
        if not sources:
            return []
        entries = self.ledger.entries()
        try:
            with transaction.atomic():
                act(sources)
        except Exception:
            if not connection.is_usable():
                # No document's fault: nothing is held back for it.
                raise
            # Whatever the fault of one is, the others are not to wait for it.
            self.ledger.strike(to=entries)
            if len(sources) == 1:
                log.exception("Could not render %s", sources[0])
                return [*sources]
            half = len(sources) // 2
            return [
                *self._failing(act, sources[:half]),
                *self._failing(act, sources[half:]),
            ]
        return []

    def _renew(
        self,
        sources: Sequence[str],
        renders: Mapping[str, rendering.Rendered | None] | None = None,
    ) -> Mapping[str, Any]:
        """Make the documents of `sources` say what their content says now.

        Or withdraw them. The `renders` that are there spare the rendering. Returns what
        was read, by source: nothing of what nobody may see.
        """
        known = {source: one for source, one in (renders or {}).items() if one}
        missing = [source for source in sources if source not in known]
        contents = rendering.public_contents(missing, self.scene)
        for source, content in contents.items():
            known[source] = rendering.render(content, self.scene)
        rendered = [known[source] for source in sources if source in known]
        before = storing.before(sources, rendered)
        for document in before.outlived:
            self._withdraw(document)
        if rendered:
            self._store(rendered, before)
        return contents

    def _hold_back(self, source: str) -> None:
        Stale.objects.update_or_create(
            source=source,
            defaults={"due_at": self.now + RETRY_AFTER},
            create_defaults={
                "noted_at": self.now,
                "due_at": self.now + RETRY_AFTER,
            },
        )
        self.ledger.note_left()
        for document in Document.objects.filter(source=source, withdrawn_at=None):
            document.valid_until = min(self.now, document.valid_until or self.now)
            document.save(update_fields=["valid_until"])
            on = document.placements.values_list("channel_id", flat=True)
            self.ledger.note_unseen(on)

    def _leave(self, sources: list[str]) -> None:
        if sources:
            defer(sources, self.now)
            self.ledger.note_left()

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

    def _store(
        self, rendered: Sequence[rendering.Rendered], before: storing.Before
    ) -> None:
        """Write what is `rendered`, and show it where it is carried."""
        stored = storing.store(rendered, before, self.now, writes_all=self._writes_all)
        documents = [one.document for one in stored]
        standing = self._standing(documents)
        for one in stored:
            if one.is_unseen:
                self.ledger.note_unseen(standing[one.document.pk])
            if one.was_withdrawn:
                # Where it stays away, why it did so is told no longer. Where it only
                # left the scope, nothing is told, not even by another tag.
                for placement in standing[one.document.pk].values():
                    if placement.withdrawn_kind not in ("", Withdrawal.OUT_OF_SCOPE):
                        self.ledger.revise(placement.channel_id)
        self._place(
            documents,
            standing=standing,
            named_anew={one.document.pk for one in stored if one.is_named_anew},
            had_lapsed={one.document.pk for one in stored if one.had_lapsed},
        )
        for one in stored:
            self._follow(set(one.follows))

    def _withdraw_all(self, source: str) -> None:
        for document in Document.objects.filter(source=source, withdrawn_at=None):
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
        documents: Sequence[Document],
        *,
        channels: Sequence[Channel] = (),
        standing: Standing | None = None,
        named_anew: Container[UUID] = (),
        had_lapsed: Container[UUID] = (),
    ) -> None:
        """Show `documents` on those of `channels`, or of all, that carry them.

        Where one of them appears or vanishes by that, its translations and what it uses
        are placed again; the translations also where it is `named_anew`. Of those that
        `had_lapsed` whoever passed them over has to hear. `standing` is where they
        stand, if that is known.
        """
        if not documents:
            return
        standing = standing or self._standing(documents, channels)
        upcoming, told, moved = [], [], set()
        for document, plan in placing.plans(documents, self.scene, channels):
            there = standing[document.pk]
            is_renewed = document.pk in had_lapsed
            is_turned = has_moved = False
            for wanted in plan.desired:
                placement = there.pop(wanted.channel.pk, None)
                until = placement.visible_until if placement else None
                is_turned |= self.ledger.show(
                    document, wanted, placement, is_renewed=is_renewed
                )
                has_moved |= until != wanted.visible_until
            for placement in there.values():
                if placement.is_visible:
                    self.ledger.hide(placement, document, Withdrawal.OUT_OF_SCOPE)
                    is_turned = True
            if is_turned or has_moved:
                moved |= set(document.uses)
            if is_turned or has_moved or document.pk in named_anew:
                told.append(document)
            upcoming += [
                Upcoming(channel_id=channel_id, document=document, at=at)
                for channel_id, at in plan.upcoming.items()
            ]
        self.ledger.write()
        self._await(documents, channels, upcoming)
        self._follow(moved, channels)
        self._place(self._translations(told), channels=channels)

    def _standing(
        self, documents: Sequence[Document], channels: Sequence[Channel] = ()
    ) -> Standing:
        """Where `documents` stand or stood, by document and channel."""
        placements = Placement.objects.filter(document__in=documents)
        if channels:
            placements = placements.filter(channel__in=channels)
        standing: Standing = {one.pk: {} for one in documents}
        for placement in placements:
            standing[placement.document_id][placement.channel_id] = placement
        return standing

    def _await(
        self,
        documents: Sequence[Document],
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
            by_source = {one.source: one for one in documents}
            place = partial(self._place_some, by_source, channels)
            # Nobody published them now: they may not keep others from it.
            for source in self._failing(place, list(by_source)):
                self._hold_back(source)

    def _place_some(
        self,
        by_source: Mapping[str, Document],
        channels: Sequence[Channel],
        sources: Sequence[str],
    ) -> None:
        self._place([by_source[one] for one in sources], channels=channels)

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
