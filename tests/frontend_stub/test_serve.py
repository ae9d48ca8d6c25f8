"""The two example sites as they are really served: a process, a port, HTTP."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frontend_stub.serving import SERVE, Ask, asking, running

START_TIMEOUT_S = 20


@pytest.fixture(scope="module")
def microsite() -> Iterator[Ask]:
    # Nothing listens on port 9: the site must stand while the API is away.
    api = "http://127.0.0.1:9/api/v1"
    with running("microsite", "--api", api, "--location", "lake-como") as (_, port):
        yield asking(port)


@pytest.fixture(scope="module")
def partner() -> Iterator[Ask]:
    with running("partner", "--api", "https://api.example.org/api/v1") as (_, port):
        yield asking(port)


def test_the_page_learns_where_the_api_is(microsite: Ask) -> None:
    response, body = microsite("/config.json")

    assert response.status == 200
    assert json.loads(body) == {
        "api": "http://127.0.0.1:9/api/v1",
        "location": "lake-como",
    }


def test_the_partner_page_has_no_location_of_its_own(partner: Ask) -> None:
    _, body = partner("/config.json")

    assert json.loads(body)["location"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/articles/",
        "/articles/knee-pain/",
        "/team/a/?x=1.2",
        "/articles",
    ],
)
def test_an_address_of_the_site_can_be_reloaded(microsite: Ask, path: str) -> None:
    response, body = microsite(path)

    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b'<main id="page-main"' in body


@pytest.mark.parametrize(
    "path", ["/nowhere", "/made/up/", "/%C3%A9/", "/articles/a/b/", "/index.html"]
)
def test_an_address_that_the_microsite_does_not_have_is_not_found(
    microsite: Ask, path: str
) -> None:
    response, body = microsite(path)

    assert response.status == 404
    # The page itself comes all the same: it offers a search and the way home.
    assert b'<main id="page-main"' in body


@pytest.mark.parametrize("path", ["/nowhere", "/health/a/b/", "/articles/knee/"])
def test_an_address_that_the_partner_does_not_have_is_not_found(
    partner: Ask, path: str
) -> None:
    response, body = partner(path)

    assert response.status == 404
    assert b"There is no such page" in body


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/views/article.js", "text/javascript; charset=utf-8"),
        ("/site.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ],
)
def test_files_come_with_their_type(
    microsite: Ask, path: str, content_type: str
) -> None:
    response, body = microsite(path)

    assert response.status == 200
    assert response.headers["Content-Type"] == content_type
    assert len(body) == int(response.headers["Content-Length"]) > 0


def test_a_page_is_not_a_file(partner: Ask) -> None:
    for path in ("/pages/article.html", "/index.html"):
        response, body = partner(path)

        assert response.status == 404
        assert b"$" not in body


def test_a_file_that_is_missing_is_not_found(microsite: Ask) -> None:
    response, body = microsite("/no-such.js")

    assert response.status == 404
    assert b"<html" not in body
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/../serve.py",
        "/../../pyproject.toml",
        "/%2e%2e/serve.py",
        "/%2e%2e%2fserve.py",
        "/..%5cserve.py",
        "/views/../../serve.py",
        "//etc/passwd.txt",
        "/%00.js",
        "/./app.js",
        "/../partner/icon.svg",
        f"/{'a' * 300}.js",
        "/views",
        "/.hidden",
    ],
)
def test_no_spelling_of_a_path_leaves_the_folder(microsite: Ask, path: str) -> None:
    response, body = microsite(path)

    assert b"import argparse" not in body
    assert b"root:" not in body
    is_page = response.headers["Content-Type"].startswith("text/html")
    assert response.status == 404 or is_page


def test_only_our_scripts_run_and_only_the_api_is_called(partner: Ask) -> None:
    response, _ = partner("/health/")

    policy = dict(
        rule.split(" ", 1)
        for rule in response.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    embedded = "https://api.example.org/embed/v1/clinic-feed.js"
    assert policy["script-src"] == f"'self' {embedded}"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://api.example.org"
    assert policy["img-src"] == "'self' data: https://api.example.org"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/app.js", "/no-such.js", "/config.json"])
def test_every_answer_is_guarded(microsite: Ask, path: str) -> None:
    response, _ = microsite(path)

    assert response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


MODULES = re.compile(rb'<script type="module"(?: async)? src="')


def test_no_page_carries_inline_script_or_style(microsite: Ask, partner: Ask) -> None:
    for ask, scripts in ((microsite, 2), (partner, 1)):
        _, body = ask("/")

        assert b"<style" not in body
        assert b" style=" not in body
        assert b" onclick=" not in body
        assert body.count(b"<script") == len(MODULES.findall(body))
        assert body.count(b"<script") == scripts


def test_head_answers_as_get_without_the_body(microsite: Ask) -> None:
    got, body = microsite("/app.js")

    head, nothing = microsite("/app.js", method="HEAD")

    assert nothing == b""
    assert head.status == 200
    assert head.headers["Content-Length"] == str(len(body))
    assert head.headers["ETag"] == got.headers["ETag"]


def test_an_unchanged_file_is_not_sent_again(microsite: Ask) -> None:
    first, _ = microsite("/site.css")

    again, body = microsite("/site.css", If_None_Match=first.headers["ETag"])

    assert again.status == 304
    assert body == b""
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_sites_are_only_read(microsite: Ask, method: str) -> None:
    response, _ = microsite("/articles/", method=method)

    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD"


def everything_answered_to(request: bytes) -> bytes:
    with (
        running("partner") as (_, port),
        socket.create_connection(("127.0.0.1", port), timeout=10) as visitor,
    ):
        visitor.sendall(request)
        answer = b""
        while piece := visitor.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize("name", ["Content-Length", "content-length"])
def test_the_body_of_a_request_is_not_taken_for_another_request(name: str) -> None:
    hidden = b"GET /app.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = f"GET /config.json HTTP/1.1\r\n{name}: {len(hidden)}\r\n\r\n"

    answer = everything_answered_to(head.encode() + hidden)

    assert answer.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize("target", ["../../secret.txt", "ring.txt", "nowhere.txt"])
def test_a_link_among_the_files_leads_nowhere(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.txt").write_text("nobody's business")
    copied = shutil.copytree(SERVE.parent, tmp_path / "sites")
    (copied / "partner" / "ring.txt").symlink_to(target)

    with running("partner", serve=copied / SERVE.name) as (_, port):
        response, body = asking(port)("/ring.txt")

    assert (response.status, body) == (404, b"There is no such file.\n")


def test_an_address_that_is_none_is_refused() -> None:
    answer = everything_answered_to(
        b"GET http://[/ HTTP/1.1\r\nConnection: close\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 400")


def test_a_slow_visitor_does_not_keep_others_waiting() -> None:
    with (
        running("partner") as (_, port),
        socket.create_connection(("127.0.0.1", port)) as slow,
    ):
        slow.sendall(b"GET / HTTP/1.1\r\n")

        response, _ = asking(port)("/gazette.css")

    assert response.status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_and_without_a_traceback(
    number: signal.Signals,
) -> None:
    command = [sys.executable, str(SERVE), "partner", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(number)
    _, errors = process.communicate(timeout=10)

    assert process.returncode == 0
    assert errors == ""


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        result = subprocess.run(
            [sys.executable, str(SERVE), "partner", "--port", port],
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_S,
            check=False,
        )

    assert result.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--api", "http://localhost:8000; script-src *"),
        ("--api", "ftp://localhost/api"),
        ("--api", "localhost:8000"),
        ("--location", "../../etc"),
        ("--site", "../../etc:8001"),
        ("--site", "lake-como"),
        ("--site", "lake-como:http"),
    ],
)
def test_an_address_that_could_weaken_the_policy_is_refused(
    option: str, value: str
) -> None:
    result = subprocess.run(
        [sys.executable, str(SERVE), "microsite", "--port", "0", option, value],
        capture_output=True,
        text=True,
        timeout=START_TIMEOUT_S,
        check=False,
    )

    assert result.returncode == 2
    assert value in result.stderr


def test_one_process_serves_the_sites_of_several_locations() -> None:
    command = [sys.executable, str(SERVE), "microsite"]
    command += ["--site", "lake-como:0", "--site", "edison:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ports = [process.stdout.readline().split(":")[-1].strip("/\n") for _ in "ab"]

        served = [asking(int(port))("/config.json")[1] for port in ports]

        process.terminate()
    locations = [json.loads(body)["location"] for body in served]
    assert locations == ["lake-como", "edison"]


@pytest.mark.parametrize("path", ["/preview/desk/", "/preview/desk"])
def test_only_the_editor_may_frame_what_it_looks_at(microsite: Ask, path: str) -> None:
    response, _ = microsite(path)

    policy = response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors http://127.0.0.1:9")


@pytest.mark.parametrize("path", ["/preview/", "/preview", "/%70review/"])
def test_guests_of_a_draft_have_the_policy_of_every_page(
    microsite: Ask, path: str
) -> None:
    response, _ = microsite(path)
    elsewhere, _ = microsite("/articles/")

    for name in ("Content-Security-Policy", "X-Frame-Options"):
        assert response.headers[name] == elsewhere.headers[name]


@pytest.mark.parametrize("path", ["/preview/", "/preview/desk/"])
def test_where_drafts_are_seen_nobody_lists_and_nobody_hears_of(
    microsite: Ask, path: str
) -> None:
    response, _ = microsite(path)

    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_a_page_is_sent_packed_to_whoever_reads_that(microsite: Ask) -> None:
    plain, body = microsite("/site.css")
    packed, smaller = microsite("/site.css", Accept_Encoding="gzip")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(smaller) == body
    assert len(smaller) < len(body) / 2
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_a_page_is_served_while_the_api_is_away(microsite: Ask) -> None:
    response, body = microsite("/articles/knee/")

    assert response.status == 200
    assert b"We will be right back" in body
