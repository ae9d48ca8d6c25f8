"""Questions to the read API, asked for one page at a time and kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from addresses import Route

# A reader waits for this; without an answer the page goes out with less text.
TIMEOUT_S = 1.5
# Everything that an API can do wrong, an answer of another shape included.
TROUBLE = (
    OSError,
    HTTPException,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# What the API answers where there is nothing to show, and the page's status for it.
REFUSALS: dict[int, HTTPStatus] = {
    HTTPStatus.BAD_REQUEST: HTTPStatus.NOT_FOUND,
    HTTPStatus.NOT_FOUND: HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE: HTTPStatus.GONE,
}

Json = dict[str, Any]
# A path below the API to its JSON.
Read = Callable[[str], Json]


def read(api: str, path: str, channel: str = "") -> Json:
    """Return the JSON at `path` below the API; raises one of `TROUBLE`.

    It is what `channel` carries, else what everyone may read.
    """
    if channel:
        path += ("&" if "?" in path else "?") + urlencode({"channel": channel})
    # The address was checked to be http or https where it came in.
    headers = {"Accept": "application/json"}
    request = Request(f"{api}/{path}", headers=headers)  # noqa: S310
    with urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
        document: Json = json.load(response)
        return document


def document_path(route: Route, **parameters: str) -> str:
    """Return where the API has the document that a route names."""
    language = {"locale": route.locale} if route.locale else {}
    query = urlencode(language | parameters)
    path = f"{route.collection}/{quote(route.slug or '', safe='')}/"
    return f"{path}?{query}" if query else path
