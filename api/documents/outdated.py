"""What caches in front have to forget: by key, in the one order of all changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from .identity import key_of
from .keys import key_of_channel
from .models import NOTIFY_CHANNEL, Counter, Head, PlacementHistory, Purging

__all__ = ["NOTIFY_CHANNEL", "Outdated", "everything", "outdated_after", "promise"]

# After more changes than that, whole channels are forgotten.
MOST_CHANGES = 500


@dataclass(frozen=True)
class Outdated:
    """The keys of all answers that became others up to the place `sequence`."""

    keys: list[str]
    sequence: int


def everything() -> Outdated:
    """The keys of all channels, of which every answer has one. Two statements."""
    newest = _newest()
    slugs = Head.objects.order_by("pk").values_list("channel__slug", flat=True)
    return Outdated([key_of_channel(slug) for slug in slugs], newest)


def outdated_after(sequence: int) -> Outdated:
    """What became out of date behind that place.

    A document's change is told by the key of the document and by that of its type on
    the channel; very many are told by the keys of their channels. Three statements.
    Behind the newest place, where only a restored backup leaves one, it is everything.
    """
    # First of all: whoever took a place up to here has committed.
    newest = _newest()
    if sequence > newest:
        return everything()
    later = PlacementHistory.objects.filter(
        sequence__gt=sequence, sequence__lte=newest
    ).order_by("sequence")
    named = ("channel__slug", "document__type", "document__source")
    rows = list(later.values_list(*named)[: MOST_CHANGES + 1])
    is_whole = Q(outdated__gt=sequence)
    if len(rows) > MOST_CHANGES:
        is_whole |= Q(sequence__gt=sequence)
        rows = []
    whole = Head.objects.filter(is_whole).values_list("channel__slug", flat=True)
    lists = {f"{slug}:{type}" for slug, type, _ in rows}
    documents = {key_of(source) for *_, source in rows}
    names = sorted({*whole, *lists})
    return Outdated([*map(key_of_channel, names), *sorted(documents)], newest)


def promise(until: Callable[[], datetime | None]) -> None:
    """Let edges keep answers for long until then; None: from now on not at all.

    `until` is asked while nobody else may promise anything.
    """
    with transaction.atomic():
        row, _ = Purging.objects.select_for_update().get_or_create(pk=1)
        row.until = until()
        row.save(update_fields=["until"])


def _newest() -> int:
    return Counter.objects.values_list("value", flat=True).first() or 0
