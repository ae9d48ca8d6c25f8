"""Checkpoints: a place in one channel's changes, as a text that only we can make."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from .models import SigningKey

LONGEST = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
# For how long a process relies on the keys that it has read.
KEYS_KEPT_S = 60


@dataclass(frozen=True)
class Checkpoint:
    """How far a consumer has come, and in what.

    `begun_at` is the channel's newest sequence when the consumer began with nothing.
    Behind `behind` something was passed over that it has to read again. `anchor` is
    when the change at `sequence` was made, in microseconds: in a backup that was
    restored and went another way, there is none, or it was made at another time.
    `issued_h` counts whole hours, so that the same place is mostly the same text.
    """

    VERSION: ClassVar = 1

    timeline: str
    channel: int
    filters: str
    sequence: int
    begun_at: int
    behind: int | None
    anchor: int | None
    issued_h: int

    def signed(self) -> str:
        return _signer().sign_object([self.VERSION, *astuple(self)])

    def is_kept_at(self, now: datetime) -> bool:
        """Whether all that was withdrawn since it was given can still be told."""
        age = now - (EPOCH + self.issued_h * HOUR)
        return age <= timedelta(days=settings.TOMBSTONE_DAYS)


def read(text: str) -> Checkpoint:
    """The checkpoint that was signed. Raises ValueError for any other text."""
    if len(text) > LONGEST or not text.isascii():
        raise ValueError
    try:
        found = _signer().unsign_object(text)
    except BadSignature:
        # Another process may have begun to sign with a key that is new.
        forget_keys()
        try:
            found = _signer().unsign_object(text)
        except BadSignature:
            raise ValueError from None
    version, *values = found
    if version != Checkpoint.VERSION:
        raise ValueError
    return Checkpoint(*values)


def microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def hours(moment: datetime) -> int:
    return (moment - EPOCH) // HOUR


# --- Keys -------------------------------------------------------------------------

_kept: tuple[float, Sequence[str]] = (0, ())


def rotate() -> int:
    """Sign with a new key from now on; how many keys verify.

    The others go when nothing that they signed would be accepted any more.
    """
    SigningKey.objects.create()
    since = timezone.now() - timedelta(days=settings.TOMBSTONE_DAYS + 1)
    successor = SigningKey.objects.filter(created_at__lt=since).first()
    if successor is not None:
        older = SigningKey.objects.filter(created_at__lt=successor.created_at)
        older.delete()
    forget_keys()
    return SigningKey.objects.count()


def forget_keys() -> None:
    """Have them read anew."""
    global _kept
    _kept = (0, ())


def _secrets() -> Sequence[str]:
    """Those of all keys, the newest first; the first one is made when it is needed."""
    global _kept
    read_at, found = _kept
    if not found or time.monotonic() - read_at > KEYS_KEPT_S:
        found = list(SigningKey.objects.values_list("secret", flat=True))
        found = found or [SigningKey.objects.create().secret]
        _kept = (time.monotonic(), found)
    return found


def _signer() -> Signer:
    newest, *others = _secrets()
    return Signer(key=newest, fallback_keys=[*others], salt="api.sync", sep=".")
