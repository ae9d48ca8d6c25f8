from __future__ import annotations

import re
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_models.citations import identifiers, parsing, rendering
from tests.content_models.data import own_rows
from tests.shared_data import shared_rows

# The same work as four styles print it.
TITLE = (
    "Gluteus medius muscle function in people with and without low back pain: "
    "a systematic review"
)
DOI = "10.1186/s12891-019-2833-4"
SPRINGER = (
    f"Reference: Sadler, S., Cassidy, S., Peterson, B. et al. {TITLE}. "
    f"BMC Musculoskelet Disord 20, 463 (2019). https://doi.org/{DOI}"
)
AMA = (
    f"Sadler S, Cassidy S, Peterson B, et al. {TITLE}. "
    f"BMC Musculoskelet Disord. 2019;20:463. doi:{DOI}"
)
VANCOUVER = (
    f"1. Sadler S, Cassidy S, Peterson B. {TITLE}. BMC Musculoskelet Disord. "
    f"2019 Oct 22;20(1):463. doi: {DOI}. PMID: 31640630; PMCID: PMC6805550."
)
APA = (
    f"Sadler, S., Cassidy, S., & Peterson, B. (2019). {TITLE}. "
    f"BMC Musculoskeletal Disorders, 20, 463. https://doi.org/{DOI}"
)

# With a line break in it, as lists have when they are copied out of a PDF.
APA_BROKEN = APA.replace(" people", "\npeople")


def csl(**changes: Any) -> dict[str, Any]:
    """A journal article's CSL-JSON; a change to None leaves the field out."""
    item = {
        "id": "1",
        "type": "article-journal",
        "title": "On backs",
        "author": [{"family": "Sadler", "given": "S."}],
        "container-title": "BMC Musculoskelet. Disord.",
        "issued": {"date-parts": [[2019]]},
        "volume": "20",
        "page": "463",
        "DOI": DOI,
    } | changes
    return {name: value for name, value in item.items() if value is not None}


def people(count: int) -> list[dict[str, str]]:
    families = ["Adams", "Baker", "Clark", "Davis", "Evans", "Frank", "Ghosh"]
    return [{"family": family, "given": "M J"} for family in families[:count]]


# --- Identifiers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        (DOI, DOI),
        ("https://doi.org/10.1186/S12891-019-2833-4.", DOI),
        ("http://dx.doi.org/10.1186%2Fs12891-019-2833-4", DOI),
        ("doi: 10.1186/s12891-019-2833-4,", DOI),
        (" DOI10.1186/s12891-019-2833-4)", DOI),
        ("10.1002/(SICI)1097-0142(1999)85:1", "10.1002/(sici)1097-0142(1999)85:1"),
        ("10.1002/(SICI)1(1996)99:4<539::A>3.0.CO;2-N",
         "10.1002/(sici)1(1996)99:4<539::a>3.0.co;2-n"),
    ],
)  # fmt: skip
def test_a_doi_is_taken_in_every_form_in_which_people_paste_it(given_text, expected):
    assert identifiers.normalise_doi(given_text) == expected


@pytest.mark.parametrize(
    "text", ["", "10.1186", "11.1186/x", "https://example.com/a", "10.12/", "x" * 10**6]
)
def test_what_is_no_doi_is_refused_with_what_is_right(text):
    with pytest.raises(identifiers.IdentifierError, match=r"as in 10\.1186/s12891"):
        identifiers.normalise_doi(text)


def test_pubmed_ids_are_taken_bare_labelled_and_as_addresses():
    assert identifiers.normalise_pmid("PMID: 24679710") == "24679710"
    address = "https://pubmed.ncbi.nlm.nih.gov/24679710/"
    assert identifiers.normalise_pmid(address) == "24679710"
    assert identifiers.normalise_pmcid("pmc4043395.1") == "PMC4043395"


