"""What the Varnish of the docs makes of any origin: one that answers as it is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import quote

import pytest

from tests.edge.conftest import varnish
from tests.edge.varnish import Edge

pytestmark = pytest.mark.slow

EDGE_1_S = {"CDN-Cache-Control": "max-age=1", "Cache-Control": "public, no-cache"}
VARY = {"Vary": "Authorization, Accept, Accept-Encoding"}


class Origin:
    """A server that gives the same `body` until it is told another, and notes who asks.

    It looks at its body first and then takes `takes_s`, like a slow query.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.body = b"first"
        self.status = 200
        self.headers: dict[str, str] = EDGE_1_S | VARY
        self.takes_s = 0.0
        self.is_gone = False
        self._lock = Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self.server.server_address[1])
        Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = self.is_gone
        if self.is_gone:
            return
        body, etag = self.body, f'"{self.body.decode()}"'
        with self._lock:
            asked = {name.lower(): text for name, text in request.headers.items()}
            self.asked.append(asked | {"method": request.command})
        time.sleep(self.takes_s)
        is_held = self.status == 200 and request.headers["If-None-Match"] == etag
        request.send_response(304 if is_held else self.status)
        for name, text in self.headers.items():
            request.send_header(name, text)
        request.send_header("ETag", etag)
        request.send_header("X-Request-ID", request.headers["X-Request-ID"] or "made")
        if not is_held:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if not is_held and request.command != "HEAD":
            request.wfile.write(body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        origin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                origin.answer(self)

            do_HEAD = do_OPTIONS = do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Edge, Origin]]:
    origin = Origin()
    with varnish(origin.port) as edge:
        yield edge, origin
    origin.server.shutdown()


@pytest.fixture
def origin(both: tuple[Edge, Origin]) -> Origin:
    """As new, for each test."""
    origin = both[1]
    origin.body, origin.status, origin.takes_s = b"first", 200, 0.0
    origin.is_gone = False
    origin.headers = EDGE_1_S | VARY
    origin.asked.clear()
    return origin


@pytest.fixture
def edge(both: tuple[Edge, Origin], origin: Origin) -> Edge:
    return both[0]


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """An address that no other test has asked for."""
    return f"/api/v1/{quote(request.node.name)}/"


def test_a_second_reader_costs_the_origin_nothing(
    edge: Edge, origin: Origin, path: str
) -> None:
    first, second = edge.ask(path), edge.ask(path)

    assert (first.was_kept, second.was_kept) == (False, True)
    assert second.body == b"first"
    assert len(origin.asked) == 1
    assert second.headers["Age"] == "0"
    assert second.headers["Cache-Control"] == "public, no-cache"
    assert second.headers["ETag"] == '"first"'
    assert second.headers["Vary"] == VARY["Vary"]
    assert "CDN-Cache-Control" not in second.headers


def test_after_the_second_the_origin_is_asked_whether_it_has_changed(
    edge: Edge, origin: Origin, path: str
) -> None:
    edge.ask(path)
    time.sleep(1.1)
    unchanged = edge.ask(path)
    origin.body = b"next"
    time.sleep(1.1)
    changed = edge.ask(path)

    assert (unchanged.status, unchanged.body) == (200, b"first")
    assert changed.body == b"next"
    conditions = [asked.get("if-none-match") for asked in origin.asked]
    assert conditions == [None, '"first"', '"first"']


@pytest.mark.parametrize("takes_s", [0, 0.4, 0.8, 1.5])
def test_the_second_counts_from_the_question_to_the_origin(
    edge: Edge, origin: Origin, path: str, takes_s: float
) -> None:
    origin.takes_s = takes_s
    started = time.monotonic()
    edge.ask(path)
    # The first answer was on its way already when this was saved.
    origin.body, origin.takes_s = b"next", 0

    while time.monotonic() - started < 1.0:
        edge.ask(path)
        time.sleep(0.01)

    assert edge.ask(path).body == b"next"


