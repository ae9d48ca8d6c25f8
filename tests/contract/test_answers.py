"""The harness itself: an answer that breaks the contract does not pass unseen."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from api.delivery.kinds import COLLECTIONS, Shape
from api.documents.models import Kind
from tests.api.factories import article
from tests.contract import middleware, plausible
from tests.contract.answers import PROBLEM, Answer, check
from tests.contract.bodies import documents
from tests.contract.middleware import HoldToContract

GOOD = {
    "Content-Type": "application/json",
    "X-Request-ID": "abc",
    "Vary": "Authorization, Accept, Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, no-cache",
    "ETag": '"abc"',
}
REFUSED = {**GOOD, "Content-Type": PROBLEM, "Cache-Control": "no-store"}
TAG = plausible.of_component("Tag", slug="knee")


def answer(
    status: int = 200,
    body: Any = TAG,
    path: str = "/api/v1/tags/knee/",
    method: str = "GET",
    **changed: str | None,
) -> Answer:
    """A right answer; `changed` headers are replaced, or left out where None."""
    given = GOOD if status < 400 else REFUSED
    headers = {**given, **{name.replace("_", "-"): to for name, to in changed.items()}}
    present = {name: to for name, to in headers.items() if to is not None}
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(method, path, status, present, sent)


def keyed(**changed: str | None) -> Answer:
    """An answer to a key."""
    return replace(answer(**changed), is_keyed=True)


def problem(status: int, **members: Any) -> dict[str, Any]:
    return plausible.of_component("Problem", status=status, **members)


@pytest.mark.parametrize(
    "right",
    [
        answer(),
        answer(method="HEAD", body=b""),
        replace(answer(body={"slug": "knee"}), is_selection=True),
        answer(304, b"", Content_Type=None),
        answer(Cache_Control="no-store", ETag=None),
        answer(body=gzip.compress(json.dumps(TAG).encode()), Content_Encoding="gzip"),
        answer(
            body=zstandard.compress(json.dumps(TAG).encode()), Content_Encoding="zstd"
        ),
        answer(404, problem(404)),
        answer(429, problem(429), Retry_After="5"),
        answer(404, problem(404), path="/api/v1/doctors/"),
        answer(405, problem(405), method="POST", Allow="GET"),
        answer(204, b"", method="OPTIONS", Content_Type=None),
        keyed(Cache_Control="private, no-cache", Access_Control_Allow_Origin=None),
    ],
)
def test_an_answer_that_keeps_the_contract_passes(right: Answer) -> None:
    check(right)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (answer(body={**TAG, "id": "12"}), "uuid"),
        (answer(body={**TAG, "updated_at": "yesterday"}), "date-time"),
        (answer(body={**TAG, "url": "not an address"}), "uri"),
        (answer(body={"slug": "knee"}, path="/api/v1/tags/"), "results"),
        (answer(body={"slug": "knee"}), "translation_group"),
        (answer(body=b"{"), "not application/json"),
        (answer(body=b"\xff"), "not application/json"),
        (answer(body=b"abc", Content_Encoding="br"), "br"),
        (answer(Content_Type="text/html"), "documents no text/html"),
        (answer(201), "documents no 201"),
        (
            answer(404, problem(404), Content_Type="application/json"),
            "application/json",
        ),
        (answer(404, problem(410)), "it says 410"),
        (answer(404, {"detail": "Not found."}), "title"),
        (answer(404, problem(404), Cache_Control="public"), "no-store"),
        (answer(500, b"<h1>Sorry</h1>", Content_Type="text/html"), "text/html"),
        (answer(path="/api/v1/doctors/"), "undocumented address"),
        (answer(301, b"", path="/api/v1/doctors", Location="/"), "one slash away"),
        (answer(301, b""), "no Location"),
        (answer(method="POST"), "may not be answered"),
        (answer(405, problem(405), method="POST"), "no Allow"),
        (answer(503, problem(503)), "no Retry-After"),
        (answer(method="HEAD"), "where no body belongs"),
        (answer(304, b""), "Content-Type without content"),
        (answer(X_Request_ID=None), "X-Request-ID"),
        (answer(Vary="Accept"), "accept-encoding, authorization"),
        (answer(Access_Control_Allow_Origin=None), "Access-Control-Allow-Origin"),
        (keyed(), "CORS on a keyed answer"),
        (keyed(Access_Control_Allow_Origin=None), "public, no-cache on a keyed"),
        (
            keyed(Cache_Control="private", CDN_Cache_Control="max-age=1"),
            "an edge may keep it",
        ),
        (answer(Cache_Control=None), "no Cache-Control"),
        (answer(ETag=None), "ETag"),
        (answer(ETag='W/"abc"'), "not strong"),
        (answer(Content_Length="3"), "Content-Length 3"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_told_with_its_address(
    wrong: Answer, told: str
) -> None:
    with pytest.raises(AssertionError) as caught:
        check(wrong)

    assert f"{wrong.method} {wrong.path} -> {wrong.status}" in str(caught.value)
    assert told in str(caught.value)


def test_each_line_of_a_streamed_answer_is_a_document_of_its_own() -> None:
    assert documents(b'{"a":1}\n{"b":2}\n', "application/x-ndjson") == [
        {"a": 1},
        {"b": 2},
    ]


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_wrong_answer_fails_the_test_even_where_nobody_reads_the_exception(
    is_streamed: bool,
) -> None:
    made = StreamingHttpResponse if is_streamed else HttpResponse
    watch = HoldToContract(lambda request: made([b"{", b"}"]))
    request = RequestFactory().get("/api/v1/tags/knee/")

    with pytest.raises(AssertionError):
        b"".join(watch(request))

    assert len(middleware.broken) == 1
    # It was meant to be broken here.
    middleware.broken.clear()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shape", [one for one in COLLECTIONS if one.kind in Kind], ids=lambda one: one.kind
)
def test_a_document_that_a_factory_made_keeps_the_contract(
    client: Client, shape: Shape
) -> None:
    article("hip-pain", type=shape.kind)

    listed = client.get(f"/api/v1/{shape.plural}/").json()
    detail = client.get(f"/api/v1/{shape.plural}/hip-pain/").json()

    assert [one["slug"] for one in listed["results"]] == ["hip-pain"]
    assert set(detail) == shape.members()
