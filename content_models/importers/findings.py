"""What was found on a page: values that know no database, and what to say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from content_models.citations.parsing import Citation
from content_models.importers.body import Block
from content_models.importers.signs import Award, Place
from content_models.people import Person

NoteKind = Literal["warning", "unsure", "left out"]
# The part of the page that a note is about.
About = Literal[
    "", "title", "body", "people", "references", "places", "affiliations", "images"
]


@dataclass(frozen=True)
class Note:
    """Something that whoever imports the page should know."""

    kind: NoteKind
    text: str
    about: About = ""


@dataclass
class ClinicPage:
    """What a page holds, in values that know no database."""

    title: str
    canonical_url: str = ""
    summary: str = ""
    body: list[Block] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    # What stands among the references and could not be read as one.
    unread_citations: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
