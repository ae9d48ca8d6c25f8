"""How something stands: one word or a number, and the columns that say it."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail.admin.ui.tables import Column

GOOD = "w-status--primary"
LATE = "desk-status--late"


@dataclass(frozen=True)
class State:
    """One word; `tone` is one of Wagtail's status classes, or `LATE`."""

    word: str
    tone: str = ""


def counted(number: int, one: str, several: str = "") -> str:
    """“1 day”, “2 days”."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


class StateColumn(Column):
    cell_template_name = "desk/columns/state.html"


class WhenColumn(Column):
    """A moment; “Not yet” where there is none."""

    cell_template_name = "desk/columns/when.html"
