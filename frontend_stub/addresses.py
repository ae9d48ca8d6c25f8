"""The addresses that the two sites have, and the document that each one shows.

What the microsite draws there is its own business (`microsite/routes.js`); the server
needs the same list to answer with the right status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

# The pattern of a path, and the API's collection that its page is about.
ADDRESSES: dict[str, dict[str, str | None]] = {
    "microsite": {
        r"/": None,
        r"/articles/": "articles",
        r"/articles/([^/]+)/": "articles",
        r"/team/": "authors",
        r"/team/([^/]+)/": "authors",
        r"/location/": None,
        r"/locations/": None,
        r"/locations/([^/]+)/": "locations",
        r"/awards/": None,
        r"/search/": "search",
        r"/preview/": None,
        r"/preview/desk/": None,
    },
    "partner": {
        r"/": None,
        r"/health/": "articles",
        r"/health/([^/]+)/": "articles",
    },
}


@dataclass(frozen=True)
class Route:
    """What an address of a site is about: a collection, one document of it, neither."""

    collection: str | None = None
    slug: str | None = None


def find(site: str, path: str) -> Route | None:
    """Return what a path, as it was sent, shows on `site`; None for no such page."""
    with_slash = path if path.endswith("/") else f"{path}/"
    for pattern, collection in ADDRESSES[site].items():
        if found := re.fullmatch(pattern, with_slash):
            slug = unquote(found[1]) if found.groups() else None
            return Route(collection, slug)
    return None
