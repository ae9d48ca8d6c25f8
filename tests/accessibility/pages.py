"""Every page that is ours, by a name for tests and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ARTICLE = "knee-arthritis-exercise"
TRANSLATED = "low-back-pain-keep-moving"
IN_SPANISH = "dolor-lumbar-reposo-o-movimiento"
LONG = "Rückenschmerz" * 24
ARABIC = "آلام الظهر في العمل"


@dataclass(frozen=True)
class Place:
    """One address: `site` is web, partner, or a location's slug; `role` logs in."""

    name: str
    site: str
    path: str
    role: str = ""
    # What the API answers everything with, instead; 0 hangs up.
    status: int | None = None
    # What the API says otherwise of the document at this path of its own.
    document: str = ""
    changes: dict[str, Any] = field(default_factory=dict, hash=False)


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
    _site("article-in-spanish", f"/es/articles/{IN_SPANISH}/"),
    _site("person", "/team/owen-marchetti/"),
    _site("team", "/team/"),
    _site("location", "/location/"),
    _site("location-elsewhere", "/locations/edison/"),
    _site("locations", "/locations/"),
    _site("awards", "/awards/"),
    _site("search", "/search/?q=knee"),
    _site("search-before", "/search/"),
    _site("search-that-finds-nothing", "/search/?q=zzzz"),
    _site("no-such-page", "/nothing/"),
    _site("no-such-draft", "/preview/#none"),
    _partner("front", "/"),
    _partner("health", "/health/"),
    _partner("article", f"/health/{ARTICLE}/"),
    _partner("no-such-article", "/health/nothing/"),
]


def _failing(name: str, status: int) -> Place:
    return Place(f"site-{name}", "lake-como", "/articles/", status=status)


def _article(name: str, /, **changes: Any) -> Place:
    document, path = f"articles/{ARTICLE}/", f"/articles/{ARTICLE}/"
    return Place(name, "lake-como", path, document=document, changes=changes)


def _location(name: str, /, **changes: Any) -> Place:
    document, path = "locations/edison/", "/locations/edison/"
    return Place(name, "lake-como", path, document=document, changes=changes)


# What the sample content does not show: an API in trouble, and hard content.
STATES = [
    _failing("api-fails", 500),
    _failing("api-busy", 503),
    _failing("api-stopped", 0),
    Place("site-withdrawn", "lake-como", f"/articles/{ARTICLE}/", status=410),
    _article("article-long-title", title=LONG, summary=LONG),
    _article("article-bare", summary="", image=None, authors=[], byline=""),
    _article("article-in-arabic", locale="ar", title=ARABIC, summary=ARABIC),
    _article("article-with-an-arabic-title", title=ARABIC, summary=ARABIC),
    _article(
        "article-with-60-references",
        references=[{"number": n, "text": f"Doe J. Knees {n}."} for n in range(1, 61)],
    ),
    _location("location-bare", phones=[], hours=[], hours_exceptions=[], photos=[]),
    _location("location-in-another-script", name=ARABIC, street_address=ARABIC),
]
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
