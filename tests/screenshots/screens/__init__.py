"""The table of all screens: a new one gets a line in one of the parts."""

from __future__ import annotations

from .admin import ADMIN
from .developers import DEVELOPERS
from .editor import EDITOR
from .microsite import MICROSITE
from .partner import PARTNER
from .screen import HEIGHTS, Scheme, Screen

__all__ = ["FILES", "HEIGHTS", "SCREENS", "Scheme", "Screen"]

SCREENS: list[Screen] = [*EDITOR, *ADMIN, *MICROSITE, *PARTNER, *DEVELOPERS]
FILES: set[str] = set().union(*(screen.files for screen in SCREENS))
