"""Crossref and PubMed fill and correct what was pasted, where they may be asked.

Their answers are recorded: those of Crossref's `/works?filter=doi:…` and of PubMed's
efetch, cut down to the members that are read.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from content_models.citations import lookup, parsing
from content_models.models import Reference
from tests import factories as make
from tests.machine import until

WORK = {
    "DOI": "10.1186/s12891-019-2833-4",
    "type": "journal-article",
    "title": [
        "Gluteus medius muscle function in people with and without low back pain: a "
        "systematic review"
    ],
    "author": [
        {"given": "Sean", "family": "Sadler", "sequence": "first"},
        {"given": "Samuel", "family": "Cassidy", "sequence": "additional"},
    ],
    "container-title": ["BMC Musculoskeletal Disorders"],
    "short-container-title": ["BMC Musculoskelet Disord"],
    "issued": {"date-parts": [[2019, 10, 22]]},
    "volume": "20",
    "issue": "1",
    "article-number": "463",
    "publisher": "Springer Science and Business Media LLC",
    "URL": "https://doi.org/10.1186/s12891-019-2833-4",
}
RECORD = """
PMID- 16287614
TI  - Pain mechanisms: a new theory.
PG  - 971-9
VI  - 150
IP  - 3699
DP  - 1965 Nov 19
FAU - Melzack, R
FAU - Wall, P D
JT  - Science (New York, N.Y.)
TA  - Science
PT  - Journal Article
"""
TEXT = (
    "Sadler S, Cassidy S. Gluteus medius muscle function in people with and without "
    "low back pain. BMC Musculoskelet Disord. 2018;21:463. "
    "doi:10.1186/s12891-019-2833-4"
)


class Registry:
    """Crossref and PubMed in one, on this machine; changed while it runs."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.works: list[dict[str, Any]] = [WORK]
        self.record = RECORD
        self.status = 200
        self.drips_for_s = 0
        self.before: Callable[[], None] = lambda: None

    def body(self, path: str) -> bytes:
        if path == "/pubmed":
            return self.record.encode()
        return json.dumps({"message": {"items": self.works}}).encode()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    registry = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            registry.asked.append(parse_qs(address.query))
            registry.before()
            self.send_response(registry.status)
            self.end_headers()
            with suppress(OSError):
                for _ in range(registry.drips_for_s * 10):
                    self.wfile.write(b" ")
                    time.sleep(0.1)
            self.wfile.write(registry.body(address.path))

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr(lookup, "CROSSREF_URL", f"{here}/crossref")
        monkeypatch.setattr(lookup, "PUBMED_URL", f"{here}/pubmed")
        yield registry
        server.shutdown()


def looked_up(*texts: str) -> lookup.LookedUp:
    return lookup.look_up([parsing.parse(text) for text in texts], "web@clinic.example")


def test_a_doi_fills_in_what_the_text_leaves_out(registry: Registry):
    (found,), silent = looked_up("10.1186/s12891-019-2833-4")

    assert silent == []
    assert found.filled_from == "Crossref"
    assert found.csl == {
        "type": "article-journal",
        "title": WORK["title"][0],
        "author": [
            {"family": "Sadler", "given": "Sean"},
            {"family": "Cassidy", "given": "Samuel"},
        ],
        "container-title": "BMC Musculoskeletal Disorders",
        "container-title-short": "BMC Musculoskelet Disord",
        "publisher": "Springer Science and Business Media LLC",
        "issued": {"date-parts": [[2019, 10, 22]]},
        "volume": "20",
        "issue": "1",
        "page": "463",
        "DOI": "10.1186/s12891-019-2833-4",
    }


def test_a_pubmed_id_does_so_too(registry: Registry):
    (found,), _ = looked_up("PMID: 16287614")

    assert found.filled_from == "PubMed"
    assert found.csl["title"] == "Pain mechanisms: a new theory"
    assert found.csl["volume"] == "150"


def test_what_the_text_has_wrong_is_corrected_and_said(registry: Registry):
    (found,), _ = looked_up(TEXT)

    assert (found.csl["volume"], found.csl["issued"]["date-parts"][0][0]) == (
        "20",
        2019,
    )
    assert "Crossref has the volume 20, the text 21." in found.notes
    assert "Crossref has the year 2019, the text 2018." in found.notes
    assert len(found.notes) == 2


def test_the_identifier_of_another_work_corrects_nothing(registry: Registry):
    registry.works = [{**WORK, "title": ["A history of bicycles"]}]

    (found,), _ = looked_up(TEXT)

    assert found.csl == parsing.parse(TEXT).csl
    assert found.notes == (
        "Crossref has another work under this DOI: “A history of bicycles”.",
    )


