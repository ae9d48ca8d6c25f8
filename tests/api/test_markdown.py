"""Documents as Markdown, read by a parser that is not ours."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from api.documents.serializers import markdown
from tests import factories as make
from tests.api.served import (
    a_lean_network,
    a_location,
    a_picture,
    a_reference,
    a_whole_network,
    an_author,
    served,
    the,
    the_least,
)

pytestmark = pytest.mark.django_db

HOSTILE = [
    "# <script>alert(1)</script>",
    "---\ntype: other\n---",
    'He said: "stop" \\ and: {go} #now',
    "- [x](javascript:alert(1)) ![y](http://evil.test/z.png)",
    "1. **bold** _it_ `code` ~~gone~~ | cell | &lt;b&gt; &copy;",
    "> quoted\n\n***\n\n```\nfence",
    "Title\n=====",
    "Ends with # hashes ##",
    "null",
    "\u2028\x85\ufeff odd \U0001f600",
]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def parts(written: str) -> tuple[dict[str, Any], str]:
    """Front matter, as YAML has it, and what comes after."""
    empty, front, body = written.split("---\n", 2)
    assert empty == ""
    return yaml.safe_load(front), body


def tokens(body: str) -> list[Token]:
    """All tokens of `body`, those within lines too; raw HTML is taken as it is."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found: list[Token] = []
    for token in parser.parse(body):
        found += [token, *(token.children or [])]
    return found


def shown(body: str) -> str:
    """The text that a reader sees."""
    within = (token for token in tokens(body) if token.type in ("text", "code_inline"))
    return " ".join(token.content for token in within)


def headings(body: str) -> list[tuple[str, str]]:
    found = tokens(body)
    return [
        (token.tag, found[place + 1].content)
        for place, token in enumerate(found)
        if token.type == "heading_open"
    ]


def links(body: str) -> list[str]:
    return [str(t.attrGet("href")) for t in tokens(body) if t.type == "link_open"]


def in_body(*blocks: tuple[str, Any], **fields: Any) -> str:
    """The Markdown of an article whose body has `blocks`."""
    make.ArticleFactory(body=list(blocks), **fields)
    return parts(markdown.of(the("article")))[1]


# --- Front matter -----------------------------------------------------------------


