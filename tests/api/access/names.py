"""What hidden things are called, and how any of it is found in an answer.

Whatever a hidden thing says begins with `MARK`. Its ids and addresses are the same in
every state, and known before it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID, uuid5

MARK = "zq"
DOI = "10.5555/zq.1"
LATITUDE, LONGITUDE = "11.1234567", "22.7654321"
# A Sunday night, on which nothing else is open; in the practice's time zone.
OPEN_AT = "2030-03-10T07:30:00Z"
DRAFTED = (
    "location",
    "author",
    "reference",
    "category",
    "award",
    "affiliation",
    "article",
)
UNTRANSLATED = ("reference", "tag")
KINDS = (*DRAFTED, "tag")
# What code may publish while it is not public: the rest is refused.
NAMED_UNPUBLISHED = ("article", "category", "location")


@dataclass(frozen=True)
class Names:
    """By what a hidden thing of `kind` could be asked for."""

    kind: str

    @property
    def slug(self) -> str:
        return f"{MARK}-{self.kind}"

    @property
    def former_slug(self) -> str:
        return f"{MARK}-former-{self.kind}"

    @property
    def group(self) -> UUID:
        return UUID(int=0x5EC2E7 * 256 + KINDS.index(self.kind))

    def id_in(self, language: str) -> UUID:
        if self.kind in UNTRANSLATED:
            return self.group
        return uuid5(self.group, language)

    @property
    def word(self) -> str:
        """A word of its title."""
        return f"{MARK}{self.kind}title"

    @property
    def body_word(self) -> str:
        return f"{MARK}{self.kind}body"


NAMES = {kind: Names(kind) for kind in KINDS}
_TOLD = re.compile(
    "|".join(
        [
            rf"{MARK}[-\w.]*",
            "11\\.1234567",
            "22\\.7654321",
            *(str(each.group) for each in NAMES.values()),
            *(str(each.id_in("en")) for each in NAMES.values()),
            *(str(each.id_in("es")) for each in NAMES.values()),
        ]
    ),
    re.IGNORECASE,
)


def told(text: str) -> set[str]:
    """What `text` says of hidden things."""
    return {found.lower() for found in _TOLD.findall(text)}