def test_a_retraction_that_the_text_does_not_know_of_is_told(registry: Registry):
    registry.works = [{**WORK, "updated-by": [{"type": "retraction"}]}]

    (found,), _ = looked_up(TEXT)

    assert found.csl["status"] == "retracted"


def test_each_is_asked_once_for_all(registry: Registry):
    looked_up(TEXT, "10.5555/other", "PMID: 16287614", "PMID: 12345678", "no reference")

    assert sorted([asked.get("filter") or asked["id"] for asked in registry.asked]) == [
        ["16287614,12345678"],
        ["doi:10.1186/s12891-019-2833-4,doi:10.5555/other"],
    ]


def test_without_an_identifier_nobody_is_asked(registry: Registry):
    (found,), silent = looked_up("Roe J. On backs. J Foo. 2019;1:2.")

    assert (registry.asked, silent, found.filled_from) == ([], [], "")


@pytest.mark.parametrize("status", [302, 404, 429, 500])
def test_whoever_refuses_is_named_and_the_text_stays(registry: Registry, status: int):
    registry.status = status

    (found,), silent = looked_up(TEXT)

    assert (found, silent) == (parsing.parse(TEXT), ["Crossref"])


@pytest.mark.parametrize("nonsense", ["", "[]", "<html>", "null"])
def test_an_answer_that_is_none_changes_nothing(
    registry: Registry, nonsense: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(registry, "body", lambda _path: nonsense.encode())

    (found,), silent = looked_up(TEXT)

    assert (found, silent) == (parsing.parse(TEXT), ["Crossref"])


def test_nobody_waits_longer_than_the_limit(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lookup, "LIMIT_S", 0.3)
    released = threading.Event()
    registry.before = lambda: released.wait(20) and None
    began = time.monotonic()

    (found,), silent = looked_up(TEXT)

    took_s = time.monotonic() - began
    released.set()
    assert (found, silent) == (parsing.parse(TEXT), ["Crossref"])
    assert took_s < 5


def test_an_answer_that_drips_is_hung_up_on(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lookup, "LIMIT_S", 0.3)
    registry.drips_for_s = 30

    _, silent = looked_up(TEXT)

    assert silent == ["Crossref"]
    assert until(lambda: not is_asking())


def is_asking() -> bool:
    return any(one.name.startswith("lookup") for one in threading.enumerate())


def test_an_answer_without_end_is_cut(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lookup, "_LONGEST_ANSWER", 100_000)
    monkeypatch.setattr(registry, "body", lambda _path: b" " * 1_000_000)

    (found,), silent = looked_up(TEXT)

    assert (found, silent) == (parsing.parse(TEXT), ["Crossref"])


# --- In the dialog ----------------------------------------------------------------


def paste(text: str, **checked: str) -> dict[str, Any]:
    client = Client()
    client.force_login(make.UserFactory(roles=["Editors"]))
    chooser = Reference.snippet_viewset.chooser_viewset
    address = reverse(chooser.get_url_name("paste"))
    answer = client.post(f"{address}?multiple=1", {"text": text, **checked})
    found: dict[str, Any] = json.loads(answer.content)
    return found


@pytest.mark.django_db
def test_where_nobody_allowed_it_nobody_is_asked(registry: Registry):
    html = paste(TEXT)["htmlFragment"]

    assert registry.asked == []
    assert "Filled in from" not in html


@pytest.mark.django_db
def test_the_dialog_shows_what_was_filled_in_and_corrected(
    registry: Registry, settings: Any
):
    settings.LOOK_UP_CITATIONS = True

    html = paste(TEXT)["htmlFragment"]

    assert "Filled in from Crossref" in html
    assert "Crossref has the volume 20, the text 21." in html
    assert registry.asked[0]["mailto"] == ["clinicast@localhost"]


@pytest.mark.django_db
def test_what_was_checked_is_made_without_asking_again(
    registry: Registry, settings: Any
):
    settings.LOOK_UP_CITATIONS = True
    row = {"use": "new", "title": "Gluteus medius", "volume": "20", "type": "book"}

    paste(TEXT, checked="1", **{f"pasted-0-{name}": row[name] for name in row})

    assert registry.asked == []
    assert Reference.objects.get().csl["volume"] == "20"


@pytest.mark.django_db
def test_the_dialog_says_who_did_not_answer(registry: Registry, settings: Any):
    settings.LOOK_UP_CITATIONS = True
    registry.status = 503

    html = paste(TEXT)["htmlFragment"]

    assert "Crossref did not answer in time" in html
