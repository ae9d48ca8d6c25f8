"""The pages for developers."""

from __future__ import annotations

from typing import Any

from tests.screenshots.steps import wait_for

from .screen import Screen


def _page(name: str, shows: str, path: str, **more: Any) -> Screen:
    return Screen(f"developers-{name}", shows, "web", f"/developers/{path}", **more)


DEVELOPERS = [
    _page("start", "Where developers begin", "", is_dark_too=True),
    _page("microsite", "The guide: a microsite in ten minutes", "microsite/"),
    _page("embed", "How to embed a feed of articles", "embed/"),
    _page("feeds", "How to read a feed", "feeds/"),
    _page("webhooks", "How to hear of changes at once", "webhooks/"),
    _page("sync", "How to mirror a channel", "sync/"),
    _page("reference", "The reference of every address and field", "reference/"),
    _page("problems", "The list of problems that the API tells of", "problems/"),
    _page("problem", "One problem: what it means, and what to do", "problems/gone/"),
    _page(
        "explorer",
        "The explorer, which asks the API from the browser",
        "explorer/",
        steps=(wait_for("/api/v1/articles/"),),
    ),
    _page("terms", "The terms of use", "terms/"),
    _page("changes", "What has changed in the API", "changes/"),
]