def test_who_waits_for_an_answer_that_takes_too_long_is_not_given_an_old_one(
    edge: Edge, origin: Origin, path: str
) -> None:
    origin.takes_s = 2.0
    with ThreadPoolExecutor(4) as pool:
        early = pool.submit(edge.ask, path)
        time.sleep(0.2)
        origin.body = b"next"
        time.sleep(1.1)
        late = [pool.submit(edge.ask, path) for _ in range(3)]

    assert early.result().body == b"first"
    assert [one.result().body for one in late] == [b"next"] * 3


def test_readers_at_the_same_moment_ask_the_origin_once(
    edge: Edge, origin: Origin, path: str
) -> None:
    origin.takes_s = 0.3
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: edge.ask(path), range(20)))

    assert {answer.body for answer in answers} == {b"first"}
    assert len(origin.asked) == 1


def test_an_origin_that_is_gone_is_a_problem_and_nothing_old(
    edge: Edge, origin: Origin, path: str
) -> None:
    assert edge.ask(path).body == b"first"

    origin.is_gone = True
    time.sleep(1.1)
    refused = edge.ask(path)

    assert refused.status == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"]
    assert b"first" not in refused.body


@pytest.mark.parametrize(
    "control",
    [None, "max-age=0", "no-store", "max-age=9, private", "max-age=x", "s-maxage=9"],
)
def test_what_is_not_meant_for_edges_is_not_kept(
    edge: Edge, origin: Origin, path: str, control: str | None
) -> None:
    origin.headers = {"Cache-Control": "public, max-age=60"} | VARY
    if control is not None:
        origin.headers["CDN-Cache-Control"] = control

    for number in range(3):
        origin.body = str(number).encode()
        assert edge.ask(path).body == origin.body


def test_an_edge_keeps_for_as_long_as_it_is_told_among_other_things(
    edge: Edge, origin: Origin, path: str
) -> None:
    origin.headers = VARY | {
        "Cache-Control": "no-store",
        "CDN-Cache-Control": "stale-while-revalidate=60, max-age=2, stale-if-error=60",
    }
    edge.ask(path)
    origin.body = b"next"
    time.sleep(1.3)

    assert edge.ask(path).body == b"first"
    time.sleep(0.8)
    assert edge.ask(path).body == b"next"


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_an_error_is_never_kept(
    edge: Edge, origin: Origin, path: str, status: int
) -> None:
    origin.status, origin.headers = status, {"Cache-Control": "no-store"} | VARY
    assert edge.ask(path).status == status
    origin.status, origin.headers = 200, EDGE_1_S | VARY

    assert edge.ask(path).status == 200


def test_a_key_is_never_answered_from_the_cache_and_fills_none(
    edge: Edge, origin: Origin, path: str
) -> None:
    edge.ask(path)
    origin.body = b"for one partner"
    keyed = edge.ask(path, Authorization="Bearer key")

    assert keyed.body == b"for one partner"
    assert origin.asked[-1]["authorization"] == "Bearer key"
    assert edge.ask(path).body == b"first"


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate", "gzip"),
        ("ZSTD ,gzip", "zstd"),
        ("identity", None),
        ("br", None),
        ("gzip;q=0.5, zstd;q=0", "gzip;q=0.5, zstd;q=0"),
        ("*", "*"),
    ],
)
def test_the_coding_that_the_origin_is_asked_for_is_one_of_few(
    edge: Edge, origin: Origin, path: str, accepted: str, sent: str | None
) -> None:
    edge.ask(path, Accept_Encoding=accepted)

    assert origin.asked[-1].get("accept-encoding") == sent


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("*/*", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json",
        ),
        ("text/markdown", "text/markdown"),
        ("application/ld+json", "application/ld+json"),
        ("text/markdown, */*;q=0.1", "text/markdown, */*;q=0.1"),
        ("application/ld+json, */*;q=0.8", "application/ld+json, */*;q=0.8"),
        ("image/png", "image/png"),
    ],
)
def test_what_means_json_is_one_question_and_any_other_type_its_own(
    edge: Edge, origin: Origin, path: str, accepted: str, sent: str
) -> None:
    edge.ask(path, Accept=accepted)

    assert origin.asked[-1]["accept"] == sent


