"""The short names by which caches are told what an answer rests on."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b


# A reader is told those of each list.
@lru_cache(1_000)
def key_of_channel(name: str) -> str:
    """Of a channel by its slug, or of one type on it, as in `public:article`."""
    return cache_key("h", name)


def cache_key(letter: str, name: str) -> str:
    """`letter`, which tells an operator what it is, and 16 hex digits of `name`."""
    return letter + blake2b(name.encode(), digest_size=8).hexdigest()
