"""The door for web servers: `granian --interface wsgi cms.wsgi:application`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, cast

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.urls import set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")


class Request(WSGIRequest):
    """A request whose headers may say anything."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            # Django's own, of which its types do not know.
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            # A character set that cannot be; Django would fail before it has a request
            # to answer. What the body is, nobody knows then.
            self.content_type, self.content_params = "", {}


class Django(WSGIHandler):
    """As it comes, but for requests whose headers say what it cannot read."""

    request_class = Request


class Application:
    """Django, with less around a request that is for the API.

    Around each one Django asks every connection and cache whether it is still good, by
    signals, before and behind. Doors use one connection, which is asked once. They set
    no cookies, so none are sent.
    """

    def __init__(self) -> None:
        self._django = Django()

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIXES):
            return cast(Iterable[bytes], self._django(environ, start_response))
        begin()
        request = Request(environ)
        set_script_prefix(request.META["SCRIPT_NAME"])
        response = self._django.get_response(request)
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, listed(response))
        if isinstance(response, HttpResponse) and not _is_followed(response):
            return (response.content,)
        return cast(Iterable[bytes], response)


def _is_followed(response: HttpResponse) -> bool:
    """Whether something is done when it has been sent."""
    return type(response).close is not HttpResponse.close


def fronted() -> Application | Front:
    """The door, behind the answers that are kept in memory, if any shall be."""
    behind = Application()
    if not settings.ANSWER_CACHE_MB:
        return behind
    most_b = settings.ANSWER_CACHE_MB * 1024 * 1024
    return Front(behind, most_b, settings.ANSWER_FRESH_MS / 1_000)


django.setup(set_prefix=False)
from api.documents.statements import begin  # noqa: E402 - needs the settings
from api.front import Front, StartResponse  # noqa: E402 - as above
from api.headers import listed  # noqa: E402 - as above
from api.middleware import PREFIXES  # noqa: E402 - as above

application = fronted()