def test_each_form_is_kept_beside_the_others(
    edge: Edge, origin: Origin, path: str
) -> None:
    forms = [
        {"Accept": kind, "Accept_Encoding": coding}
        for kind in ("application/json", "text/markdown", "application/ld+json")
        for coding in ("zstd", "gzip", "identity")
    ]
    for number, form in enumerate(forms):
        origin.body = str(number).encode()
        edge.ask(path, **form)

    bodies = [edge.ask(path, **form).body for form in forms]

    assert bodies == [str(number).encode() for number in range(len(forms))]
    assert len(origin.asked) == len(forms)


@pytest.mark.parametrize(
    "name",
    [
        "Accept__Encoding",
        "If__None__Match",
        "If__None_Match",
        "If_None__Match",
        "If__Modified__Since",
        "If_Modified__Since",
        "If__Modified_Since",
        "X__Forwarded__For",
        "X__Forwarded_For",
        "X_Forwarded__For",
    ],
)
def test_a_header_that_only_looks_like_one_does_not_reach_the_origin(
    edge: Edge, origin: Origin, path: str, name: str
) -> None:
    edge.ask(path, **{name: "zstd"})

    assert not [header for header in origin.asked[-1] if "_" in header]
    assert "zstd" not in origin.asked[-1].values()


def test_the_origin_learns_whose_request_it_answers(
    edge: Edge, origin: Origin, path: str
) -> None:
    edge.ask(path, X_Forwarded_For="1.1.1.1")

    assert origin.asked[-1]["x-forwarded-for"] == "1.1.1.1, 127.0.0.1"


def test_a_reader_who_has_the_answer_is_told_so_by_the_edge_but_not_by_a_date(
    edge: Edge, origin: Origin, path: str
) -> None:
    origin.headers["Last-Modified"] = "Sun, 01 Mar 2026 12:00:00 GMT"
    etag = edge.ask(path).headers["ETag"]

    by_tag = edge.ask(path, If_None_Match=etag)
    by_date = edge.ask(path, If_Modified_Since=origin.headers["Last-Modified"])

    assert (by_tag.status, by_tag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (200, b"first")
    assert len(origin.asked) == 1


def test_head_is_answered_from_what_get_gave(
    edge: Edge, origin: Origin, path: str
) -> None:
    edge.ask(path)
    head = edge.ask(path, "HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == "5"
    assert len(origin.asked) == 1


def test_every_answer_names_the_request_that_it_answers(
    edge: Edge, origin: Origin, path: str
) -> None:
    assert edge.ask(path, X_Request_ID="mine").headers["X-Request-ID"] == "mine"
    assert edge.ask(path, X_Request_ID="yours").headers["X-Request-ID"] == "yours"
    nameless = {edge.ask(path).headers["X-Request-ID"] for _ in range(3)}
    assert len(nameless) == 3
    assert "mine" not in nameless


def test_a_cookie_neither_reaches_the_api_nor_keeps_an_answer_out_of_the_cache(
    edge: Edge, origin: Origin, path: str
) -> None:
    edge.ask(path, Cookie="sessionid=a")

    assert edge.ask(path, Cookie="sessionid=b").was_kept
    assert "cookie" not in origin.asked[-1]


@pytest.mark.parametrize("address", ["/cms/", "/health", "/media/images/a.webp"])
def test_what_is_not_the_api_is_passed_through(
    edge: Edge, origin: Origin, address: str
) -> None:
    edge.ask(address, Cookie="sessionid=a")
    edge.ask(address, Cookie="sessionid=a")

    assert [asked["cookie"] for asked in origin.asked] == ["sessionid=a"] * 2


@pytest.mark.parametrize("method", ["OPTIONS", "POST"])
def test_other_methods_are_the_origins_to_answer(
    edge: Edge, origin: Origin, path: str, method: str
) -> None:
    edge.ask(path)
    edge.ask(path, method)

    assert origin.asked[-1]["method"] == method
