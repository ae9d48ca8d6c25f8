"""Which screens of the admin may show the sites in a frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cms.desk.origins import site_origins

View = Callable[..., HttpResponseBase]

# The editors of Wagtail's pages and snippets, which have a preview beside the form.
_EDITORS = {"add", "edit", "revisions_revert"}


def frames_the_sites(view: View) -> View:
    """`view`, whose page may show our sites in a frame if it is an editor's."""

    @wraps(view)
    def framing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        match = request.resolver_match
        if match is not None and match.url_name in _EDITORS:
            # What django-csp's decorators leave on an answer for its middleware.
            response._csp_replace = {"frame-src": site_origins()}  # type: ignore[attr-defined]
        return response

    return framing
