"""What is done under the counter's lock: the only writer of documents.

The ledger, which holds the counter, is opened before anything is read.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BooleanField, F, Func, TextField, Value

from . import placing, rendering
from .identity import key_of, kind_of
from .ledger import Ledger
from .models import (
    Document,
    DocumentVersion,
    FormerPath,
    FormerSlug,
    Kind,
    Placement,
    Stale,
    Withdrawal,
    search_configuration,
)
from .scene import Scene

log = logging.getLogger(__name__)

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

    def __enter__(self) -> Flush:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is None:
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
        for place, source in enumerate(own):
            # A section that is moved brings many; what has to go, goes at once.
            if place < limit:
                self.renew(source)
            elif rendering.is_public(source, self.scene):
                remaining.append(source)
            else:
                self._withdraw_all(source)
        self._leave(remaining)
        reduced = [
            source
            for source in sources
            if not rendering.is_public(source, self.scene)
            or held.get(source, set()) - self._credentials(source)
        ]
        urgent = self._dependents(reduced, besides=own)
        others = self._dependents(sources, besides=[*own, *urgent])
        room = max(0, limit - len(own) - len(urgent))
        for source in [*urgent, *others[:room]]:
            self.attempt(source)
        self._leave(others[room:])

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
        document = self._store(rendered)
        self._place(document, rendered)

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
        former_path = document.path if not is_new else rendered.path
        before = document.keys, document.facets, document.valid_until
        self._refuse_taken_slug(rendered)
        _describe(document, rendered)
        if is_changed:
            document.version += 1
            document.updated_at = max(self.now, document.updated_at)
        if is_changed or self._writes_all:
            document.published_at = rendered.published_at
            document.full_json, document.summary_json = rendered.texts(
                document.version, document.updated_at
            )
        document.save()
        if is_changed or self._writes_all:
            _index_words(document, rendered)
        if is_changed:
            self._keep_version(document, rendered)
        if not is_new and before != (
            document.keys,
            document.facets,
            document.valid_until,
        ):
            self.ledger.note_unseen(document)
        if former_slug != rendered.slug:
            self._remember_slug(document, former_slug)
        if former_path != rendered.path:
            self._remember_path(document, former_path)
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
        document.withdrawn_at = self.now
        document.withdrawn_kind = self._kind_of_withdrawal(visible)
        document.fingerprint = document.full_json = document.summary_json = ""
        document.keys, document.facets, document.valid_until = [], [], None
        document.search = document.body_search = document.plain_text = ""
        document.latitude = document.longitude = None
        document.save()
        for placement in visible:
            self.ledger.hide(placement, document, document.withdrawn_kind)
        self._place_siblings(document)

    def _kind_of_withdrawal(self, visible: list[Placement]) -> Withdrawal:
        ends = [one.visible_until for one in visible if one.visible_until]
        has_expired = any(end <= self.now for end in ends)
        return Withdrawal.EXPIRED if has_expired else Withdrawal.GONE

    def _place(self, document: Document, rendered: rendering.Rendered) -> None:
        """Show `document` on the channels that carry it, and on no other."""
        carriers = placing.carriers(document, self.scene)
        visible = document.placements.filter(is_visible=True)
        for placement in visible.exclude(channel__in=carriers):
            self.ledger.hide(placement, document, Withdrawal.OUT_OF_SCOPE)
        for channel in carriers:
            wanted = placing.desired(
                document, channel, self.scene, rendered.visible_until
            )
            self.ledger.show(document, wanted, rendered.sort_key)
        self._place_siblings(document)

    def _place_siblings(self, document: Document) -> None:
        """Let the translations of `document` name it, or no longer, or until when."""
        siblings = Document.objects.filter(
            translation_group=document.translation_group, withdrawn_at=None
        ).exclude(pk=document.pk)
        for sibling in siblings:
            for placement in sibling.placements.filter(is_visible=True):
                wanted = placing.desired(
                    sibling, placement.channel, self.scene, placement.visible_until
                )
                self.ledger.show(sibling, wanted, placement.sort_key)


def _describe(document: Document, rendered: rendering.Rendered) -> None:
    """Copy by what a document is found; what it says is written apart."""
    document.type, document.locale = rendered.kind, rendered.locale
    document.slug, document.source = rendered.slug, rendered.source
    document.translation_group = rendered.translation_group
    document.canonical_url, document.path = rendered.canonical_url, rendered.path
    document.latitude, document.longitude = rendered.place
    document.fingerprint = rendered.fingerprint
    document.keys, document.facets = rendered.keys, rendered.facets
    document.title_sort = rendered.title_sort
    document.valid_until = rendered.valid_until
    document.withdrawn_at, document.withdrawn_kind = None, ""
    document.withdrawn_reason = document.replacement = ""


def are_words_indexed(document: Document, rendered: rendering.Rendered) -> bool:
    """Whether a search finds in `document` what it says."""
    same = {
        f"is_{column}_same": _Same(F(column), vector)
        for column, vector in _vectors(document.locale, rendered).items()
    }
    stored = Document.objects.filter(pk=document.pk).annotate(**same)
    return stored.filter(**dict.fromkeys(same, True)).exists()


class _Same(Func):
    """Whether two vectors are equal: Django's `exact` asks for a match instead."""

    arg_joiner = " = "
    template = "(%(expressions)s)"
    output_field = BooleanField()


def _index_words(document: Document, rendered: rendering.Rendered) -> None:
    Document.objects.filter(pk=document.pk).update(
        **_vectors(document.locale, rendered), plain_text=rendered.plain_text
    )


def _vectors(locale: str, rendered: rendering.Rendered) -> dict[str, Any]:
    """What is searched, by column."""
    config = search_configuration(locale)

    def vector(text: str, weight: str) -> SearchVector:
        searched = Value(text[: rendering.SEARCHED], output_field=TextField())
        return SearchVector(searched, config=config, weight=weight)

    title, summary, keywords, body = rendered.words
    return {
        "search": vector(title, "A") + vector(summary, "B") + vector(keywords, "C"),
        "body_search": vector(body, "D"),
    }
