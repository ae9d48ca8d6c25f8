"""What a line of the table of screens says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.screenshots.steps import Step

# The height of the window at each width: a phone, a tablet upright, a small laptop.
HEIGHTS = {360: 800, 768: 1024, 1280: 800}
WIDTHS = tuple(HEIGHTS)
# A tablet upright is about as wide as a sheet of paper.
PAPER = (768,)
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Screen:
    """One screen in one state.

    `site` is web, partner, or the slug of the location whose site it is; words in
    braces in `path` are known from the staging. `before` happens to the empty page,
    `steps` to the loaded one.
    """

    name: str
    # What one sees, as the alternative text of the picture.
    shows: str
    site: str
    path: str
    role: str = ""
    steps: tuple[Step, ...] = ()
    before: tuple[Step, ...] = ()
    # The page from its top to its end, instead of what fits the window.
    is_whole: bool = False
    # What is brought into the window, by its selector; else the top of the page.
    at: str = ""
    # It is loaded once and then made narrower, since steps on forms take long.
    is_loaded_once: bool = False
    is_dark_too: bool = False
    # The steps change content: it is taken after those that only look.
    changes_content: bool = False
    has_scripts: bool = True
    is_printed: bool = False
    widths: tuple[int, ...] = WIDTHS

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        return ("light", "dark") if self.is_dark_too else ("light",)

    @property
    def files(self) -> set[str]:
        return {
            self.file(width, scheme) for width in self.widths for scheme in self.schemes
        }

    def file(self, width: int, scheme: Scheme = "light") -> str:
        ending = "-dark" if scheme == "dark" else ""
        return f"{self.name}-{width}{ending}.webp"

    @property
    def is_edited(self) -> bool:
        """Whether a form is open, of which the admin tells others who come."""
        return self.path.endswith("/edit/")
