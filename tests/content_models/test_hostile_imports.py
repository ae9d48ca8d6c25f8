"""What is no page, or means harm: refused in a sentence or harmless, and quickly."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from django.test import Client

from content_models.models import Article
from tests.content_models.import_screen import (
    HAND_IN,
    MAKE,
    client_of,
    errors,
    filled,
    make,
    read,
    said,
    soup,
)
from tests.content_models.pages import BLOG_PAGE, TEXT_PAGE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIMIT = "2 MB at most"


@pytest.fixture
def editor():
    return client_of("Editors")


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", b"0" * 50_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (("photo.png", b"\x89PNG\r\n\x1a\n"), "“photo.png”: Only text and HTML"),
        (("letter.docx", b"PK\x03\x04"), "“letter.docx”: Only text and HTML"),
        (("page.html", bomb()), "“page.html”: The file is binary"),
        (("page.txt", b"\x00\x01\x02" * 9), "“page.txt”: The file is binary"),
        (("page.txt", b""), "“page.txt”: The file is empty"),
        (("page.txt", b" \n "), "“page.txt”: The file is empty"),
        (("page.txt", b"Caf\xe9\n\nText."), "“page.txt”: The file is not in UTF-8"),
        (("page.html", b"<p>" + b"a" * 2_000_001), f"“page.html”: A page has {LIMIT}"),
        (("../../<b>.txt", b"\x00" * 9), "“<b>.txt”"),
        (("page.txt", b"Only a title"), "No text was found"),
        (("page.txt", b"T\n\n" + b"a\n" * 100_000), "paragraphs"),
        (("page.txt", b"T\n\nB.\n" + b"By: Jane Doe, PT\n" * 400), "names 400 people"),
    ],
)
def test_a_file_that_is_no_page_is_refused_by_its_name(editor, file, says):
    response = read(editor, file=file)

    assert response.status_code == 200
    assert says in errors(response)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Paste the page's text, or choose a file."),
        (" \n\t", "Paste the page's text, or choose a file."),
        ("\0" * 20, "binary"),
        ("<html></html>", "no title"),
        ("a " * 1_050_000, LIMIT),
    ],
)
def test_what_is_pasted_and_no_page_is_refused(editor, text, says):
    assert says in errors(read(editor, text))


def test_what_is_too_large_to_be_taken_at_all_is_refused_in_a_sentence(editor):
    response = editor.post(HAND_IN, {"text": "a" * 5_000_000}, follow=True)

    assert response.status_code == 200
    assert f"That is too large. A page has {LIMIT}" in said(response)


def test_a_pasted_text_and_a_file_at_once_are_one_too_many(editor):
    response = read(editor, TEXT_PAGE, file=("page.txt", TEXT_PAGE.encode()))

    assert "not both" in errors(response)
    assert "Why Ankles Roll" in soup(response).select_one("#id_text").get_text()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "not an address", "http://["]
)
def test_an_address_that_is_none_is_refused(editor, address):
    assert "This is no web address" in errors(read(editor, TEXT_PAGE, address=address))


DEEP = "<html><h1>T</h1><p>text of the page" + "<div>" * 100_000
INLINE = "<html><h1>T</h1><p>text of the page" + "<b>" * 100_000
CDATA = "<html><h1>T</h1><p>text</p><![CDATA[<script>alert(1)</script>]]>"
MANY = "<html><h1>T</h1>" + "<p>One more.</p><h2>And</h2>" * 2000
LONG = "T\n\n" + "word " * 390_000
CITED = "T\n\nText.\n\nReferences\n" + "Deyo RA. Pain. J Foo. 2001;3:4.\n" * 140


OPEN = "<html><h1>T</h1><p>text of the page" + "<" * 90_000


@pytest.mark.parametrize("text", [DEEP, INLINE, CDATA, MANY, LONG, CITED, OPEN])
def test_a_page_that_was_made_to_hurt_is_shown_in_seconds(editor, text):
    started = time.perf_counter()

    response = read(editor, text)

    assert response.status_code == 200
    assert time.perf_counter() - started < 8
    assert "<script>alert" not in response.content.decode()


def test_scripts_of_the_original_are_shown_as_words_and_never_saved(editor):
    text = (
        "<html><h1>Knees <img src=x onerror=alert(1)></h1>"
        "<p>They &lt;script&gt;alert(2)&lt;/script&gt; bend "
        "<a href='javascript:alert(3)'>here</a>.</p>"
        "<p>By: <script>alert(4)</script>Jane Doe, PT</p></html>"
    )

    checked = read(editor, text)
    make(editor, checked)

    article = Article.objects.get()
    page = soup(checked).select_one(".import-columns")
    assert page.select("img, iframe, [onerror], [href^=javascript]") == []
    # Wagtail's own date picker brings one along.
    assert "alert" not in "".join(script.get_text() for script in page.select("script"))
    assert "javascript" not in str(article.body)
    assert "<script" not in str(article.body)
    assert (
        "They <script>alert(2)</script> bend"
        in page.select_one(".import-original").get_text()
    )


def test_marks_that_turn_the_reading_direction_are_taken_out(editor):
    checked = read(editor, TEXT_PAGE.replace("Ankles", "\u202eselknA\u2066"))

    assert filled(checked)["title"].startswith("Why selknA Roll")
    assert not set("\u202e\u2066") & set(checked.content.decode())


def test_a_page_in_another_encoding_is_read_where_it_says_which(editor):
    html = "<html><meta charset='iso-8859-1'><h1>Café</h1><p>Un texte.</p></html>"

    checked = read(editor, file=("page.html", html.encode("iso-8859-1")))
    make(editor, checked)

    assert Article.objects.get().title == "Café"


def test_the_export_of_a_whole_site_is_refused(editor):
    export = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><p>A page</p></rss>'

    assert "export of a whole site" in errors(read(editor, export))


@pytest.mark.parametrize("url", [HAND_IN, MAKE])
def test_a_form_of_another_site_is_refused(url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(roles=["Editors"]))

    assert client.post(url, {"text": TEXT_PAGE}).status_code == 403


@pytest.mark.parametrize("url", [HAND_IN, MAKE])
def test_who_is_not_logged_in_is_asked_to(url):
    response = Client().post(url, {"text": "a" * 5_000_000})

    assert response["Location"].startswith("/cms/login/")


def test_a_form_that_was_tampered_with_makes_nothing(editor):
    form = filled(read(editor, BLOG_PAGE))
    without = {name: value for name, value in form.items() if "use" not in name}

    for sent in (without, {}, {"text": "x"}, form | {"people-0-offered": "'--"}):
        assert editor.post("/cms/import-page/make/", sent).status_code in (200, 302)

    # The last one is a whole form, which says that it has seen nobody like it.
    assert Article.objects.count() == 1
