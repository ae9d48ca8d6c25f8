"""The addresses that the two sites have, and the document that each one shows.

What the microsite draws there is its own business (`microsite/routes.js`); the server
needs the same list to answer with the right status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

# What is in another language than the site's own has that before its address.
_LIST = r"(?:/(?P<locale>[a-z]{2,3}(?:-[A-Za-z0-9]+)*))?/%s/"
_DOCUMENT = _LIST + r"(?P<slug>[^/]+)/"

# The pattern of a path, and the API's collection that its page is about.
ADDRESSES: dict[str, dict[str, str | None]] = {
    "microsite": {
        r"/": None,
        _LIST % "articles": "articles",
        _DOCUMENT % "articles": "articles",
        r"/team/": "authors",
        _DOCUMENT % "team": "authors",
        r"/location/": None,
        r"/locations/": None,
        _DOCUMENT % "locations": "locations",
        r"/awards/": None,
        r"/search/": "search",
        r"/preview/": None,
        r"/preview/desk/": None,
    },
    "partner": {
        r"/": None,
        r"/health/": "articles",
        r"/health/(?P<slug>[^/]+)/": "articles",
    },
}


@dataclass(frozen=True)
class Route:
    """What an address of a site is about: a collection, one document of it, neither."""

    collection: str | None = None
    slug: str | None = None
    # None for the language that the API gives without being asked for one.
    locale: str | None = None


def find(site: str, path: str) -> Route | None:
    """Return what a path, as it was sent, shows on `site`; None for no such page."""
    with_slash = path if path.endswith("/") else f"{path}/"
    for pattern, collection in ADDRESSES[site].items():
        if found := re.fullmatch(pattern, with_slash):
            named = found.groupdict()
            slug = unquote(named["slug"]) if "slug" in named else None
            return Route(collection, slug, named.get("locale"))
    return None
