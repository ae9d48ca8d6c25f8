"""`GET /preview/`: a draft, for a site's script that has a key which is still good.

The key comes in the header `Authorization`, as addresses are written into the logs of
servers and proxies.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from api import throttling
from api.callers import caller_of
from api.throttling import Policy
from cms.desk import preview
from cms.desk.origins import site_origins
from cms.desk.preview import Closed

# Requests a minute and address: each renders a draft anew.
QUOTA = 120
WINDOW_S = 60
# An hour: only our own sites are let in, and these rarely change.
PREFLIGHT_KEPT_S = 3_600

_SCHEME = "Bearer "


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def door(request: HttpRequest) -> HttpResponse:
    """The draft, or a problem document that says what became of it."""
    response = _allowed() if request.method == "OPTIONS" else _answer(request)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Vary"] = "Origin, Authorization"
    origin = request.headers.get("Origin", "")
    if origin and origin in site_origins():
        response["Access-Control-Allow-Origin"] = origin
    return response


def _allowed() -> HttpResponse:
    """What a script may send: browsers ask before they send a key."""
    return HttpResponse(
        status=204,
        headers={
            "Allow": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "Authorization",
            "Access-Control-Max-Age": str(PREFLIGHT_KEPT_S),
        },
    )


def _answer(request: HttpRequest) -> HttpResponse:
    if wait_s := _wait_s(request):
        refused = _problem(
            429, "Too many requests", f"It can be opened again in {wait_s} s.", "busy"
        )
        refused["Retry-After"] = str(wait_s)
        return refused
    now = timezone.now()
    found = preview.found(_token_of(request), now)
    if isinstance(found, Closed):
        status = 404 if found is Closed.UNKNOWN else 410
        return _problem(status, found.title, found.detail, found.kind)
    answer = preview.answer_of(found, now)
    return HttpResponse(answer, content_type="application/json")


def _wait_s(request: HttpRequest) -> int:
    """How long a caller who asks too often has to wait; 0 for anybody else."""
    if not settings.RATE_LIMIT:
        return 0
    policy = Policy("preview", min(QUOTA, settings.RATE_LIMIT), WINDOW_S)
    caller = caller_of(request.META, settings.TRUSTED_PROXIES)
    verdict = throttling.limiter().spend(policy, caller)
    return 0 if verdict.is_allowed else verdict.retry_after_s


def _token_of(request: HttpRequest) -> str:
    given = request.headers.get("Authorization", "")
    return given.removeprefix(_SCHEME) if given.startswith(_SCHEME) else ""


def _problem(status: int, title: str, detail: str, kind: str) -> HttpResponse:
    document: dict[str, Any] = {
        "title": title,
        "status": status,
        "detail": detail,
        "kind": kind,
    }
    return HttpResponse(
        json.dumps(document), content_type="application/problem+json", status=status
    )
