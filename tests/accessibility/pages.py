"""Every page that is ours, by a name for tests and pictures."""

from __future__ import annotations

from dataclasses import dataclass

ARTICLE = "knee-arthritis-exercise"
TRANSLATED = "low-back-pain-keep-moving"


@dataclass(frozen=True)
class Place:
    """One address: `site` is web, partner, or a location's slug; `role` logs in."""

    name: str
    site: str
    path: str
    role: str = ""


def _site(name: str, path: str, site: str = "lake-como") -> Place:
    return Place(f"site-{name}", site, path)


def _partner(name: str, path: str) -> Place:
    return Place(f"partner-{name}", "partner", path)


def _admin(name: str, path: str, role: str = "editor") -> Place:
    return Place(f"admin-{name}", "web", f"/cms/{path}", role)


SITES = [
    _site("home", "/"),
    _site("home-of-another", "/", "edison"),
    _site("articles", "/articles/"),
    _site("articles-of-a-category", "/articles/?category=hip-and-knee"),
    _site("articles-that-match-nothing", "/articles/?q=zzzz"),
    _site("article", f"/articles/{ARTICLE}/"),
    _site("article-in-two-languages", f"/articles/{TRANSLATED}/"),
    _site("person", "/team/owen-marchetti/"),
    _site("team", "/team/"),
    _site("location", "/location/"),
    _site("locations", "/locations/"),
    _site("awards", "/awards/"),
    _site("search", "/search/?q=knee"),
    _site("search-that-finds-nothing", "/search/?q=zzzz"),
    _site("no-such-page", "/nothing/"),
    _site("no-such-draft", "/preview/#none"),
    _partner("front", "/"),
    _partner("health", "/health/"),
    _partner("article", f"/health/{ARTICLE}/"),
    _partner("no-such-article", "/health/nothing/"),
    _partner("no-such-page", "/nothing/"),
]
# What a partner's article shows while the API answers with something else, by status.
EMBEDDED = _partner("embedded", f"/health/{ARTICLE}/")
EMBEDDED_STATES = [410, 500]
DEVELOPERS = [
    Place(f"developers-{name}", "web", f"/developers/{path}")
    for name, path in (
        ("start", ""),
        ("reference", "reference/"),
        ("guide", "microsite/"),
        ("embed", "embed/"),
        ("problem", "problems/gone/"),
    )
]
ADMIN = [
    Place("admin-login", "web", "/cms/login/"),
    _admin("today", ""),
    _admin("today-of-a-writer", "", "writer"),
    _admin("today-of-a-reviewer", "", "reviewer"),
]
