"""Everything but the admin and protected files is for reading."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from api.middleware import METHODS

# Where forms are sent to.
TAKES_FORMS = ("/cms/", "/files/")


class ReadOnlyMiddleware:
    """Refuses every other method before anything waits for the request's body.

    The check against forged forms reads the body, also of a request to an address that
    does not exist: a visitor who never sends it would hold a thread for nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        takes_forms = request.path_info.startswith(TAKES_FORMS)
        if request.method in METHODS or takes_forms:
            return self.get_response(request)
        return HttpResponseNotAllowed(METHODS)
