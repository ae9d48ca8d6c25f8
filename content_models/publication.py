"""How code of this floor publishes without knowing who listens.

What is published here is rendered and placed by the floor above, in the same
transaction. That floor says how a transaction that publishes is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import transaction

_opened_by: Callable[[], AbstractContextManager[object]] = transaction.atomic


def open_with(context: Callable[[], AbstractContextManager[object]]) -> None:
    """Make `publication()` enter `context` from now on."""
    global _opened_by
    _opened_by = context


def publication() -> AbstractContextManager[object]:
    """One transaction in which content may be published, wholly or not at all."""
    return _opened_by()
