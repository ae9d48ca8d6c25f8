"""The practice, and organisations that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .nodes import Node, identity, image, node


def practice(document: Mapping[str, Any]) -> Node:
    """The practice's own document."""
    return node(
        "MedicalOrganization",
        {
            **identity(document, "organization"),
            "name": document.get("name"),
            "legalName": document.get("legal_name"),
            "logo": image(document.get("logo")),
            "telephone": document.get("phone"),
        },
    )


def affiliation(document: Mapping[str, Any]) -> Node:
    """An affiliation's own document."""
    return node(
        "Organization",
        {
            **identity(document, "organization"),
            "name": document.get("name"),
            "url": document.get("website"),
            "logo": image(document.get("logo")),
        },
    )


def publisher(attribution: Mapping[str, Any]) -> Node:
    """Who is named as the publisher of an article."""
    logo = node("ImageObject", {"url": attribution.get("logo")})
    members = {"name": attribution.get("publisher"), "logo": logo}
    return node("Organization", members)
