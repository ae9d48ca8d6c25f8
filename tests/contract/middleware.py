"""Holds each answer that a test sees to the contract; `tests.settings` has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from .answers import PREFIXES, Answer, check

# What was found since the last test: an exception alone may be swallowed, by a client
# that does not raise or by the thread of a live server.
broken: list[AssertionError] = []
# How soon what a closed page has sent is begun to be answered.
NOTICED_S = 0.05


class UnderWay:
    """How many answers are being made in this process."""

    def __init__(self) -> None:
        self._number = 0
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._lock:
            self._number += 1
        try:
            yield
        finally:
            with self._lock:
                self._number -= 1

    def is_none(self) -> bool:
        """Whether there is none, nor one about to begin."""
        is_none = not self._number
        time.sleep(NOTICED_S)
        return is_none and not self._number


under_way = UnderWay()


class HoldToContract:
    """Outside of all others: it sees what leaves the building."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with under_way.one():
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
    with under_way.one():
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
