"""How something stands: one word, and the columns of lists that say it."""

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


class StateColumn(Column):
    cell_template_name = "desk/columns/state.html"


class WhenColumn(Column):
    """A moment; “Not yet” where there is none."""

    cell_template_name = "desk/columns/when.html"
