"""One answer, held against the OpenAPI document and against what every answer has.

It takes plain values, so that answers of the test client and of real servers are held
to the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jsonschema_rs import ValidationError

from .bodies import documents, unpacked
from .description import Operation, operation_at, validator, whole

PREFIXES = ("/api/v1/", "/feeds/")
PROBLEM = "application/problem+json"
# The description does not describe itself.
UNDESCRIBED = "/api/v1/openapi.json"
VARY = {"authorization", "accept", "accept-encoding"}
STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]+"')
# What an answer with such a status must say as well.
REQUIRED = {
    301: "Location",
    401: "WWW-Authenticate",
    405: "Allow",
    429: "Retry-After",
    503: "Retry-After",
}
# Faults shown of one body: the first ones tell enough.
SHOWN = 5


@dataclass(frozen=True)
class Answer:
    """What was asked for, and what came: `path` decoded, `body` as on the wire."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    # Whether `fields` was asked for: only then may members be missing.
    is_selection: bool = False
    # Whether a key was sent, so that it is for the owner of the key alone.
    is_keyed: bool = False

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def is_bodiless(self) -> bool:
        return self.method == "HEAD" or self.status in (204, 304)


def check(answer: Answer) -> None:
    """Raises AssertionError that names the request and all that is wrong."""
    faults: list[str] = []
    for rule in RULES:
        try:
            rule(answer)
        except AssertionError as error:
            faults.append(str(error))
    if faults:
        listed = "\n  ".join(faults)
        raise AssertionError(
            f"{answer.method} {answer.path[:200]} -> {answer.status} breaks the "
            f"contract:\n  {listed}"
        )


def _has_what_every_answer_has(answer: Answer) -> None:
    headers = answer.headers
    assert headers.get("X-Request-ID"), "no X-Request-ID"
    vary = {name.strip().lower() for name in headers.get("Vary", "").split(",")}
    assert vary >= VARY, f"Vary lacks {', '.join(sorted(VARY - vary))}"
    if answer.is_keyed:
        # Keys are for servers: no page of another origin may use one.
        assert "Access-Control-Allow-Origin" not in headers, "CORS on a keyed answer"
    else:
        allowed = headers.get("Access-Control-Allow-Origin")
        assert allowed == "*", f"Access-Control-Allow-Origin is {allowed}"


def _says_what_caches_may_do(answer: Answer) -> None:
    if answer.method not in ("GET", "HEAD"):
        return
    kept = answer.headers.get("Cache-Control")
    assert kept, "no Cache-Control"
    if answer.status >= 400:
        assert "no-store" in kept, f"an error is not no-store, but {kept}"
    elif answer.is_keyed:
        assert "private" in kept, f"{kept} on a keyed answer"
    if answer.is_keyed:
        assert "CDN-Cache-Control" not in answer.headers, "an edge may keep it"
    if answer.status in (200, 304) and "no-store" not in kept:
        etag = answer.headers.get("ETag", "")
        assert STRONG_ETAG.fullmatch(etag), f"ETag {etag!r} is missing or not strong"


def _says_what_its_status_needs(answer: Answer) -> None:
    name = REQUIRED.get(answer.status)
    assert name is None or answer.headers.get(name), f"no {name}"


def _has_a_body_only_where_one_belongs(answer: Answer) -> None:
    if answer.is_bodiless:
        assert not answer.body, f"{len(answer.body)} bytes where no body belongs"
    if answer.status in (204, 304):
        for name in ("Content-Type", "Content-Encoding"):
            assert name not in answer.headers, f"{name} without content"
    length = answer.headers.get("Content-Length")
    if length is not None and not answer.is_bodiless:
        assert int(length) == len(answer.body), (
            f"Content-Length {length} for {len(answer.body)} bytes"
        )


def _is_as_described(answer: Answer) -> None:
    operation = operation_at(answer.path)
    if answer.method not in ("GET", "HEAD"):
        expected = (204, 400, 404) if answer.method == "OPTIONS" else (400, 405)
        assert answer.status in expected, f"{answer.method} may not be answered so"
        _is_a_problem(answer)
    elif operation is not None:
        _is_an_answer_of(operation, answer)
    elif answer.path == UNDESCRIBED and answer.status in (200, 304):
        assert answer.status == 304 or answer.media_type == "application/json"
    elif answer.status == 301:
        slashed = operation_at(f"{answer.path}/")
        assert slashed, "moved, though no operation is one slash away"
    else:
        assert 400 <= answer.status < 600, "an answer at an undocumented address"
        _is_a_problem(answer)


def _is_a_problem(answer: Answer) -> None:
    if answer.status < 400:
        return
    assert answer.media_type == PROBLEM, f"an error as {answer.media_type}"
    _is_valid(answer, {"$ref": "#/components/schemas/Problem"})


def _is_an_answer_of(operation: Operation, answer: Answer) -> None:
    response = operation.response(answer.status)
    assert response is not None, f"{operation.id} documents no {answer.status}"
    for name, header in response.get("headers", {}).items():
        given = answer.headers.get(name)
        assert given or not header.get("required"), f"no {name}, though promised"
    content = response.get("content", {})
    if answer.status in (204, 304) or (not content and not answer.body):
        return
    assert answer.media_type in content, (
        f"{operation.id} documents no {answer.media_type} for {answer.status}, "
        f"but {', '.join(content) or 'no content'}"
    )
    if answer.status >= 400:
        _is_a_problem(answer)
    _is_valid(answer, content[answer.media_type].get("schema", {}))


def _is_valid(answer: Answer, schema: dict[str, Any]) -> None:
    if answer.is_bodiless:
        return
    body = unpacked(answer.body, answer.headers.get("Content-Encoding", ""))
    promised = schema if answer.is_selection else whole(schema)
    for value in documents(body, answer.media_type):
        faults = islice(validator(promised).iter_errors(value), SHOWN)
        told = [_sentence(fault) for fault in faults]
        assert not told, "the body is not as described: " + "; ".join(told)
        if answer.status >= 400:
            assert value["status"] == answer.status, f"it says {value['status']}"


def _sentence(fault: ValidationError) -> str:
    # Of several choices that all fail, the faults of each: which was meant is unknown.
    choices = getattr(fault.kind, "context", [])
    if choices:
        return " or ".join(
            ", ".join(map(_sentence, choice[:SHOWN])) for choice in choices
        )
    place = "/".join(map(str, fault.instance_path)) or "all of it"
    return f"{place}: {fault.message[:300]}"


RULES: tuple[Callable[[Answer], None], ...] = (
    _has_what_every_answer_has,
    _says_what_caches_may_do,
    _says_what_its_status_needs,
    _has_a_body_only_where_one_belongs,
    _is_as_described,
)