@pytest.mark.parametrize("text", ["", "012", "123456789", "PMC12", "abc"])
def test_what_is_no_pubmed_id_is_refused_with_what_is_right(text):
    with pytest.raises(identifiers.IdentifierError, match="up to eight digits"):
        identifiers.normalise_pmid(text)


# --- Reading ------------------------------------------------------------------------


@pytest.mark.parametrize("text", [SPRINGER, AMA, VANCOUVER, APA])
def test_a_citation_is_read_in_the_usual_styles(text):
    read = parsing.parse(text).csl

    assert read["type"] == "article-journal"
    assert [name["family"] for name in read["author"]] == [
        "Sadler",
        "Cassidy",
        "Peterson",
    ]
    assert read["title"] == TITLE
    assert read["container-title"].startswith("BMC Musculoskelet")
    assert read["issued"] == {"date-parts": [[2019]]}
    assert (read["volume"], read["page"], read["DOI"]) == ("20", "463", DOI)


def test_et_al_is_no_author_but_is_not_forgotten():
    read = parsing.parse(SPRINGER)

    assert read.authors_incomplete
    assert len(read.csl["author"]) == 3
    assert not parsing.parse(APA).authors_incomplete


def test_every_field_says_how_sure_it_is_and_the_text_is_kept():
    read = parsing.parse(SPRINGER)

    assert read.raw == SPRINGER
    assert all(0.5 <= field.confidence <= 1 for field in read.fields.values())


def test_an_unsure_field_is_left_empty_and_told():
    read = parsing.parse("hello world")

    assert read.fields == {}
    assert read.doubtful["title"].value == "hello world"


def test_an_organisation_is_one_author():
    read = parsing.parse(
        "World Health Organization. (2020). WHO guidelines on physical activity. "
        "https://www.who.int/guidelines"
    ).csl

    assert read["author"] == [{"literal": "World Health Organization"}]
    assert read["type"] == "webpage"


def test_a_book_has_a_publisher_and_no_journal():
    read = parsing.parse(
        "Kisner C, Colby LA. Therapeutic Exercise: Foundations. 6th ed. F.A. Davis "
        "Company; 2012."
    ).csl

    assert (read["type"], read["edition"]) == ("book", "6")
    assert read["publisher"] == "F.A. Davis Company"
    assert "container-title" not in read


def test_html_and_control_characters_are_no_part_of_a_title():
    read = parsing.parse("<p>Smith J. <i>On\x00</i> backs. J Foo. 2001;1(2):3-4.</p>")

    assert read.csl["title"] == "On backs"


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "A. " * 6000,
        "Smith J, " * 2000,
        "2019 " * 3500,
        "(" * 19_000,
        "In: A" * 3500,
        "<a" * 9000,
        "van " * 4500,
    ],
)
def test_hostile_text_takes_no_time(text):
    started = time.process_time()

    parsing.parse(text)

    assert time.process_time() - started < 1


@given(st.text(alphabet="ABab .,;:()[]0129-–“”/\x00é&", max_size=300))
@settings(max_examples=150, deadline=None)
def test_nothing_is_read_that_does_not_stand_in_the_text(text):
    read = parsing.parse(f"Smith J. {text}").csl

    words = re.sub(r"\s+", "", f"SmithJ.{text}".replace("\x00", ""))
    for name in ("title", "container-title", "volume", "issue"):
        assert re.sub(r"\s+", "", read.get(name, "")) in words


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", parsing.NOTHING),
        (" \n ", parsing.NOTHING),
        ("x" * 1_000_000, parsing.TOO_LONG),
        (
            "Lower back pain is a leading cause of disability. " * 300,
            parsing.UNREADABLE,
        ),
        (f"{AMA} {AMA} {AMA}", parsing.SEVERAL),
        (f"1. {AMA} 2. {APA} 3. {SPRINGER}", parsing.SEVERAL),
        (f"{AMA}\n\n{APA}", parsing.SEVERAL),
    ],
)
def test_what_is_no_reference_says_why(text, problem):
    read = parsing.parse(text)

    assert (read.fields, read.problem) == ({}, problem)


