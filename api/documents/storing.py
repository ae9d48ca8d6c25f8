"""Documents as rows: what renders say is written, of many at once.

Nothing is placed here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from . import indexing, past
from .models import Document, DocumentVersion, FormerPath, FormerSlug
from .rendering import Rendered
from .rows import Rows

_DOCUMENTS = Rows(Document, key=["id"], computed=indexing.COMPUTED)
_VERSIONS = Rows(
    DocumentVersion,
    key=["document", "version"],
    # Written anew, it is there already.
    kept=[
        *("at", "change_note", "significance"),
        *("redacted_at", "redacted_by", "redaction_reason"),
    ],
)


class Refused(ValidationError):
    """A publication that cannot be; its message is a sentence for staff."""


@dataclass(frozen=True)
class Stored:
    """A document that was written, and what others have to know of that."""

    document: Document
    # What it used before and uses no longer, or the other way round.
    follows: frozenset[UUID]
    # Whether something changed that no reader sees, as its keys.
    is_unseen: bool
    was_withdrawn: bool
    # Whether its translations name it otherwise than before.
    is_named_anew: bool
    # Whether its render had lapsed: it was withheld until now.
    had_lapsed: bool


@dataclass(frozen=True)
class Before:
    """What was there of documents that are rendered, at their addresses and rows."""

    documents: Mapping[UUID, Document]
    # Others that were rendered from the same rows, and have to go.
    outlived: Sequence[Document]
    # Who has an address: by type, language and slug.
    addresses: Mapping[tuple[str, str, str], UUID]


def before(sources: Collection[str], renders: Sequence[Rendered]) -> Before:
    """What is stored of `sources` and of their `renders`; one statement."""
    ids = {rendered.id for rendered in renders}
    slugs = Q(
        type__in={rendered.kind for rendered in renders},
        slug__in={rendered.slug for rendered in renders},
        withdrawn_at=None,
    )
    of_sources = Q(source__in=sources, withdrawn_at=None)
    # Words are written only.
    found = Document.objects.defer("search", "body_search").filter(
        Q(pk__in=ids) | of_sources | slugs
    )
    documents: dict[UUID, Document] = {}
    outlived: list[Document] = []
    addresses: dict[tuple[str, str, str], UUID] = {}
    for one in found:
        if one.pk in ids:
            documents[one.pk] = one
        elif one.source in sources:
            outlived.append(one)
            # It will have gone before the others come.
            continue
        if not one.is_withdrawn:
            addresses[one.type, one.locale, one.slug] = one.pk
    return Before(documents, outlived, addresses)


def store(
    renders: Sequence[Rendered], was: Before, now: datetime, *, writes_all: bool
) -> list[Stored]:
    """Write what `renders` say over what `was`; a few statements, however many.

    `writes_all` is whether texts are written even where the render says the same.
    Raises Refused where another document has the address.
    """
    _refuse_taken_slugs(renders, was)
    stored, versions, moved = [], [], []
    for rendered in renders:
        document = was.documents.get(rendered.id)
        is_new = document is None
        if document is None:
            document = Document(id=rendered.id, version=0, updated_at=now)
        else:
            moved.append((document, document.slug, document.path))
        is_changed = is_new or document.fingerprint != rendered.fingerprint
        decisive, named, used = _decisive(document), _named(document), document.uses
        lapsed_at, was_withdrawn = document.valid_until, document.is_withdrawn
        _describe(document, rendered)
        if is_changed:
            document.version += 1
            document.updated_at = max(now, document.updated_at)
        if is_changed or writes_all:
            _say(document, rendered)
            versions.append(_version(document, rendered))
        stored.append(
            Stored(
                document,
                follows=frozenset(used) ^ frozenset(document.uses),
                is_unseen=not is_new and decisive != _decisive(document),
                was_withdrawn=was_withdrawn,
                is_named_anew=is_new or named != _named(document),
                had_lapsed=lapsed_at is not None and lapsed_at <= now,
            )
        )
    _DOCUMENTS.write((one.document for one in stored), map(indexing.searched, renders))
    _VERSIONS.write(versions)
    for document, slug, path in moved:
        _remember_slug(document, slug, now)
        _remember_path(document, path, now)
    return stored


def _refuse_taken_slugs(renders: Iterable[Rendered], was: Before) -> None:
    taken = dict(was.addresses)
    for rendered in renders:
        address = (rendered.kind, rendered.locale, rendered.slug)
        if taken.setdefault(address, rendered.id) != rendered.id:
            raise Refused(
                f"Another {rendered.kind.label.lower()} was published at the address "
                f"“{rendered.slug}” a moment ago. Choose another slug, and publish it "
                "again."
            )


def _decisive(document: Document) -> tuple[object, ...]:
    """What decides where it is found and shown, besides what it says."""
    return (
        document.keys,
        document.facets,
        document.valid_until,
        document.topics,
        document.uses,
    )


def _named(document: Document) -> tuple[object, ...]:
    """What its translations say of it, and until when."""
    return (
        document.type,
        document.locale,
        document.slug,
        document.translation_group,
        document.valid_until,
        document.visible_until,
        document.withdrawn_at,
    )


def _describe(document: Document, rendered: Rendered) -> None:
    """Copy by what a document is found; what it says is written apart."""
    document.type, document.locale = rendered.kind.value, rendered.locale
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


def _say(document: Document, rendered: Rendered) -> None:
    document.published_at = rendered.published_at
    texts = rendered.texts(document.version, document.updated_at)
    document.full_json, document.summary_json = texts.full, texts.summary
    document.teaser_json = texts.teaser
    document.plain_text = rendered.plain_text


def _version(document: Document, rendered: Rendered) -> DocumentVersion:
    """So that what it says now can be told when it says something else."""
    return DocumentVersion(
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


def _remember_slug(document: Document, former_slug: str, now: datetime) -> None:
    if former_slug == document.slug:
        return
    FormerSlug.objects.filter(document=document, slug=document.slug).delete()
    FormerSlug.objects.update_or_create(
        document=document,
        slug=former_slug,
        defaults={"type": document.type, "locale": document.locale, "until": now},
    )


def _remember_path(document: Document, former_path: str, now: datetime) -> None:
    if former_path == document.path:
        return
    FormerPath.objects.filter(document=document, path=document.path).delete()
    if former_path:
        FormerPath.objects.update_or_create(
            document=document, path=former_path, defaults={"until": now}
        )
