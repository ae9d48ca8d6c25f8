"""Whole answers in the memory of this process, each bound to one version of a channel.

A view offers its answer, naming the version of the channel that it was made from and
the moment until which the clock changes nothing about it. Whoever asks the same again,
in the same words, is given the same bytes while the database says that this is still
the version, or has said so a moment ago (`api.front`). Nothing has to be cleared: what
is out of date is found out by asking.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils.functional import cached_property

from api.headers import Headers

# Where a request keeps what was offered; no header of a client can have this name.
_OFFERED = "clinicast.offered"
# What an answer takes besides its texts: what is around them, and its key.
OVERHEAD_B = 5_000
# Of how many questions it is known that they were asked, where there is no room left.
KNOWN = 10_000

Version = tuple[Hashable, ...]


@dataclass(frozen=True)
class Offer:
    """That an answer stays as it is, to the header, while its channel does.

    `until` is when the clock alone makes another one of it: None for never.
    """

    channel: str
    version: Version
    until: datetime | None


@dataclass(frozen=True)
class Kept:
    """An answer as it went out, but for what differs by request."""

    offer: Offer
    status: str
    headers: Headers
    body: bytes

    # Django's: Python's own has a lock that all answers would share.
    @cached_property
    def size(self) -> int:
        """About how many bytes it takes."""
        texts = sum(map(len, chain.from_iterable(self.headers)))
        return len(self.body) + texts + OVERHEAD_B


class Answers:
    """The answers that were asked for last, within a bound of bytes."""

    def __init__(self, most_b: int) -> None:
        self._most_b = most_b
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        # By their hashes, the latest last.
        self._asked: OrderedDict[int, None] = OrderedDict()
        self._size_b = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, answer: Kept) -> None:
        """Keep `answer` in place of an older one; forget what nobody asked for.

        Where there is no room, only what was asked for before: who asks for everything
        once has nothing forgotten that others ask for.
        """
        # One that would push out most of the others is not worth it.
        if answer.size > self._most_b // 8:
            return
        with self._lock:
            has_room = self._size_b + answer.size <= self._most_b
            if not (has_room or key in self._kept or self._was_asked(key)):
                return
            self._forget(key)
            self._kept[key] = answer
            self._size_b += answer.size
            while self._size_b > self._most_b:
                self._forget(next(iter(self._kept)))

    def forget(self, key: Hashable, answer: Kept) -> None:
        """Forget `answer`, unless another one has taken its place."""
        with self._lock:
            if self._kept.get(key) is answer:
                self._forget(key)

    def _was_asked(self, key: Hashable) -> bool:
        """Whether it was asked lately; from now on it was."""
        name = hash(key)
        is_known = name in self._asked
        self._asked[name] = None
        self._asked.move_to_end(name)
        if len(self._asked) > KNOWN:
            self._asked.popitem(last=False)
        return is_known

    def _forget(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._size_b -= gone.size


def offer(meta: MutableMapping[str, Any], offered: Offer) -> None:
    """Say of the request with this `META` that its answer may be kept."""
    meta[_OFFERED] = offered


def offered_by(meta: MutableMapping[str, Any]) -> Offer | None:
    """What was said; None where the answer may not be kept."""
    found: Offer | None = meta.get(_OFFERED)
    return found