@pytest.mark.parametrize(
    "text",
    [
        f"1. {AMA}\n2. {APA}\n3. {VANCOUVER[3:]}",
        f"[1] {AMA}\n[2] {APA_BROKEN}\n[3] {SPRINGER}",
        f"References\n\n{AMA}\n\n{APA}\n\n{SPRINGER}",
        f"{AMA}\n{APA}\n{SPRINGER}",
        f"• {AMA}\n• {APA}\n• {SPRINGER}",
        f"1. {AMA} 2. {APA} 3. {SPRINGER}",
    ],
)
def test_a_pasted_list_is_read_one_by_one(text):
    read = parsing.parse_all(text)

    assert [each.csl.get("DOI") for each in read] == [DOI] * 3
    assert {each.csl["title"] for each in read} == {TITLE}


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (f"https://doi.org/{DOI}", "DOI", DOI),
        (f"{DOI}.", "DOI", DOI),
        (f"https://link.springer.com/article/{DOI}", "DOI", DOI),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/jor.24001?a=1", "DOI",
         "10.1002/jor.24001"),
        ("31640630", "PMID", "31640630"),
        ("https://pubmed.ncbi.nlm.nih.gov/31640630/", "PMID", "31640630"),
        ("PMC6805550", "PMCID", "PMC6805550"),
        ("ISBN 978-0-306-40615-7", "ISBN", "9780306406157"),
        ("0-306-40615-2", "ISBN", "9780306406157"),
    ],
)  # fmt: skip
def test_an_identifier_alone_is_a_reference(text, field, value):
    assert parsing.parse(text).csl[field] == value


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"RETRACTED: {AMA}", "retracted"),
        (f"{AMA} [retracted in: Lancet. 2010;375(9713):445]", "retracted"),
        (AMA.replace(TITLE, f"Retracted article: {TITLE}"), "retracted"),
        (f"{AMA} (Retraction published 2021, J Foo, 3, 4)", "retracted"),
        (
            AMA.replace(TITLE, f"Expression of concern: {TITLE}"),
            "expression of concern",
        ),
    ],
)
def test_a_retraction_is_told_and_is_no_part_of_the_title(text, status):
    read = parsing.parse(text).csl

    assert (read["status"], read["title"]) == (status, TITLE)


@pytest.mark.parametrize(
    "text",
    [
        # A wiki's back links; spaces that were lost; title first; Russian lists.
        f"4. ↑ Jump up to:4.0 4.1 Sadler S, Roe A. {TITLE}. Pain 2019;20:463.",
        f"Sadler S, Roe A.{TITLE}.Pain2019;20:463.",
        f"{TITLE}. Sadler S, Roe A. Pain. 2019;20:463.",
        f"Sadler S., Roe A. {TITLE} // Pain. — 2019. — Vol. 20. — P. 463.",
        f"Sadler S, Roe A. {TITLE}. Pain. 20.1 (2019): 463.",
        f"Sadler S, Roe A. {TITLE}. Pain. 2019 Mar;20:463. Epub 2019 Jan 5.",
    ],
)
def test_a_citation_is_read_as_people_leave_it(text):
    read = parsing.parse(text).csl

    assert [name["family"] for name in read["author"]] == ["Sadler", "Roe"]
    assert (read["title"], read["container-title"]) == (TITLE, "Pain")
    assert (read["volume"], read["page"]) == ("20", "463")


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        (f"Sadler S; Back Study Group. {TITLE}. Pain. 2019;20:463.",
         [{"family": "Sadler", "given": "S"}, {"literal": "Back Study Group"}]),
        (f"Back Study Group, Sadler S. {TITLE}. Pain. 2019;20:463.",
         [{"literal": "Back Study Group"}, {"family": "Sadler", "given": "S"}]),
    ],
)  # fmt: skip
def test_a_group_among_the_authors_is_one_of_them(text, authors):
    read = parsing.parse(text).csl

    assert (read["author"], read["title"]) == (authors, TITLE)


