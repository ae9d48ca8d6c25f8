"""Questions to the read API, asked for one page at a time and kept nowhere."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
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


def read(api: str, path: str) -> Json:
    """Return the JSON at `path` below the API; raises one of `TROUBLE`."""
    with _opened(api, path, "GET") as response:
        document: Json = json.load(response)
        return document


def document_path(route: Route, **parameters: str) -> str:
    """Return where the API has the document that a route names."""
    language = {"locale": route.locale} if route.locale else {}
    query = urlencode(language | parameters)
    path = f"{route.collection}/{quote(route.slug or '', safe='')}/"
    return f"{path}?{query}" if query else path


def standing(api: str, route: Route | None) -> HTTPStatus:
    """Return the status for a page: not found or gone where the API says so.

    An API that is away has withdrawn nothing, so the page is then answered as found.
    """
    if route is None:
        return HTTPStatus.NOT_FOUND
    if route.slug is None:
        return HTTPStatus.OK
    try:
        with _opened(api, document_path(route), "HEAD"):
            return HTTPStatus.OK
    except HTTPError as error:
        return REFUSALS.get(error.code, HTTPStatus.OK)
    except TROUBLE:
        return HTTPStatus.OK


def _opened(api: str, path: str, method: str) -> Any:
    # The address was checked to be http or https where it came in.
    headers = {"Accept": "application/json"}
    request = Request(f"{api}/{path}", headers=headers, method=method)  # noqa: S310
    return urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
