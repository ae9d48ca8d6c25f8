"""A newspaper that carries the clinic's articles."""

from __future__ import annotations

from typing import Any

from tests.screenshots import slugs, steps

from .screen import Screen


def _page(name: str, shows: str, path: str, **more: Any) -> Screen:
    return Screen(f"partner-{name}", shows, "partner", path, is_whole=True, **more)


PARTNER = [
    _page("front", "The newspaper's front page, with the clinic's lines in it", "/"),
    _page("health", "The newspaper's column of the clinic's articles", "/health/"),
    _page(
        "article",
        "An article of the clinic in the newspaper",
        f"/health/{slugs.PUBLISHED}/",
        is_dark_too=True,
    ),
    _page("withdrawn", "An article taken down", f"/health/{slugs.WITHDRAWN}/"),
    _page("no-such-article", "An article that never was", "/health/nothing/"),
    _page(
        "api-fails",
        "The newspaper while the clinic's server fails",
        "/health/",
        before=(steps.api_fails,),
    ),
]
