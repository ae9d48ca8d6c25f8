"""The short names by which caches are told what an answer rests on."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b


def cache_key(letter: str, name: str) -> str:
    """`letter`, which tells an operator what it is, and 16 hex digits of `name`."""
    return letter + blake2b(name.encode(), digest_size=8).hexdigest()


def unseen(key: str) -> str:
    """`key` of what a document rests on without showing it: kept, and never sent.

    It would tell that something hidden is named there, and which row that is.
    """
    return key[0].upper() + key[1:]


def sent(keys: Iterable[str]) -> list[str]:
    """Those of `keys` that stand for what a document shows."""
    return [key for key in keys if key[0].islower()]
