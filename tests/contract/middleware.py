"""Holds each answer that a test sees to the contract; `tests.settings` has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from .answers import PREFIXES, Answer, check

# What was found since the last test: an exception alone may be swallowed, by a client
# that does not raise or by the thread of a live server.
broken: list[AssertionError] = []


class HoldToContract:
    """Outside of all others: it sees what leaves the building."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIXES):
            return response
        if isinstance(response, StreamingHttpResponse):
            # Read as the client reads it: collecting it would undo the streaming.
            parts: Any = response.streaming_content
            response.streaming_content = _watched(request, response, parts)
        elif isinstance(response, HttpResponse):
            _check(request, response, response.content)
        return response


def _watched(
    request: HttpRequest, response: StreamingHttpResponse, parts: Iterable[bytes]
) -> Iterator[bytes]:
    seen = []
    for part in parts:
        seen.append(part)
        yield part
    _check(request, response, b"".join(seen))


def _check(request: HttpRequest, response: HttpResponseBase, body: bytes) -> None:
    answer = Answer(
        request.method or "",
        request.path_info,
        response.status_code,
        response.headers,
        body,
        is_selection="fields" in request.GET,
        is_keyed="Authorization" in request.headers,
    )
    try:
        check(answer)
    except AssertionError as error:
        broken.append(error)
        raise
