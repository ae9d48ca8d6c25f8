"""What both sites answer before any script runs: status, title and text."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.frontend_stub.serving import Ask, asking, running

SPANISH = {
    "locale": "es",
    "slug": "descanso",
    "url": "https://api.example/api/v1/articles/descanso/?locale=es",
}
ARABIC = {
    "locale": "ar",
    "slug": "rest",
    "url": "https://api.example/api/v1/articles/rest/?locale=ar",
}
TRANSLATED = {
    "title": "Rest",
    "summary": "Or not.",
    "byline": "",
    "image": None,
    "categories": [],
    "reviewers": [],
    "references": [],
    "translations": [],
    "body_html": "<p>Move.</p>",
    "canonical_url": "https://larkwater.example/articles/rest/",
    "published_at": "2026-10-01T00:00:00Z",
    "updated_at": "2026-10-01T00:00:00Z",
}


class Api(BaseHTTPRequestHandler):
    """Just enough of the read API for one page."""

    documents = {
        "/api/v1/practice/": {"name": "Larkwater <Therapy>"},
        "/api/v1/articles/knee/": {
            "title": "Knees <script>alert(1)</script>",
            "summary": "What helps.",
            "byline": "Ada Bell, PT",
            "reviewers": [
                {
                    "name": "Cy Dorn",
                    "post_nominals": "DPT, <OCS>",
                    "reviewed_on": "2026-10-01",
                }
            ],
            "references": [{"number": 1, "text": "Doe J. Knees. 2020."}],
            "canonical_url": "https://clinic.example/articles/knee/",
            "attribution": {"publisher": "Larkwater <Therapy>"},
            "indexing": {
                "canonical": "https://clinic.example/articles/knee/",
                "robots": "noindex, follow",
            },
            "body_html": "<p>Bend it.</p></noscript><p>Stretch it.</p>",
        },
        "/api/v1/articles/old/": {"reason": "The advice has <changed>."},
        "/api/v1/articles/odd/": {"title": ["no", "text"]},
        "/api/v1/articles/rest/": {
            **TRANSLATED,
            "locale": "en",
            "slug": "rest",
            "url": "https://api.example/api/v1/articles/rest/",
            "translations": [SPANISH, ARABIC],
        },
        "/api/v1/articles/descanso/?locale=es": {**TRANSLATED, **SPANISH},
        "/api/v1/articles/rest/?locale=ar": {**TRANSLATED, **ARABIC},
        "/api/v1/articles/?limit=100&locale=es": {
            "results": [{**TRANSLATED, **SPANISH}],
        },
        "/api/v1/locations/brick/": {
            "name": "Larkwater <Brick>",
            "street_address": "12 Shore Road",
            "city": "Brick",
            "postal_code": "08723",
            "phones": [
                {"kind": "fax", "e164": "+17325550141", "display": ""},
                {"kind": "main", "e164": "+17325550142", "display": "(732) 555-0142"},
            ],
            "hours": [],
        },
        "/api/v1/authors/ada/": {"name": "Ada Bell", "post_nominals": "PT"},
    }
    # An API in trouble, and a proxy before it that makes up its own numbers.
    ailing = {"/api/v1/articles/ill/": 503, "/api/v1/articles/strange/": 599}
    # A language that the API does not know.
    ailing["/api/v1/articles/?limit=100&locale=fr"] = 400

    def do_GET(self) -> None:
        document = self.documents.get(self.path)
        status = 404 if document is None else 410 if "reason" in document else 200
        status = self.ailing.get(self.path, status)
        body = json.dumps(document or {}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Tests read answers, not logs."""


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api/v1"
        server.shutdown()


@pytest.fixture(scope="module")
def microsite(api: str) -> Iterator[Ask]:
    with running("microsite", "--api", api) as (_, port):
        yield asking(port)


@pytest.fixture
def brick(api: str) -> Iterator[Ask]:
    """The site of one location."""
    with running("microsite", "--api", api, "--location", "brick") as (_, port):
        yield asking(port)


@pytest.fixture(scope="module")
def partner(api: str) -> Iterator[Ask]:
    with running("partner", "--api", api) as (_, port):
        yield asking(port)


def test_without_script_the_essential_text_is_there(microsite: Ask) -> None:
    _, body = microsite("/articles/knee/")

    page = body.decode()
    assert "Knees &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "By Ada Bell, PT" in page
    assert "Medically reviewed by Cy Dorn, DPT, &lt;OCS&gt; on October 1, 2026" in page
    assert "<p>Bend it.</p>" in page
    assert '<li id="ref-1">Doe J. Knees. 2020.</li>' in page
    assert "Larkwater &lt;Therapy&gt;" in page


def test_a_page_names_the_feed_of_what_the_site_carries(api: str) -> None:
    with running("microsite", "--api", api, "--channel", "shore") as (_, port):
        _, body = asking(port)("/articles/")

    address = f"{api.removesuffix('/api/v1')}/feeds/shore/articles.atom?locale=en"
    assert f'type="application/atom+xml" title="Articles" href="{address}"' in (
        body.decode()
    )


def test_an_article_cannot_break_out_of_its_place(microsite: Ask) -> None:
    _, body = microsite("/articles/knee/")

    # Those for style and name, and the one around the text.
    assert body.count(b"</noscript>") == body.count(b"<noscript>") == 3


def test_without_script_a_withdrawn_article_says_why(microsite: Ask) -> None:
    _, body = microsite("/articles/old/")

    assert b"This page is no longer offered" in body
    assert b"The advice has &lt;changed&gt;." in body


