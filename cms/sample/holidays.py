"""When a holiday next comes round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

MONDAY, THURSDAY = 0, 3
_NAMES: dict[str, tuple[str, Callable[[int], date]]] = {
    "new-year": ("New Year's Day", lambda year: date(year, 1, 1)),
    "memorial-day": ("Memorial Day", lambda year: _last(year, 5, MONDAY)),
    "independence-day": ("Independence Day", lambda year: date(year, 7, 4)),
    "labor-day": ("Labor Day", lambda year: _nth(year, 9, MONDAY, 1)),
    "thanksgiving": ("Thanksgiving", lambda year: _nth(year, 11, THURSDAY, 4)),
    "day-after-thanksgiving": (
        "Day after Thanksgiving",
        lambda year: _nth(year, 11, THURSDAY, 4) + timedelta(days=1),
    ),
    "christmas": ("Christmas Day", lambda year: date(year, 12, 25)),
}


def next_holiday(name: str, today: date) -> tuple[date, str]:
    """The next day of that holiday, today included, and what it is called.

    Raises KeyError for a holiday that is not listed here.
    """
    title, day_in = _NAMES[name]
    this_year = day_in(today.year)
    return (this_year if this_year >= today else day_in(today.year + 1)), title


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    to_weekday = (weekday - first.weekday()) % 7
    return first + timedelta(days=to_weekday + 7 * (number - 1))


def _last(year: int, month: int, weekday: int) -> date:
    after = _nth(year, month + 1, weekday, 1)
    return after - timedelta(days=7)