def test_a_notice_of_retraction_is_a_work_of_its_own():
    read = parsing.parse(AMA.replace(TITLE, f"Retraction notice to: {TITLE}")).csl

    assert read["status"] == "retraction notice"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (AMA.replace("2019;", "2071;"), "issued"),
        (AMA.replace(":463.", ":463-420."), "page"),
    ],
)
def test_what_cannot_be_true_is_left_empty_and_told(wrong, field):
    read = parsing.parse(wrong)

    assert field not in read.csl
    assert field in read.doubtful


def test_the_citations_of_our_own_set_are_read_rightly():
    def plain(value: Any) -> str:
        return re.sub(r"\W", "", str(value or "")).lower()

    rows = own_rows("citations.jsonl")
    total = given_fields = missed = wrong = 0
    for row in rows:
        read = parsing.parse(row["text"]).csl
        first = (read.get("author") or read.get("editor") or [{}])[0]
        issued = (read.get("issued") or {}).get("date-parts", [[None]])
        found = {
            "family": first.get("family") or first.get("literal"),
            "year": issued[0][0],
            "container": read.get("container-title"),
            "doi": read.get("DOI"),
            "page": str(read.get("page") or "").split("-")[0],
            **{name: read.get(name) for name in ("title", "volume", "issue")},
        }
        for name, expected in row["expect"].items():
            is_wrong = plain(found[name]) != plain(expected)
            total += 1
            missed += is_wrong
            given_fields += bool(found[name])
            wrong += is_wrong and bool(found[name])

    assert len(rows) >= 200
    assert missed <= total * 0.04
    assert wrong <= given_fields * 0.01


def test_real_citations_are_read_rightly():
    def plain(value: Any) -> str:
        return re.sub(r"[\s\-‐‑–—]+", " ", str(value or "")).strip(" .,:").lower()

    rows = shared_rows("citations.jsonl")
    wrong, total = [], 0
    for row in rows:
        read = parsing.parse(row["text"]).csl
        first = (read.get("author") or [{}])[0]
        issued = (read.get("issued") or {}).get("date-parts", [[None]])
        found = {
            "family": first.get("family") or first.get("literal"),
            "year": issued[0][0],
            "container": read.get("container-title"),
            "doi": read.get("DOI"),
            **{name: read.get(name) for name in ("title", "volume", "issue", "page")},
        }
        for name, expected in row["expect"].items():
            total += 1
            if plain(found[name]) != plain(expected):
                wrong.append((row["id"], name, found[name]))

    assert len(wrong) <= total * 0.02, wrong


# --- Printing -----------------------------------------------------------------------


def test_a_reference_is_printed_in_ama_style_without_a_number():
    read = parsing.parse(SPRINGER).csl

    assert rendering.ama_text(read) == AMA


def test_html_has_the_journal_in_italics_and_the_doi_as_a_link():
    assert rendering.ama_html(csl()) == (
        "Sadler S. On backs. <i>BMC Musculoskelet Disord</i>. 2019;20:463. "
        f'<a href="https://doi.org/{DOI}">doi:{DOI}</a>'
    )


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"author": people(6)}, "Adams MJ, Baker MJ, Clark MJ, Davis MJ, Evans MJ"),
        ({"author": people(7)}, "Adams MJ, Baker MJ, Clark MJ, et al. On backs."),
        ({"author": people(2), "custom": {"authors_incomplete": True}},
         "Adams MJ, Baker MJ, et al. On backs."),
        ({"author": None}, "On backs. BMC"),
        ({"title": "Who has backs?"}, "Sadler S. Who has backs? BMC"),
        ({"title": "On backs."}, "Sadler S. On backs. BMC"),
        ({"author": [{"family": "Jauch", "given": "K-W"}]}, "Jauch KW. On"),
        ({"author": [{"family": "Roe", "given": "CT", "suffix": "Jr"}]}, "Roe CT Jr."),
        ({"author": [{"literal": "World Health Organization"}]}, "World Health Org"),
    ],
)  # fmt: skip
def test_authors_and_titles_are_printed_as_ama_wants_them(changes, beginning):
    assert rendering.ama_text(csl(**changes)).startswith(beginning)


