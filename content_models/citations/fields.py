"""What is read from a citation: fields of CSL-JSON, each with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

# Below it a field is left empty. 1 is certain.
LINE = 0.5


class Field(NamedTuple):
    """One field's value as CSL-JSON has it, and how sure it is (0 to 1)."""

    value: Any
    confidence: float


@dataclass(frozen=True)
class Citation:
    """What was read from a citation's text."""

    raw: str
    fields: dict[str, Field] = field(default_factory=dict)
    authors_incomplete: bool = False
    # What was seen but was not sure enough, by field.
    doubtful: dict[str, Field] = field(default_factory=dict)
    # Why nothing was read, in a sentence for whoever pasted the text.
    problem: str = ""
    # What a registry says otherwise, in sentences for staff.
    notes: tuple[str, ...] = ()
    # The registry that filled and corrected it: Crossref or PubMed.
    filled_from: str = ""

    @property
    def csl(self) -> dict[str, Any]:
        """A CSL-JSON item without its `id`, which is the keeper's to give."""
        item = {name: each.value for name, each in self.fields.items()}
        if self.authors_incomplete:
            item["custom"] = {"authors_incomplete": True}
        return item

    @property
    def confidence(self) -> float:
        """How sure the least sure field is; 0 for a text in which nothing was found."""
        found = [each.confidence for each in self.fields.values()]
        return min(found, default=0.0)


def issued(year: str | int, month: int = 0, day: int = 0) -> dict[str, list[list[int]]]:
    """A CSL date of as many parts as are known."""
    parts = [int(year), *([month, day] if day and month else [month] if month else [])]
    return {"date-parts": [parts]}
