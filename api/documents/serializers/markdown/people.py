"""An author: what he holds, and who he is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bodies import markdown
from .writing import line, picture


def front(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "byline": document.get("byline"),
        "job_title": document.get("job_title"),
        "locations": [one["name"] for one in document.get("locations") or []],
    }


def blocks(document: Mapping[str, Any]) -> list[str]:
    held = document.get("credentials") or []
    places = document.get("locations") or []
    return [
        f"# {line(document.get('byline') or document.get('name'))}",
        line(document.get("job_title")),
        picture(document.get("image")),
        markdown(document.get("bio_html")),
        *_listed("Credentials", [_credential(one) for one in held]),
        *_listed("Works at", [line(place["name"]) for place in places]),
    ]


def _listed(heading: str, items: list[str]) -> list[str]:
    return [f"## {heading}", "\n".join(f"- {item}" for item in items)] if items else []


def _credential(credential: Mapping[str, Any]) -> str:
    abbreviation = line(credential.get("abbreviation"))
    notes = [
        line(credential.get("kind")),
        line(credential.get("jurisdiction")),
        "verified" if credential.get("verified") else "",
    ]
    told = ", ".join(note for note in notes if note)
    return f"{abbreviation}: {line(credential.get('name'))} ({told})"