def test_the_first_title_names_the_article_and_nothing_in_it_is_markup(
    microsite: Ask,
) -> None:
    _, body = microsite("/articles/knee/")

    title = body.decode().split("<title>")[1].split("</title>")[0]
    assert title == (
        "Knees &lt;script&gt;alert(1)&lt;/script&gt; – Larkwater &lt;Therapy&gt;"
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles/knee/", 200),
        ("/articles/old/", 410),
        ("/articles/nowhere/", 404),
        ("/team/ada/", 200),
        ("/team/nobody/", 404),
        ("/locations/nowhere/", 404),
        # Trouble of the API is no word on the article.
        ("/articles/ill/", 200),
        ("/articles/odd/", 200),
        ("/articles/strange/", 200),
    ],
)
def test_a_microsites_page_has_the_status_of_what_it_shows(
    microsite: Ask, path: str, status: int
) -> None:
    got, page = microsite(path)
    head, _ = microsite(path, method="HEAD")

    assert (got.status, head.status) == (status, status)
    assert b'<main id="page-main"' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/health/", 200),
        ("/health/knee/", 200),
        ("/health/old/", 410),
        ("/health/nope/", 404),
        ("/health/ill/", 200),
        ("/health/strange/", 200),
    ],
)
def test_a_partners_page_has_the_status_of_the_article(
    partner: Ask, path: str, status: int
) -> None:
    response, page = partner(path)

    head, _ = partner(path, method="HEAD")

    assert (response.status, head.status) == (status, status)
    assert b'<main id="content"' in page


def test_a_partners_copy_tells_search_engines_where_the_original_is(
    partner: Ask,
) -> None:
    _, body = partner("/health/knee/")

    head = body.decode().split("</head>")[0]
    assert '<link rel="canonical" href="https://clinic.example/articles/knee/">' in head
    assert '<meta name="robots" content="noindex, follow">' in head
    assert "<title>Knees &lt;script&gt;alert(1)&lt;/script&gt; – The Shore" in head


def test_without_script_a_partners_page_leads_to_the_original(partner: Ask) -> None:
    _, body = partner("/health/knee/")

    page = body.decode()
    assert (
        '<a href="https://clinic.example/articles/knee/">'
        "Read it at Larkwater &lt;Therapy&gt;</a>"
    ) in page
    assert "Bend it." not in page


def test_without_script_a_partners_page_says_what_was_withdrawn_and_why(
    partner: Ask,
) -> None:
    _, body = partner("/health/old/")

    page = body.decode()
    assert "<h1>The clinic no longer offers this article</h1>" in page
    assert "The advice has &lt;changed&gt;." in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page


def test_a_slug_cannot_break_out_of_the_element_that_asks_for_it(partner: Ask) -> None:
    _, body = partner("/health/%22%3E%3Cb%3E/")

    assert b'slug="&quot;&gt;&lt;b&gt;"' in body


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/articles/rest/", 'lang="en" dir="ltr"'),
        ("/es/articles/descanso/", 'lang="es" dir="ltr"'),
        ("/ar/articles/rest/", 'lang="ar" dir="rtl"'),
    ],
)
def test_a_page_is_in_the_language_of_its_article(
    microsite: Ask, path: str, said: str
) -> None:
    response, page = microsite(path)

    assert response.status == 200
    assert f"<html {said}>" in page.decode()


def test_an_article_leads_to_itself_in_every_language(microsite: Ask) -> None:
    _, page = microsite("/articles/rest/")

    links = re.findall(
        r'<link rel="alternate" hreflang="(.*?)" data-served href="(.*?)">',
        page.decode(),
    )
    assert dict(links) == {
        "ar": "https://larkwater.example/ar/articles/rest/",
        "en": "https://larkwater.example/articles/rest/",
        "es": "https://larkwater.example/es/articles/descanso/",
    }
    text = page.decode().rpartition("<noscript>")[2]
    assert (
        '<a href="/es/articles/descanso/" lang="es" hreflang="es">Español</a>' in text
    )


def test_a_slug_is_only_known_in_its_own_language(microsite: Ask) -> None:
    response, _ = microsite("/articles/descanso/")

    assert response.status == 404


def test_each_language_has_a_list_of_its_articles(microsite: Ask) -> None:
    response, page = microsite("/es/articles/")
    unknown, _ = microsite("/fr/articles/")

    assert response.status == 200
    assert b'<li><a href="/es/articles/descanso/">' in page
    assert unknown.status == 404


def test_a_page_of_an_ailing_api_still_says_whom_to_call(brick: Ask) -> None:
    brick("/articles/knee/")

    _, page = brick("/articles/ill/")
    _, config = brick("/config.json")

    assert b"We will be right back" in page
    assert (
        b"<noscript>Larkwater &lt;Therapy&gt;, Larkwater &lt;Brick&gt;</noscript>"
        in page
    )
    assert b"<h2>Larkwater &lt;Therapy&gt;, Larkwater &lt;Brick&gt;</h2>" in page
    assert b'<a href="tel:+17325550142">Call (732) 555-0142</a>' in page
    assert json.loads(config)["contact"] == {
        "practice": "Larkwater <Therapy>",
        "place": "Larkwater <Brick>",
        "e164": "+17325550142",
        "display": "(732) 555-0142",
    }


def test_a_page_that_is_gone_is_not_kept(microsite: Ask) -> None:
    response, _ = microsite("/articles/old/")

    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
