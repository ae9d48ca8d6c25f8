"""What a document was on a channel at a moment of the past, to the last byte.

It is told of what the channel shows now, and only as long as all that could be seen in
it is published still: whoever took an author or a picture down is not undone by a date
in an address.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from api.channels.models import PUBLIC, Channel

from .carrying import is_settling, shown_on
from .lookup import Found
from .models import Document, DocumentVersion, Kind, PlacementHistory
from .reading import joined

FORGOTTEN_AT_ONCE = 1_000


@dataclass(frozen=True)
class Past:
    """A document as a channel showed it from `since` on."""

    text: str
    since: datetime


@dataclass(frozen=True)
class Span:
    """A time in which a channel showed one version; `until` is None while it does."""

    version: int
    since: datetime
    until: datetime | None
    change_note: str
    significance: str


def digest_of(full_json: str, teaser_json: str | None) -> str:
    """By which it is noticed that the stored texts of a version are not what was kept.

    SHA-256 in 64 hex digits.
    """
    texts = full_json if teaser_json is None else f"{full_json}\0{teaser_json}"
    return hashlib.sha256(texts.encode()).hexdigest()


def found_at(found: Found, moment: datetime) -> Past | None:
    """What `found` was at `moment`; None where the channel did not show it then.

    None as well where it may be told no more, where it was forgotten, and in the
    future. At most three statements.
    """
    if moment > found.now:
        return None
    version = DocumentVersion.objects.filter(
        document=OuterRef("document"), version=OuterRef("version")
    )
    row = (
        PlacementHistory.objects.filter(
            channel=found.channel, document=found.document, at__lte=moment
        )
        .order_by("-at", "-sequence")
        .values(
            *("at", "is_visible", "is_summary", "suffix"),
            full=Subquery(version.values("full_json")[:1]),
            teaser=Subquery(version.values("teaser_json")[:1]),
            shows=Subquery(version.values("shows")[:1]),
        )
        .first()
    )
    if row is None or not row["is_visible"] or row["shows"] is None:
        return None
    # Neither more than it may see now, nor more than it saw then.
    is_summary = found.channel.is_summary or row["is_summary"]
    text = row["teaser"] if is_summary else row["full"]
    if text is None or _hidden(row["shows"], found.now):
        return None
    return Past(joined(text, _suffix(found, row["suffix"])), row["at"])


def spans(found: Found) -> list[Span]:
    """When the channel showed which version of `found`, the newest first.

    Those that may be told no more are left out. Three statements.
    """
    told = {
        version.version: version
        for version in DocumentVersion.objects.filter(
            document=found.document, shows__isnull=False
        ).defer("full_json", "teaser_json")
    }
    shown = {one for each in told.values() for one in each.shows or ()}
    hidden = _hidden(shown, found.now)
    rows = PlacementHistory.objects.filter(
        channel=found.channel, document=found.document
    )
    times: list[tuple[int | None, datetime]] = []
    for version_of, at, is_visible in rows.order_by("sequence").values_list(
        "version", "at", "is_visible"
    ):
        number = version_of if is_visible else None
        if not times or times[-1][0] != number:
            times.append((number, at))
    ends = [*(at for _, at in times[1:]), None]
    return [
        Span(number, since, until, version.change_note, version.significance)
        for (number, since), until in reversed(list(zip(times, ends, strict=True)))
        if number is not None
        and (version := told.get(number)) is not None
        and hidden.isdisjoint(version.shows or ())
    ]


def tell_no_more(sources: Iterable[str]) -> None:
    """Have no version be told any more in which one of `sources` could be seen.

    For what is no document, and so cannot be asked for when somebody reads: pictures
    that were made private or deleted.
    """
    named = list(sources)
    if named:
        DocumentVersion.objects.filter(shows__overlap=named).update(shows=None)


def redactable(document: Document) -> QuerySet[DocumentVersion]:
    """The versions whose text can be taken away: none that readers see."""
    former = DocumentVersion.objects.filter(document=document, redacted_at=None)
    if not document.is_withdrawn:
        former = former.exclude(version=document.version)
    return former.order_by("-version")


def redact(version: DocumentVersion, user: Any, reason: str) -> None:
    """Take the text of `version` away for good; that it was there stays, with `reason`.

    One of those that are `redactable`: no version is published a second time.
    """
    version.full_json, version.teaser_json, version.digest = "", None, ""
    version.shows, version.change_note = None, ""
    version.redacted_at, version.redacted_by = timezone.now(), user
    version.redaction_reason = reason
    version.save()


def altered() -> Iterator[tuple[int, str, int]]:
    """Versions whose texts are not what was kept: row, source, number of the version.

    Those that are told no more do not count. Reads every text, a few at a time.
    """
    kept = DocumentVersion.objects.filter(shows__isnull=False).values_list(
        *("pk", "document__source", "version", "digest", "full_json", "teaser_json")
    )
    for pk, source, number, digest, *texts in kept.iterator(FORGOTTEN_AT_ONCE):
        if digest_of(*texts) != digest:
            yield pk, source, number


def tell_no_more_of(versions: Iterable[tuple[int, str, int]]) -> None:
    """Have `versions`, as `altered` gives them, be told no more."""
    rows = [pk for pk, _, _ in versions]
    DocumentVersion.objects.filter(pk__in=rows).update(shows=None)


def forget() -> bool:
    """Forget a batch of versions that nothing has shown for `VERSION_DAYS`.

    False if there is none. What a document says now stays.
    """
    since = timezone.now() - timedelta(days=settings.VERSION_DAYS)
    followed = DocumentVersion.objects.filter(
        document=OuterRef("document"), version__gt=OuterRef("version"), at__lt=since
    )
    old = DocumentVersion.objects.filter(
        Q(Exists(followed)) | Q(document__withdrawn_at__lt=since), at__lt=since
    )
    batch = list(old.order_by("at").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    DocumentVersion.objects.filter(pk__in=batch).delete()
    return len(batch) == FORGOTTEN_AT_ONCE


def _hidden(sources: Collection[str], now: datetime) -> set[str]:
    """Which of `sources` are documents that may not be named at `now`.

    Of articles those that are not for everybody, too, as in what is rendered today.
    """
    kinds = set(Kind.values)
    asked = {one for one in sources if one.partition(":")[0] in kinds}
    if not asked:
        return set()
    published = Document.objects.filter(
        Q(visible_until=None) | Q(visible_until__gt=now),
        source__in=asked,
        withdrawn_at=None,
    )
    hidden = asked - set(published.values_list("source", flat=True))
    articles = {one for one in asked - hidden if one.startswith(f"{Kind.ARTICLE}:")}
    if articles:
        public = Channel.objects.select_related("settling").get(slug=PUBLIC)
        named = shown_on(public, now).filter(document__source__in=articles)
        hidden |= articles - set(named.values_list("document__source", flat=True))
    return hidden


def _suffix(found: Found, suffix: str) -> str:
    """What the channel added then, without translations that it shows no longer."""
    members = json.loads(suffix)
    if not members["translations"]:
        return suffix
    shown: set[str] = set()
    if not is_settling(found.channel):
        group = found.document.translation_group
        others = shown_on(found.channel, found.now).filter(
            document__translation_group=group
        )
        shown = set(others.values_list("locale", flat=True))
    kept = [one for one in members["translations"] if one["locale"] in shown]
    if kept == members["translations"]:
        return suffix
    return json.dumps(
        members | {"translations": kept}, ensure_ascii=False, separators=(",", ":")
    )
