from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_models.citations import formats, parsing
from content_models.citations.formats import items

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "On {backs} & 100% of _things_ ~ \\ $5 #1",
    "author": [
        {"family": "van der Berg", "given": "Anna M."},
        {"family": "O'Neill-Smith", "given": "J. P.", "suffix": "Jr."},
        {"literal": "Department of Health, Education, and Welfare"},
        {"family": "Núñez"},
    ],
    "issued": {"date-parts": [[2019, 10, 22]]},
    "container-title": "BMC Musculoskeletal Disorders",
    "container-title-short": "BMC Musculoskelet Disord",
    "volume": "20",
    "issue": "Suppl 2",
    "page": "463-470",
    "DOI": "10.1186/s12891-019-2833-4",
    "PMID": "31640630",
    "PMCID": "PMC6805550",
    "URL": "https://example.com/a_b?c=1&d=2%20e~f",
    "accessed": {"date-parts": [[2020, 5, 3]]},
    "status": "retracted",
    "custom": {"authors_incomplete": True},
}
CHAPTER: dict[str, Any] = {
    "type": "chapter",
    "title": "Hips",
    "editor": [{"family": "Roe", "given": "A. B."}],
    "container-title": "The Book of Joints",
    "publisher": "Elsevier",
    "publisher-place": "Berlin",
    "edition": "3",
    "ISBN": "9780803625747",
    "issued": {"date-parts": [[2001]]},
}
OTHERS = [
    {"type": kind, "title": "A work", "publisher": "Somebody"}
    for kind in ("book", "report", "webpage", "dataset", "thesis", "document")
]
RIS = """TY  - JOUR
AU  - Sadler, Sean
AU  - World Health Organization
TI  - On backs
JO  - J Foo
PY  - 2019
VL  - 20
IS  - 1
SP  - 463
EP  - 470
DO  - https://doi.org/10.1186/s12891-019-2833-4
ER  -"""
BIBTEX = r"""@string{foo = "x"}
@article{sadler2019,
  author = {Sadler, Sean and M{\"u}ller, Jos\'e
    and {World Health Organization} and others},
  title = "Gluteus {Medius} in \textit{people} with back pain",
  journal = {J Foo}, year = 2019, month = oct, volume = {20},
  pages = {463--470}, doi = {10.1186/S12891-019-2833-4}
}"""
NBIB = """PMID- 31640630
OWN - NLM
VI  - 20
IP  - 1
DP  - 2019 Oct 22
TI  - Gluteus medius muscle function in people with and without low back
      pain.
PG  - 463
LID - 10.1186/s12891-019-2833-4 [doi]
AB  - BACKGROUND: Not read.
FAU - Sadler, Sean
AU  - Sadler S
CN  - Back Study Group
TA  - BMC Musculoskelet Disord
JT  - BMC musculoskeletal disorders
PT  - Journal Article
PT  - Retracted Publication
PMC - PMC6805550
"""


@pytest.mark.parametrize("name", formats.WRITERS)
def test_what_is_exported_is_read_again_as_it_was(name):
    references = [ARTICLE, CHAPTER, *OTHERS]

    read = parsing.parse_all(formats.write(references, name))

    assert [each.csl for each in read] == references


TEXT = st.text(alphabet="AZaz09 .,;:{}\\&%$#_~^'\"-–éß", min_size=1, max_size=40)


@given(TEXT, TEXT, TEXT)
@settings(max_examples=200, deadline=None)
def test_any_text_survives_every_format(title, family, organisation):
    item = items.tidy(
        {
            "type": "book",
            "title": title,
            "author": [{"family": family}, {"literal": organisation}],
        }
    )

    for name in ("bibtex", "csl-json"):
        for read in parsing.parse_all(formats.write([item], name)):
            assert read.csl.get("title") == item.get("title")


def test_ris_is_read_with_its_lines_and_without():
    (read,) = parsing.parse_all(RIS)
    on_one_line = parsing.parse(" ".join(RIS.splitlines()))

    assert read.csl == on_one_line.csl
    assert read.csl["author"] == [
        {"family": "Sadler", "given": "Sean"},
        {"literal": "World Health Organization"},
    ]
    assert read.csl["page"] == "463-470"
    assert read.csl["DOI"] == "10.1186/s12891-019-2833-4"


def test_bibtex_is_read_with_its_accents_and_braces():
    read = parsing.parse(BIBTEX)

    assert read.csl["title"] == "Gluteus Medius in people with back pain"
    assert read.csl["author"] == [
        {"family": "Sadler", "given": "Sean"},
        {"family": "Müller", "given": "José"},
        {"literal": "World Health Organization"},
    ]
    assert read.authors_incomplete
    assert read.csl["issued"] == {"date-parts": [[2019, 10]]}


def test_what_pubmed_saves_is_read_and_a_retraction_is_told():
    read = parsing.parse(NBIB).csl

    assert read["title"].endswith("without low back pain")
    assert read["container-title-short"] == "BMC Musculoskelet Disord"
    assert read["issued"] == {"date-parts": [[2019, 10, 22]]}
    assert read["author"][1] == {"literal": "Back Study Group"}
    assert (read["PMID"], read["PMCID"]) == ("31640630", "PMC6805550")
    assert read["status"] == "retracted"


def test_crossref_s_own_json_is_read_too():
    record = {
        "message": {
            "type": "journal-article",
            "title": ["On backs"],
            "container-title": ["Journal of Foo"],
            "short-container-title": ["J Foo"],
            "DOI": "10.1186/s12891-019-2833-4",
            "issued": {"date-parts": [[2019, 10, None]]},
        }
    }

    read = parsing.parse(json.dumps(record)).csl

    assert read["type"] == "article-journal"
    assert (read["title"], read["container-title-short"]) == ("On backs", "J Foo")
    assert read["issued"] == {"date-parts": [[2019, 10]]}


@pytest.mark.parametrize(
    "text",
    [
        "@article{",
        "@article{a, title = {never closed",
        "TY  - JOUR\n" * 5000,
        "PMID- 1\n" * 5000,
        # Without the blank it is a label of a citation, and no line of an export.
        "PMID-1328–401328–40",
        "{" * 19_000,
        '[{"title": null, "author": "x", "issued": 3, "DOI": []}]',
        '{"title": {"a": 1}}',
        "@a{b," + "c={" * 6000,
        "@article{x, author = {" + " and " * 3000 + "}}",
    ],
)
def test_a_broken_export_is_read_as_far_as_it_goes(text):
    for read in [parsing.parse(text), *parsing.parse_all(text)]:
        assert isinstance(read.csl, dict)


def test_a_file_of_many_references_keeps_each_one_s_own_text():
    text = formats.write([ARTICLE, CHAPTER], "ris")

    raws = [each.raw for each in parsing.parse_all(text)]

    assert len(raws) == 2
    assert all(len(re.findall("TY  -", raw)) == 1 for raw in raws)
