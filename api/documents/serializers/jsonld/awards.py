"""Awards.

schema.org knows an award only as a text on who was given it. So an award's document is
a record about its recipient, and the recipient within has the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .nodes import Node, identity, image, mentioned_name, node

# What a recipient is, and the fragment in its name.
_RECIPIENTS = {
    "practice": ("MedicalOrganization", "organization"),
    "author": ("Person", "person"),
    "location": ("MedicalClinic", "clinic"),
}


def award(document: Mapping[str, Any]) -> Node:
    """An award's own document."""
    words = _words(document)
    return node(
        "CreativeWork",
        {
            **identity(document, "award"),
            "name": document.get("name"),
            "description": words,
            "image": image(document.get("badge")),
            "about": _recipient(document.get("recipient"), words),
            "inLanguage": document.get("locale"),
            "dateModified": document.get("updated_at"),
            "version": document.get("version"),
        },
    )


def _recipient(recipient: Mapping[str, Any] | None, words: str) -> Node:
    if not recipient:
        return {}
    type, fragment = _RECIPIENTS[recipient["type"]]
    own = mentioned_name(recipient, fragment)
    return node(type, {"@id": own, "name": recipient["name"], "award": words})


def _words(document: Mapping[str, Any]) -> str:
    """`Top Doctor, A Magazine, 2017 (winner)`."""
    name, year = document.get("name") or "", str(document.get("year") or "")
    parts = [name, document.get("giver"), year if year not in name else ""]
    words = ", ".join(part for part in parts if part)
    result = document.get("result")
    return f"{words} ({result})" if result else words