def test_front_matter_says_whose_text_it_is_and_how_old():
    a_whole_network()
    document = the("article")

    front, _ = parts(markdown.of(document))

    assert front["title"] == "Running: when it hurts"
    assert front["byline"] == "Lisa Scarlino, PT, DPT, ATC, FAAOMPT"
    [author] = front["authors"]
    assert author["name"] == "Lisa Scarlino"
    assert author["url"] == "http://localhost:8001/team/lisa-scarlino/"
    assert front["reviewed_by"][0]["reviewed_on"] == "2026-01-15"
    assert front["last_reviewed"] == "2026-01-15"
    assert front["published"] == document["published_at"]
    assert front["updated"] == document["updated_at"]
    assert front["canonical"] == "http://localhost:8001/articles/running/"
    assert front["attribution"] == "From Shore Clinics"
    assert front["license"] == "CC BY 4.0"
    assert front["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert front["locale"] == "en"
    assert front["id"] == document["id"]
    assert front["version"] == document["version"]
    assert front["categories"] == ["Knees"]


@pytest.mark.parametrize("title", HOSTILE)
def test_front_matter_is_valid_whatever_is_in_a_title(title):
    make.ArticleFactory()
    document = the("article") | {"title": title, "categories": [{"name": title}]}

    front, _ = parts_of_any(markdown.of(document))

    assert front["title"] == title
    assert front["categories"] == [title]
    assert front["type"] == "article"


def parts_of_any(written: str) -> tuple[dict[str, Any], str]:
    """As `parts`, by lines: one of `---` that a value has brought would be the end."""
    first, *rest = written.split("\n")
    end = rest.index("---")
    assert first == "---"
    return yaml.safe_load("\n".join(rest[:end])), "\n".join(rest[end + 1 :])


# --- Text that looks like markup --------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_markup_stays_text(text):
    make.ArticleFactory()
    document = the("article") | {
        "title": text,
        "summary": text,
        "byline": text,
        "body_html": "",
        "attribution": {},
    }

    _, body = parts_of_any(markdown.of(document))

    found = {token.type for token in tokens(body)}
    assert found <= {
        "heading_open",
        "heading_close",
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
    }
    assert len(headings(body)) == 1
    words = " ".join(text.split())
    rendered = MarkdownIt("commonmark").render(body)
    assert MarkdownIt("zero").render(words)[3:-5] in rendered


@pytest.mark.parametrize("text", HOSTILE)
def test_text_within_a_body_stays_text(text):
    words = " ".join(text.split())
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")

    body = markdown.of(
        {
            "type": "article",
            "title": "Title",
            "body_html": f"<p>{escaped}</p><p>{escaped}<br>{escaped}</p>"
            f"<ul><li>{escaped}</li></ul><h2>{escaped}</h2>",
        }
    )

    found = {token.type for token in tokens(parts_of_any(body)[1])}
    assert not found & {
        "html_inline",
        "html_block",
        "link_open",
        "image",
        "em_open",
        "strong_open",
        "s_open",
        "code_inline",
        "fence",
        "blockquote_open",
        "ordered_list_open",
        "hr",
    }
    assert [tag for tag, _ in headings(parts_of_any(body)[1])] == ["h1", "h2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_other_type_lets_text_become_markup(text):
    a_whole_network()

    for document in served():
        named = {"title", "name", "description", "byline", "job_title", "giver"}
        hostile = document | dict.fromkeys(named & set(document), text)
        _, body = parts_of_any(markdown.of(hostile))
        found = tokens(body)
        html = [one.content for one in found if one.type.startswith("html")]
        assert all(one.startswith(("<a id=", "</a>", "<su", "</su")) for one in html)
        assert not [link for link in links(body) if "javascript" in link]
        assert not [one for one in found if one.type == "image" and "evil" in str(one)]
        assert sum(one.tag == "h1" for one in found if one.nesting == 1) == 1


# --- Bodies -----------------------------------------------------------------------


def test_an_article_begins_with_its_title_and_who_answers_for_it():
    a_whole_network()

    _, body = parts(markdown.of(the("article")))

    assert headings(body)[0] == ("h1", "Running: when it hurts")
    assert "By Lisa Scarlino, PT, DPT, ATC, FAAOMPT" in body
    assert (
        "Medically reviewed by Lisa Scarlino, PT, DPT, ATC, FAAOMPT on 2026-01-15"
        in body
    )


def test_a_body_keeps_its_structure():
    a_whole_network()

    _, body = parts(markdown.of(the("article")))

    assert ("h2", "How long?") in headings(body)
    assert "> Keep moving.\n>\n> — A therapist" in body
    assert "| Week | Minutes |\n| --- | --- |\n| 1 | 10\\|20 |" in body
    assert "1. Rise.\n2. Sink." in body
    assert "[How to stretch](https://video.test/1)" in body
    assert "Six **weeks**." in body
    # Without the sign it would be 103 hours.
    assert "10<sup>3</sup> hours" in body


def test_an_image_has_its_description_and_an_absolute_address():
    a_whole_network()

    _, body = parts(markdown.of(the("article")))

    images = [one for one in tokens(body) if one.type == "image"]
    # The article's own, one in the text, one of the exercise.
    assert len(images) == 3
    for image in images:
        assert image.content == "A person stretching"
        assert str(image.attrGet("src")).startswith("http://localhost:8000/media/")


def test_a_mark_in_the_text_leads_to_its_place_in_the_list_of_references():
    a_whole_network()

    _, body = parts(markdown.of(the("article")))

    assert "Six weeks [[1](#ref-1)]" in body
    assert '<a id="ref-1"></a>[1] Sadler A, Bird A. Gait retraining: a trial.' in body


def test_marks_of_several_references_stay_together():
    references = [make.ReferenceFactory() for _ in range(3)]

    body = in_body(("text", "<p>So [1, 3] and [2].</p>"), references=references)

    assert "So [[1](#ref-1), [3](#ref-3)] and [[2](#ref-2)]." in body


def test_a_number_that_no_reference_has_is_text():
    body = in_body(("text", "<p>So [7] it is [sic].</p>"))

    assert r"So \[7\] it is \[sic\]." in body
    assert "#ref" not in body


def test_references_keep_their_numbers_where_one_is_not_shown():
    references = [make.ReferenceFactory() for _ in range(3)]
    make.ArticleFactory(references=references)
    document = the("article")
    document["references"] = [document["references"][0], document["references"][2]]

    _, body = parts(markdown.of(document))

    text = shown(body)
    assert "[1] " in text
    assert "[3] " in text
    assert "[2] " not in text


def test_a_reference_is_in_ama_style_with_its_doi_as_a_link():
    a_reference()

    _, body = parts(markdown.of(the("reference")))

    assert "*Journal of Examples*. 2019;20(3):463-470." in body
    assert links(body) == ["https://doi.org/10.5555/s(1)"]


def test_a_reference_without_a_doi_leads_to_where_it_is_to_be_read():
    make.ReferenceFactory(doi=None, pmid="31234567")

    _, body = parts(markdown.of(the("reference")))

    assert links(body) == ["https://pubmed.ncbi.nlm.nih.gov/31234567/"]


def test_an_exclamation_before_a_link_makes_no_image_of_it():
    text = '<p>Read this!<a href="https://x.test/a_(b)">More</a></p>'

    body = in_body(("text", text))

    assert not [one for one in tokens(body) if one.type == "image"]
    assert "https://x.test/a_(b)" in links(body)


def test_attribution_and_licence_stand_at_the_end():
    a_whole_network()

    _, body = parts(markdown.of(the("article")))

    assert body.endswith(
        "[From Shore Clinics](http://localhost:8001/articles/running/). Licence: "
        "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)\n"
    )


def test_corrections_are_told():
    make.ArticleFactory()
    corrected = the("article") | {
        "corrections": [{"date": "2026-02-03", "note": "The *dose* was wrong."}]
    }

    _, body = parts(markdown.of(corrected))

    assert "## Corrections\n\n- 2026-02-03: The \\*dose\\* was wrong." in body


# --- Other types ------------------------------------------------------------------


def test_an_author_is_told_with_what_he_holds_and_where_he_works():
    an_author(a_picture(), make.LocationFactory(name="Brick"))

    front, body = parts(markdown.of(the("author")))

    assert front["locations"] == ["Brick"]
    assert body.startswith("\n# Lisa Scarlino, PT, DPT, ATC, FAAOMPT\n\nClinic dir")
    assert "Runs.\n\nTreats runners." in body
    assert "- PT: The credential PT (licence, US-NJ, verified)" in body
    assert "- DPT: The credential DPT (degree)" in body
    assert "## Works at\n\n- Brick" in body
    assert "40QA" not in body


def test_a_location_is_told_with_its_hours_and_numbers():
    a_location(a_picture())

    _, body = parts(markdown.of(the("location")))

    assert (
        "12 Shore Road\\\nSuite 4\\\nBrick, NJ 08723\\\nUS\\\nLatitude 40.0583" in body
    )
    assert "- Main: [(732) 555-0100](tel:+17325550100)" in body
    assert "| Monday | 08:00–12:00, 13:00–18:00 |" in body
    assert "| Sunday | closed |" in body
    assert "| 2026-12-24 to 2026-12-26 | closed | Christmas |" in body
    assert "| 2026-12-31 | 08:00–12:00 |  |" in body
    assert "[Book an appointment](https://book.test/brick/)" in body
    assert "- Physical therapy" in body
    assert "By the **shore**." in body


def test_an_award_and_the_practice_are_a_few_lines():
    a_whole_network()

    _, award = parts(markdown.of(the("award")))
    _, practice = parts(markdown.of(the("practice")))

    assert "- Given by: A Magazine\n- Given to: Lisa Scarlino\n- Year: 2017" in award
    assert "# Shore Clinics\n\n- Legal name: Shore Clinics LLC" in practice


# --- All --------------------------------------------------------------------------


def test_what_has_no_value_leaves_nothing_behind():
    a_lean_network()

    for document in served():
        written = markdown.of(document)
        front, body = parts(written)
        assert None not in front.values()
        assert "None" not in written
        assert "\n\n\n" not in body
        # No heading without something below it: only an article has a text.
        assert len(headings(body)) == 1


def test_a_document_from_before_a_member_existed_is_written_too():
    for document in the_least():
        front, _ = parts(markdown.of(document))

        assert front["id"] == document["id"]
