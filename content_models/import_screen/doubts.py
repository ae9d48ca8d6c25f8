"""What somebody should look at before a page becomes a draft, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from content_models.import_screen.draft import Draft

_PARTS = {
    "title": "Title",
    "summary": "Summary",
    "text": "Text",
    "people": "Authors and reviewers",
    "references": "References",
    "categories": "Categories",
    "tags": "Tags",
    "places": "Locations",
    "awards": "Awards",
    "affiliations": "Affiliations",
    "other": "Something else",
}
_ABOUT = {"": "other", "body": "text", "images": "other"}


class Doubt(NamedTuple):
    # The part of the form, where a link leads.
    anchor: str
    part: str
    text: str


def of(draft: Draft) -> list[Doubt]:
    found = [*_about_the_page(draft), *_about_things(draft)]
    order = list(_PARTS)
    return sorted(found, key=lambda doubt: order.index(doubt.anchor.split("-")[0]))


def _about_the_page(draft: Draft) -> Iterator[Doubt]:
    if not draft.found.summary:
        yield _doubt(
            "summary",
            "The page has none that could be used. Lists show nothing until somebody "
            "writes one.",
        )
    for note in draft.found.notes:
        # References that could not be read have a form that says so.
        if note.kind != "left out" and note.about != "references":
            yield _doubt(_ABOUT.get(note.about, note.about), note.text)


def _about_things(draft: Draft) -> Iterator[Doubt]:
    for group in draft.groups:
        for form in group.forms:
            for text in form.doubts:
                yield Doubt(form.prefix, f"{_PARTS[group.name]}: {form.heading}", text)


def _doubt(anchor: str, text: str) -> Doubt:
    return Doubt(anchor, _PARTS[anchor], text)
