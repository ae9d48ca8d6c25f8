"""Who a site is of and how to reach them: what it still says while the API is away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Self

Json = dict[str, Any]


@dataclass(frozen=True)
class Contact:
    """The practice, the place of its site, and a number that a person answers."""

    practice: str
    place: str = ""
    e164: str = ""
    display: str = ""

    @classmethod
    def of(cls, practice: Json, place: Json | None) -> Self:
        """Raises one of `asking.TROUBLE` for documents of another shape."""
        if place is None:
            return cls(practice["name"], e164=practice.get("phone") or "")
        phone = next((one for one in place["phones"] if one["kind"] != "fax"), {})
        number = phone.get("e164", ""), phone.get("display") or ""
        return cls(practice["name"], place["name"], *number)

    @property
    def name(self) -> str:
        return ", ".join(filter(None, [self.practice, self.place]))

    def as_json(self) -> Json:
        return asdict(self)

    def as_html(self) -> str:
        """A sentence with a number that dials; a heading where there is none."""
        number = escape(self.display or self.e164)
        call = f'<p><a href="tel:{escape(self.e164)}">Call {number}</a></p>'
        return f"<h2>{escape(self.name)}</h2>{call if self.e164 else ''}"
