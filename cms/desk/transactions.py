"""Every change made in the admin is one publication: all of it happens, or nothing.

What is refused half-way is told as a sentence on the page from which it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.actions.copy_for_translation import ParentNotTranslatedError

from api.documents import publishing
from content_models import readiness

View = Callable[..., HttpResponseBase]

# Views of a dialog; what is refused there is shown on the page beneath it.
_IN_A_DIALOG = {"workflow_action"}

_REFUSALS = (
    ValidationError,
    ProtectedError,
    IntegrityError,
    ParentNotTranslatedError,
)


class _ErrorAnswer(Exception):
    """Carries the answer out of the transaction, which it thereby undoes."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


def publishes(view: View) -> View:
    """`view`, with what it changes published as the last act of its transaction.

    Reading too: a view may write while it looks things up. A page that is a template is
    made from it after the commit, so what is written only then is not published.
    """

    @wraps(view)
    def published(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with publishing.publishing():
                response = view(request, *args, **kwargs)
                if response.status_code >= 400:
                    raise _ErrorAnswer(response)
                return response
        except _ErrorAnswer as answered:
            return answered.response
        except _REFUSALS as refusal:
            return _refused(request, _sentences(refusal), _where(request, refusal))

    return published


def _sentences(refusal: Exception) -> list[str]:
    match refusal:
        case ValidationError():
            return list(refusal.messages)
        case ProtectedError():
            # Whoever asks in the admin is told by name; this is what slips past that.
            return ["It was not deleted: something uses it. “Usage” says what."]
        case IntegrityError():
            # Every form asks first; this is what two people do at the same moment.
            return [
                "Nothing was saved: somebody else has just saved something with the "
                "same address, name or number. Look at it, then try again."
            ]
        case ParentNotTranslatedError():
            return ["The section it lies in has no translation yet: translate that."]
    return [str(refusal)]


def _where(request: HttpRequest, refusal: Exception) -> str:
    """The page on which to show it: where one came from, in the admin."""
    if isinstance(refusal, readiness.NotReady):
        return reverse("wagtailadmin_pages:edit", args=[refusal.article.pk])
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return came_from
    return reverse("wagtailadmin_home")


def _refused(
    request: HttpRequest, sentences: list[str], where: str
) -> HttpResponseBase:
    if not request.accepts("text/html"):
        return JsonResponse(
            {
                "success": False,
                "error_code": "refused",
                "error_message": " ".join(sentences),
            },
            status=400,
        )
    # What the view had to say before it was undone is not true: reading empties it.
    list(messages.get_messages(request))
    for sentence in sentences:
        messages.error(request, sentence)
    match = request.resolver_match
    if (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        and match is not None
        and match.url_name in _IN_A_DIALOG
    ):
        return JsonResponse({"step": "success", "redirect": where})
    return redirect(where)
