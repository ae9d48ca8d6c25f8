"""Reading once what many clients send in the same words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

# What clients usually send is shorter; more would only fill memory.
LONGEST = 500

T = TypeVar("T")


def remembered(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep the results for the `most` texts asked for last, none of a long one.

    What is decorated takes the text first; what it takes besides must be hashable. Its
    results are shared, so nobody may change them.
    """

    def around(read: Callable[..., T]) -> Callable[..., T]:
        known = lru_cache(most)(read)

        @wraps(read)
        def asked(text: str, *besides: Any) -> T:
            return (known if len(text) <= LONGEST else read)(text, *besides)

        return asked

    return around
