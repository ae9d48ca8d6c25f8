"""What every answer under /api/ has, whoever gave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api import compression, problems
from api.conditional import VARY

PREFIX = "/api/"
METHODS = ("GET", "HEAD", "OPTIONS")
# Anything else in it could break out of a header or a line of a log.
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# Beyond what scripts may read anyway (Fetch, "CORS-safelisted response-header name").
EXPOSED = "Allow, ETag, Link, Retry-After, X-Request-ID"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, "
        "X-Request-ID"
    ),
    "Access-Control-Max-Age": "86400",
}

GetResponse = Callable[[HttpRequest], HttpResponse]


class ApiMiddleware:
    """Request ids, CORS, problem documents, compression and HEAD for the API.

    It stands outside of every middleware that could answer in place of a door, so that
    their refusals become problem documents too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        response["X-Request-ID"] = _request_id(request)
        # Open content is for any page; without credentials, so no origin is echoed.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        response["Vary"] = VARY
        # A cache may keep what says nothing for as long as it likes: a move for years.
        response.setdefault("Cache-Control", "no-store")
        compression.compress(request, response)
        if response.status_code in (204, 304):
            # Django says 0, which would be a lie about the answer that was not sent,
            # and names a type for no content.
            del response["Content-Length"], response["Content-Type"]
        if request.method == "HEAD":
            # The length stays that of the body which GET gives.
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """The problem document, where a view raised a problem."""
        if isinstance(exception, problems.Problem):
            return problems.answer(exception, request)
        return None

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if _is_preflight(request):
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method not in METHODS:
            # Before anything else, such as the check against forged forms, waits for a
            # body that may never be sent.
            refused = problems.MethodNotAllowed(
                f"The API is read-only: it answers {', '.join(METHODS)}.",
                headers={"Allow": ", ".join(METHODS)},
            )
            return problems.answer(refused, request)
        response = self.get_response(request)
        if response.status_code < 400 or _is_problem(response):
            return response
        return problems.instead_of(response, request)


def _is_preflight(request: HttpRequest) -> bool:
    # Answered for any address: whether there is anything, the request itself is told.
    return (
        request.method == "OPTIONS"
        and "Access-Control-Request-Method" in request.headers
    )


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(problems.CONTENT_TYPE)


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex
