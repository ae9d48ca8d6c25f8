"""Whether a place is open at a moment, by the clock on its own wall.

Hours are those of a document: week days of ISO 8601, times `HH:MM`, closing excluded.
What stands in `hours_exceptions` for a day replaces the week's hours of that day. Where
several do, the one for the fewest days counts, and of equals one that closes: a holiday
within a month of longer hours is a holiday.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo


def is_open(location: Mapping[str, Any], at: datetime) -> bool:
    """Whether `location`, a document or its summary, is open at the moment `at`.

    The wall clock is compared, so the hour that a change of clocks repeats counts
    twice, and the one that it leaves out never comes.
    """
    local = at.astimezone(_zone(location["time_zone"]))
    # Both have two digits in each place, so text is ordered as times are.
    clock = f"{local:%H:%M}"
    return any(opens <= clock < closes for opens, closes in _day(location, local))


def _day(location: Mapping[str, Any], local: datetime) -> Iterator[tuple[str, str]]:
    """The stretches of that day: opens, closes."""
    exceptions = _exceptions(location, f"{local:%Y-%m-%d}")
    if any(each["closed"] for each in exceptions):
        return
    week_day = local.isoweekday()
    usual = (each for each in location["hours"] if each["weekday"] == week_day)
    for each in exceptions or usual:
        yield each["opens"], each["closes"]


def _exceptions(location: Mapping[str, Any], day: str) -> list[Mapping[str, Any]]:
    """What replaces the usual hours of that day."""
    covering = [
        each
        for each in location["hours_exceptions"]
        if each["starts_on"] <= day <= each["ends_on"]
    ]
    fewest = min(map(_days, covering), default=0)
    return [each for each in covering if _days(each) == fewest]


def _days(exception: Mapping[str, Any]) -> int:
    first, last = (date.fromisoformat(exception[it]) for it in ("starts_on", "ends_on"))
    return (last - first).days


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
