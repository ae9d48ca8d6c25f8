"""What the checkers have against Wagtail's own markup, where ours can mend nothing.

Each names the rule and a mark in the element: the same mistake of ours is found.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    rule: str
    mark: str
    reason: str
    # Of one place only, where nothing in the element tells that it is Wagtail's.
    place: str = ""

    def is_it(self, complaint: str, place: str) -> bool:
        found, _, said = complaint.partition(": ")
        is_here = self.place in ("", place)
        return is_here and found == self.rule and self.mark in said


KNOWN = [
    Known(
        "ace aria_form_label_unique",
        "data-w-session-",
        "The form that tells who else is editing has no name; it is never seen.",
    ),
    Known(
        "ace aria_form_label_unique",
        "data-w-unsaved-",
        "The same complaint about the editor's form, the only one that is seen.",
    ),
    Known(
        "axe button-name",
        "w-editing-sessions__session",
        "The picture of who else is editing has its name in a tooltip alone.",
    ),
    Known(
        "ace input_label_exists",
        "w-editing-sessions__session",
        "The same, of the other checker.",
    ),
    Known(
        "ace aria_id_unique",
        'role="textbox"',
        "Draft.js points to its placeholder, which is gone once there is text.",
    ),
    Known(
        "ace aria_id_unique",
        "_error",
        "Django names the place of a field's error, Wagtail calls it otherwise.",
    ),
    Known(
        "ace input_label_after",
        'type="checkbox"',
        "Wagtail puts the label of every field above it, also that of a box to tick.",
    ),
    Known(
        "ace label_ref_valid",
        '-label" for="',
        "The label of what a script builds, such as a chooser, points to nothing; "
        "desk/names.js names the field by it.",
    ),
    Known(
        "ace table_headers_related",
        "",
        "The list of sections has a second row of headings, without a scope.",
        place="admin-sections",
    ),
    Known(
        "ace table_headers_exists",
        "htCore",
        "Handsontable's grid for writing a table is no table for reading.",
    ),
    Known(
        "ace table_headers_exists",
        "listing w-mb-4",
        "On a phone the headings are only read out; each cell shows its own.",
        place="admin-webhook",
    ),
    Known(
        "axe region",
        "HandsontableCopyPaste",
        "Handsontable puts its clipboard at the end of the page, out of sight.",
    ),
    Known(
        "axe landmark-unique",
        "w-panel--nested",
        "Blocks of one kind have one heading; their order tells them apart.",
    ),
    Known(
        "axe scrollable-region-focusable",
        "w-minimap__list",
        "It scrolls with the page; what it leads to is reached in the form.",
    ),
    Known(
        "axe scrollable-region-focusable",
        "DraftEditor-root",
        "The text inside it has the focus, and scrolls as one writes.",
    ),
]


def unknown(complaints: list[str], place: str) -> list[str]:
    """What there is to mend in `place`."""
    return [
        complaint
        for complaint in complaints
        if not any(known.is_it(complaint, place) for known in KNOWN)
    ]