@pytest.mark.parametrize(
    ("style", "printed"),
    [
        ("ama", "Adams MJ, Baker MJ. On backs. BMC Musculoskelet Disord. "
                f"2019;20:463-470. doi:{DOI}"),
        ("vancouver", "Adams MJ, Baker MJ. On backs. BMC Musculoskelet Disord. "
                      f"2019;20:463-70. doi:{DOI}"),
        ("apa", "Adams, M. J., & Baker, M. J. (2019). On backs. BMC Musculoskeletal "
                f"Disorders, 20, 463–470. https://doi.org/{DOI}"),
    ],
)  # fmt: skip
def test_a_reference_is_printed_in_three_styles(style, printed):
    item = csl(
        author=people(2),
        page="463-470",
        **{"container-title": "BMC Musculoskelet Disord"},
    )

    assert rendering.text(item, style) == printed
    assert rendering.html(item, style).endswith("</a>")


def test_in_apa_style_the_title_comes_first_where_nobody_is_named():
    printed = rendering.text(csl(author=None), "apa")

    assert printed.startswith("On backs. (2019). BMC")


def test_pages_are_printed_in_full_and_supplements_small():
    text = rendering.ama_text(csl(page="1150–62", issue="Suppl. 2"))

    assert "2019;20(suppl 2):1150-1162." in text


def test_an_article_without_a_volume_is_not_called_published_online():
    text = rendering.ama_text(csl(volume=None, page=None, DOI=None))

    assert text == "Sadler S. On backs. BMC Musculoskelet Disord. 2019."


def test_markup_in_a_field_is_shown_and_never_run():
    item = csl(
        title="<script>alert(1)</script> & 'backs'",
        author=[{"literal": "<img src=x onerror=alert(1)>"}],
        DOI='10.1/"><script>',
    )

    html = rendering.ama_html(item)

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 'backs'" in html
    assert "<script>alert(1)</script> & 'backs'" in rendering.ama_text(item)


def test_only_web_addresses_become_links():
    page = {"type": "webpage", "DOI": None, "volume": None, "page": None}

    good = rendering.ama_html(csl(**page, URL="https://example.com/a?b=1&c=2"))
    bad = rendering.ama_html(csl(**page, URL="javascript:alert(1)"))

    assert '<a href="https://example.com/a?b=1&amp;c=2">' in good
    assert "<a " not in bad


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"title": ""},
        {"author": [{}]},
        {"title": "x", "issued": {"date-parts": [[]]}},
        {"title": "x", "issued": None, "type": "unheard-of"},
        {"title": "\ue000x\ue001\x00"},
    ],
)
def test_an_item_that_is_not_finished_is_printed_as_far_as_it_goes(item):
    assert rendering.ama_text(item) in ("", "x.")


def test_printing_says_nothing_to_the_log_and_takes_a_few_milliseconds():
    item = csl(author=people(7), PMID="1", custom={"authors_incomplete": True})
    rendering.ama_html(item)

    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(20):
            rendering.ama_html(item)

    assert (time.process_time() - started) / 20 < 0.02


def test_threads_that_print_at_once_do_not_mix_their_references():
    items = [csl(title=f"Back {n}", author=people(n % 7 + 1)) for n in range(120)]
    expected = [rendering.ama_html(item) for item in items]

    with ThreadPoolExecutor(8) as threads:
        printed = list(threads.map(rendering.ama_html, items))

    assert printed == expected
