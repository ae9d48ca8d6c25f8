"""What is counted or ranked, kept in this process while its channel stays as it is.

To count what a filter leaves, all of it is read, and to rank what has a word as well;
whoever pages on, or asks for another form or other fields, asks for the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from api.documents.reading import Standing
from api.parameters import NOW, Asked

from .ranking import Ranked

T = TypeVar("T")

# In how many characters somebody may ask for what is kept: more would only fill memory.
LONGEST_KEY = 2_000

# What shows another part or form of the same list.
_SHOWN = {"limit", "offset", "cursor", "order", "fields", "format"}


class Counts(Generic[T]):
    """The `most` counts that were asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def once(self, key: Hashable | None, counted: Callable[[], T]) -> T:
        """What `counted` says, or said under the same `key`; None keeps nothing."""
        if key is None:
            return counted()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = counted()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        self._kept.clear()


class Latest:
    """The `most` keys that were added or asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, None] = OrderedDict()
        self._lock = Lock()

    def knows(self, key: Hashable) -> bool:
        """Whether it is among them, for which it counts as asked for."""
        with self._lock:
            if key not in self._known:
                return False
            self._known.move_to_end(key)
            return True

    def add(self, key: Hashable) -> None:
        with self._lock:
            self._known[key] = None
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def clear(self) -> None:
        self._known.clear()


# How many documents there are, and the values of facets as JSON, which are longer.
lengths: Counts[int] = Counts(2_000)
values: Counts[str] = Counts(100)
# What has the words of a search, in its order: up to 150 kB each.
rankings: Counts[Ranked] = Counts(50)
# Searches, for each channel, of words that too many documents have to look at them all.
common = Latest(2_000)


def key_of(
    standing: Standing, kind: str, asked: Asked, now: datetime
) -> Hashable | None:
    """Under which a count of this list holds; None where it is not to be kept.

    That is where the clock may change it, and where it is asked for at length.
    """
    if asked.get("open_at") == NOW or not standing.is_settled_at(now):
        return None
    narrowed = tuple(pair for pair in asked.given if pair[0] not in _SHOWN)
    if sum(len(value) for _, value in narrowed) > LONGEST_KEY:
        return None
    return (
        standing.channel.pk,
        standing.form,
        standing.revision,
        standing.changed_at,
        standing.next_boundary_at,
        kind,
        narrowed,
    )
