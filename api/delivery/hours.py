"""Whether a place is open at a moment, by the clock on its own wall.

Hours are those of a document: week days of ISO 8601, times `HH:MM`, closing excluded.
What stands in `hours_exceptions` for a day replaces the week's hours of that day.
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


def _day(
    location: Mapping[str, Any], local: datetime | date
) -> Iterator[tuple[str, str]]:
    """The stretches of that day: opens, closes."""
    day = f"{local:%Y-%m-%d}"
    exceptions = [
        each
        for each in location["hours_exceptions"]
        if each["starts_on"] <= day <= each["ends_on"]
    ]
    if exceptions:
        stretches = [each for each in exceptions if not each["closed"]]
    else:
        week_day = local.isoweekday()
        stretches = [each for each in location["hours"] if each["weekday"] == week_day]
    for each in stretches:
        yield each["opens"], each["closes"]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
