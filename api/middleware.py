"""What every answer under /api/ and /feeds/ has, whoever gave it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import cast

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, ResolverMatch, resolve

from api import compression, problems, throttling
from api.callers import caller_of
from api.conditional import VARY
from api.headers import put, put_missing
from api.remembering import remembered
from api.throttling import Policy

# Keys count below the first.
KEYED = "/api/"
PREFIXES = (KEYED, "/feeds/")
METHODS = ("GET", "HEAD", "OPTIONS")
# Anything else in it could break out of a header or a line of a log.
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# Beyond what scripts may read anyway (Fetch, "CORS-safelisted response-header name").
EXPOSED = "Allow, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
WINDOW_S = 60
# How much more an address may send with keys than without.
ATTEMPTS = 10
# Open content is for any page; without credentials, so no origin is echoed.
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
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

    A request goes from here to its door: what else works on requests is for people,
    with their sessions and forms. What no door is for goes on to there, and what is
    refused there becomes a problem document too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # For what does not say otherwise, by whether it goes over TLS. What is not for
        # a door is given most of it further in.
        self._otherwise = {
            is_secure: {
                # A cache may keep what says nothing, a move for years.
                "Cache-Control": "no-store",
                POLICY: build_policy(),
                "X-Frame-Options": settings.X_FRAME_OPTIONS,
                **_protection(is_secure),
            }
            for is_secure in (False, True)
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        policy = _policy(request)
        response = self._answer(request, policy)
        own = {
            "X-Request-ID": request_id(request.META.get("HTTP_X_REQUEST_ID")),
            "Vary": VARY,
        }
        if policy is not None:
            own["RateLimit-Policy"] = policy.header()
        is_open = "HTTP_AUTHORIZATION" not in request.META
        put(response, own | OPEN if is_open else own)
        put_missing(response, self._otherwise[request.is_secure()])
        if not is_open:
            _keep_private(request, response)
        compression.compress(request, response)
        if response.status_code in (204, 304):
            # Django says 0, which would be a lie about the answer that was not sent,
            # and names a type for no content.
            del response["Content-Length"], response["Content-Type"]
        if request.method == "HEAD":
            _leave_out_body(response)
        return response

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
        ask = _at_door if _is_for_door(request) else self.get_response
        response = ask(request)
        if response.status_code < 400 or _is_problem(response):
            return response
        return problems.instead_of(response, request)


def _protection(is_secure: bool) -> dict[str, str]:
    """What Django's SecurityMiddleware puts into every answer."""
    scheme = "https" if is_secure else "http"
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(),
        }
    )
    security = SecurityMiddleware(lambda _: HttpResponse())
    given = security.process_response(request, HttpResponse()).headers
    return {name: value for name, value in given.items() if name != "Content-Type"}


def _is_for_door(request: HttpRequest) -> bool:
    """Whether there is a door at the request's address, and by the host's name."""
    try:
        request.get_host()
        request.resolver_match = _door(request.path_info)
    except (DisallowedHost, Resolver404):
        return False
    return True


# Most requests are for few addresses.
@remembered(2_000)
def _door(path: str) -> ResolverMatch:
    return resolve(path)


def _asked(request: HttpRequest) -> HttpResponse:
    """What the door says, or the problem that it raises."""
    door = cast(ResolverMatch, request.resolver_match)
    try:
        response: HttpResponse = door.func(request, *door.args, **door.kwargs)
    except problems.Problem as problem:
        response = problems.answer(problem, request)
    if not response.streaming:
        put_missing(response, {"Content-Length": str(len(response.content))})
    return response


# As Django does around each of its middleware.
_at_door = cast(GetResponse, convert_exception_to_response(_asked))


def open_policy() -> Policy | None:
    """The limit for addresses that send no key; None where there is none."""
    quota = settings.RATE_LIMIT
    return limit("open", quota) if quota else None


@cache
def limit(name: str, quota: int) -> Policy:
    """The policy of that name: `quota` requests a minute."""
    return Policy(name, quota, WINDOW_S)


def _policy(request: HttpRequest) -> Policy | None:
    """The limit for addresses; None where there is none.

    Behind one that sends keys there may be many servers, each with a limit of its own
    (`api.admission`): theirs only keeps somebody from trying keys for ever.
    """
    policy = open_policy()
    takes_keys = request.path_info.startswith(KEYED)
    if policy is not None and takes_keys and "HTTP_AUTHORIZATION" in request.META:
        return limit("address", policy.quota * ATTEMPTS)
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
        and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
    )


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(problems.CONTENT_TYPE)


def request_id(given: str | None) -> str:
    """The client's own name for its request, if it is one; else a new one."""
    if given and REQUEST_ID.fullmatch(given):
        return given
    # It has to be another one each time, and may be guessed. To ask the system for it
    # would let go of the interpreter, which other threads then take first.
    return f"{random.getrandbits(128):032x}"
