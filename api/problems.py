"""Every error that the API answers with: its type, its sentence, its document.

A door raises one of the classes below; `api.middleware` has it answered by `answer()`.
Source: RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Self, TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from api.conditional import Lifetime

CONTENT_TYPE = "application/problem+json"


class Fault(TypedDict):
    """One thing that is wrong with one parameter."""

    parameter: str
    detail: str


class Problem(Exception):
    """Something that a client is told instead of what it asked for.

    The docstring of each subclass is what the page of its type says.
    """

    name: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.members = members


class InvalidParameter(Problem):
    """A query parameter has an unknown name or a value that is not accepted.

    Nothing is ignored silently: each wrong parameter is listed in `errors`, with what
    is allowed and, where there is one, the valid name that is nearest to it.
    """

    name = "invalid-parameter"
    status = 400
    title = "A parameter is not accepted"

    @classmethod
    def of(cls, parameter: str, detail: str) -> Self:
        """The problem with one parameter."""
        return cls(detail, errors=[{"parameter": parameter, "detail": detail}])


class BadRequest(Problem):
    """The request cannot be read: for instance, its query is not UTF-8 text."""

    name = "bad-request"
    status = 400
    title = "The request cannot be read"


class Unauthorized(Problem):
    """The key in `Authorization` is not one, or no longer: it expired or was revoked.

    Send `Authorization: Bearer` and the key as you were given it, or no such header at
    all to read an open channel. Keys belong on servers, in the header alone.
    """

    name = "unauthorized"
    status = 401
    title = "This key is not valid"


class Suspended(Problem):
    """The channel is suspended: nobody reads it until staff take that back."""

    name = "suspended"
    status = 403
    title = "This channel is suspended"


class NotFound(Problem):
    """There is nothing at this address, or nothing that this channel carries.

    The two are not told apart.
    """

    name = "not-found"
    status = 404
    title = "Not found"


class NotAcceptable(Problem):
    """The request asks for a media type that is not to be had at this address.

    The answer names those that are. `?format=` asks for one without a header.
    """

    name = "not-acceptable"
    status = 406
    title = "Not to be had in this form"


class MethodNotAllowed(Problem):
    """The API is read-only: it answers what the header `Allow` names."""

    name = "method-not-allowed"
    status = 405
    title = "This method is not allowed"


class Gone(Problem):
    """What was here is no longer published. Take your copy of it down.

    `kind` says why (`gone`, `redirected`, `withdrawn`, `expired`), `reason` is a
    sentence for readers or null, `withdrawn_at` the moment, `replacement` the address
    of what to read instead or null. Staff give a reason with each withdrawal.
    """

    name = "gone"
    status = 410
    title = "No longer published"


class CheckpointExpired(Problem):
    """The checkpoint cannot be gone on from: read the change feed from its start again.

    It is older than what is remembered of withdrawals (90 days, unless the practice
    says otherwise), or a backup was restored since it was given. Leave `since` out, and
    let what you get replace all that you have: what is not in it is gone.
    """

    name = "checkpoint-expired"
    status = 410
    title = "This checkpoint has expired"


class AddressTooLong(Problem):
    """The address with its query is longer than this server reads."""

    name = "address-too-long"
    status = 414
    title = "The address is too long"


class TooManyRequests(Problem):
    """You have sent more requests than `RateLimit-Policy` allows in its time.

    Ask again after `Retry-After` seconds; meanwhile every request is answered like
    this. Keep answers and ask with `If-None-Match`, fetch lists rather than single
    documents, or stand a cache between your readers and this API.
    """

    name = "too-many-requests"
    status = 429
    title = "Too many requests"


class InternalError(Problem):
    """Something failed on our side. Report it with the `X-Request-ID` of the answer."""

    name = "internal-error"
    status = 500
    title = "Something failed here"


class BeingRenewed(Problem):
    """This content is being renewed at this moment; ask again after `Retry-After`.

    It happens when a credential in it has just lapsed: what is no longer true is not
    served until it has been written anew.
    """

    name = "being-renewed"
    status = 503
    title = "Being renewed"


TYPES: tuple[type[Problem], ...] = (
    InvalidParameter,
    BadRequest,
    Unauthorized,
    Suspended,
    NotFound,
    NotAcceptable,
    MethodNotAllowed,
    Gone,
    CheckpointExpired,
    AddressTooLong,
    TooManyRequests,
    InternalError,
    BeingRenewed,
)

# What an answer that another part of the server gave is told as.
FOREIGN: dict[int, tuple[type[Problem], str]] = {
    400: (BadRequest, "The request cannot be read."),
    404: (NotFound, "There is nothing at this address."),
    500: (InternalError, "The request failed on our side. It has been recorded."),
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Why there is no other answer (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "Leads to a page that explains this type of problem.",
        },
        "title": {"type": "string", "description": "The same for every such problem."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is wrong this time."},
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "The path that was asked for.",
        },
        "errors": {
            "type": "array",
            "description": "The parameters that are wrong, each with its reason.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {
                        "type": "string",
                        "description": "The name of the query parameter, as sent.",
                    },
                    "detail": {
                        "type": "string",
                        "description": "What is wrong with it, and what is allowed.",
                    },
                },
            },
        },
        "kind": {
            "type": "string",
            "enum": ["gone", "redirected", "withdrawn", "expired"],
            "description": "410 only: why it is no longer published.",
        },
        "reason": {
            "type": ["string", "null"],
            "description": "410 only: a sentence for readers.",
        },
        "withdrawn_at": {
            "type": "string",
            "format": "date-time",
            "description": "410 only: since when.",
        },
        "replacement": {
            "type": ["string", "null"],
            "description": "410 only: the address of what to read instead.",
        },
    },
}


def type_url(name: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}/developers/problems/{name}/"


def answer(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The problem document, not to be stored unless the problem says otherwise."""
    document = {
        "type": type_url(problem.name),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": escape_uri_path(request.path),
        "errors": problem.errors,
        **problem.members,
    }
    headers = {"Cache-Control": "no-store", **problem.headers}
    return _document(document, problem.status, headers)


def instead_of(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The problem document for an error that was answered without one.

    For addresses that no door knows, requests that Django refuses before a door sees
    them, and failures. Raised by nobody, so looked up by status.
    """
    status = response.status_code
    if status in FOREIGN:
        kind, detail = FOREIGN[status]
        headers = Lifetime(None).of_absent() if kind is NotFound else {}
        return answer(kind(detail, headers=headers), request)
    phrase = HTTPStatus(status).phrase
    document = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": f"{phrase}.",
        "instance": escape_uri_path(request.path),
        "errors": [],
    }
    return _document(document, status, {"Cache-Control": "no-store"})


def _document(
    document: dict[str, Any], status: int, headers: Mapping[str, str]
) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(
        body, content_type=CONTENT_TYPE, status=status, headers=dict(headers)
    )
