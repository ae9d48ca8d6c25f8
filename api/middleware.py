"""What every answer under /api/ has, whoever gave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from api import compression, problems, throttling
from api.callers import caller_of
from api.conditional import VARY
from api.throttling import Policy

PREFIX = "/api/"
METHODS = ("GET", "HEAD", "OPTIONS")
# Anything else in it could break out of a header or a line of a log.
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# Beyond what scripts may read anyway (Fetch, "CORS-safelisted response-header name").
EXPOSED = "Allow, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
WINDOW_S = 60
# How much more an address may send with keys than without.
ATTEMPTS = 10
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
    """Limits, request ids, CORS, problem documents, compression and HEAD for the API.

    It stands outside of every middleware that could answer in place of a door, so that
    their refusals become problem documents too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        policy = _policy(request)
        response = self._answer(request, policy)
        if policy is not None:
            response["RateLimit-Policy"] = policy.header()
        response["X-Request-ID"] = request_id(request.headers.get("X-Request-ID"))
        response["Vary"] = VARY
        # A cache may keep what says nothing for as long as it likes: a move for years.
        response.setdefault("Cache-Control", "no-store")
        if "Authorization" in request.headers:
            _keep_private(request, response)
        else:
            # Open content is for any page; without credentials, so no origin is echoed.
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = EXPOSED
        compression.compress(request, response)
        if response.status_code in (204, 304):
            # Django says 0, which would be a lie about the answer that was not sent,
            # and names a type for no content.
            del response["Content-Length"], response["Content-Type"]
        if request.method == "HEAD":
            _leave_out_body(response)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """The problem document, where a view raised a problem."""
        if isinstance(exception, problems.Problem):
            return problems.answer(exception, request)
        return None

    def _answer(self, request: HttpRequest, policy: Policy | None) -> HttpResponse:
        if _is_preflight(request):
            return HttpResponse(status=204, headers=PREFLIGHT)
        if policy is not None and (refused := _over_limit(request, policy)):
            return refused
        if request.method not in METHODS:
            # Before anything else, such as the check against forged forms, waits for a
            # body that may never be sent.
            read_only = problems.MethodNotAllowed(
                f"The API is read-only: it answers {', '.join(METHODS)}.",
                headers={"Allow": ", ".join(METHODS)},
            )
            return problems.answer(read_only, request)
        response = self.get_response(request)
        if response.status_code < 400 or _is_problem(response):
            return response
        return problems.instead_of(response, request)


def open_policy() -> Policy | None:
    """The limit for addresses that send no key; None where there is none."""
    quota = settings.RATE_LIMIT
    return Policy("open", quota, WINDOW_S) if quota else None


def _policy(request: HttpRequest) -> Policy | None:
    """The limit for addresses; None where there is none.

    Behind one that sends keys there may be many servers, each with a limit of its own
    (`api.admission`): theirs only keeps somebody from trying keys for ever.
    """
    policy = open_policy()
    if policy is not None and "Authorization" in request.headers:
        return Policy("address", policy.quota * ATTEMPTS, WINDOW_S)
    return policy


def _keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """An answer to a key is for the server that sent it, and for no cache between."""
    if "no-store" not in response["Cache-Control"]:
        response["Cache-Control"] = "private, no-cache"
    del response["CDN-Cache-Control"]
    spent = throttling.spent_by(request)
    if spent is not None:
        policy, verdict = spent
        response["RateLimit-Policy"] = policy.header()
        response["RateLimit"] = verdict.header(policy)


def _leave_out_body(response: HttpResponse | StreamingHttpResponse) -> None:
    """The length stays that of the body which GET gives, where it is known."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
        return
    response["Content-Length"] = str(len(response.content))
    response.content = b""


def _over_limit(request: HttpRequest, policy: Policy) -> HttpResponse | None:
    """The refusal, for a caller who has asked too often; before anything else costs."""
    if throttling.is_counted(request.META):
        return None
    caller = caller_of(request.META, settings.TRUSTED_PROXIES)
    verdict = throttling.limiter().spend(policy, caller)
    if verdict.is_allowed:
        return None
    wait_s = verdict.retry_after_s
    too_many = problems.TooManyRequests(
        f"You may send {policy.quota} requests in {policy.window_s} s; ask again in "
        f"{wait_s} s.",
        headers={"Retry-After": str(wait_s), "RateLimit": verdict.header(policy)},
    )
    return problems.answer(too_many, request)


def _is_preflight(request: HttpRequest) -> bool:
    # Answered for any address: whether there is anything, the request itself is told.
    return (
        request.method == "OPTIONS"
        and "Access-Control-Request-Method" in request.headers
    )


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(problems.CONTENT_TYPE)


def request_id(given: str | None) -> str:
    """The client's own name for its request, if it is one; else a new one."""
    return given if given and REQUEST_ID.fullmatch(given) else uuid4().hex
