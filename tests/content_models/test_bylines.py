from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_models import bylines
from content_models import credential_vocabulary as vocabulary
from content_models.models import Author, Credential, CredentialType
from content_models.people import Person
from tests.content_models.data import own_rows
from tests.shared_data import shared_rows

DAY = date(2026, 11, 23)


def only(text: str) -> Person:
    """The one person of a byline."""
    (person,) = bylines.parse(text).people
    return person


def letters(person: Person) -> list[str]:
    return [credential.text for credential in person.credentials]


@pytest.mark.parametrize(
    ("text", "name", "credentials"),
    [
        ("By: Lisa Scarlino PT, DPT,ATC", "Lisa Scarlino", ["PT", "DPT", "ATC"]),
        ("By LISA SCARLINO PT, DPT", "LISA SCARLINO", ["PT", "DPT"]),
        ("Scarlino, Lisa, PT, DPT", "Lisa Scarlino", ["PT", "DPT"]),
        ("by lisa scarlino, pt, dpt", "lisa scarlino", ["PT", "DPT"]),
        ("Jane Doe MSPT, CSCS", "Jane Doe", ["MSPT", "CSCS"]),
        ("Jane Doe, P.T., Ph.D., Cert. MDT", "Jane Doe", ["PT", "PhD", "Cert. MDT"]),
        ("Jane Doe, MS/CCC-SLP", "Jane Doe", ["MS", "CCC-SLP"]),
        ("Jane Doe – PT, DPT", "Jane Doe", ["PT", "DPT"]),
        ("Jane Doe (she/her), PT (NJ)", "Jane Doe", ["PT"]),
        ("<b>By</b> <a href='/jane'>Jane Doe</a>, PT", "Jane Doe", ["PT"]),
        ("Jane van der Berg, RN", "Jane van der Berg", ["RN"]),
        ("By José Núñez, PT", "José Núñez", ["PT"]),
        # Family names that are spelt like degrees.
        ("Jack Ma", "Jack Ma", []),
        ("JACK MA, MD", "JACK MA", ["MD"]),
        ("Kim Do, DO", "Kim Do", ["DO"]),
        ("By P.K. Daniel", "P.K. Daniel", []),
    ],
)
def test_a_byline_gives_the_name_and_the_credentials_in_their_order(
    text, name, credentials
):
    person = only(text)

    assert person.name == name
    assert letters(person) == credentials


def test_a_byline_gives_prefix_suffix_and_job_title():
    person = only("Dr. John Q. Public, III, MD, FACS, Chief of Surgery and Owner")

    assert (person.prefix, person.given, person.family) == ("Dr.", "John Q.", "Public")
    assert person.suffix == "III"
    assert letters(person) == ["MD", "FACS"]
    assert person.job_title == "Chief of Surgery and Owner"


def test_particles_belong_to_the_family_name():
    person = only("Anna de la Cruz, PT")

    assert (person.given, person.family) == ("Anna", "de la Cruz")


def test_writer_and_reviewer_are_told_apart_and_the_day_of_the_review_is_kept():
    read = bylines.parse(
        "Written by Jane Doe, DPT. Reviewed by John Roe Jr., MD on May 5, 2020"
    )

    writer, reviewer = read.people
    assert (writer.name, writer.role, writer.dated) == ("Jane Doe", "author", None)
    assert (reviewer.name, reviewer.role) == ("John Roe", "reviewer")
    assert (reviewer.suffix, reviewer.dated) == ("Jr.", date(2020, 5, 5))


def test_a_date_that_is_not_in_the_calendar_is_no_date():
    assert only("Reviewed by Jane Doe, MD on February 31, 2020").dated is None


def test_an_unknown_post_nominal_is_kept_and_marked():
    known, unknown = only("Jane Doe, PT, XYZQ").credentials

    assert (known.text, known.is_known) == ("PT", True)
    assert (unknown.text, unknown.is_known) == ("XYZQ", False)


@pytest.mark.parametrize(
    ("text", "kept"), [("Jane Doe, EdD(c)", "EdD(c)"), ("Jane Doe, AT Ret.", "AT Ret.")]
)
def test_a_candidate_or_a_retired_person_does_not_hold_the_credential(text, kept):
    (credential,) = only(text).credentials

    assert (credential.text, credential.is_known) == (kept, False)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Edited by Jane Doe", "editor"),
        ("Editor: Jane Doe, MA", "editor"),
        ("Fact-checked by Jane Doe", "reviewer"),
        ("Revisado por Jane Doe, MD", "reviewer"),
        ("Guest post by Jane Doe", "author"),
    ],
)
def test_the_label_before_a_name_gives_the_role(text, role):
    assert (only(text).role, only(text).name) == (role, "Jane Doe")


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("COL (Ret.) Ann B. Roe, PhD, RN", "COL (Ret.)"),
        ("Lt. Col. Ann B. Roe, PT", "Lt. Col."),
        ("Prof. Dr. Ann B. Roe", "Prof. Dr."),
    ],
)
def test_a_rank_or_a_title_stands_before_the_name_and_is_no_part_of_it(text, prefix):
    person = only(text)

    assert (person.prefix, person.name) == (prefix, "Ann B. Roe")


def test_the_vocabulary_tells_of_every_type_its_kind_issuer_and_rank():
    kinds = {known.kind for known in vocabulary.VOCABULARY}

    assert len(vocabulary.VOCABULARY) >= 250
    assert kinds == set(vocabulary.Kind)
    for known in vocabulary.VOCABULARY:
        assert known.name, known
        assert known.issuer, known
        assert known.rank > 0, known


def test_a_variant_of_a_degree_is_kept_as_it_was_written():
    (credential,) = only("Jane Doe, MSc").credentials

    assert credential.text == "MSc"
    assert credential.known is vocabulary.find("MS")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "\x00\x01",
        "By Staff",
        "By admin",
        "By Silver Strand Physical Therapy",
        "By strengthening the gluteus medius you help your back.",
        "By <script>alert(1)</script>",
        "x" * 1_000_000,
    ],
)
def test_what_names_no_person_makes_no_person(text):
    assert bylines.parse(text).people == ()


def author(*held: tuple[str, int], order: str = "rank", **last: date) -> Author:
    """Lisa Scarlino with credentials of these ranks; `PT=` is the last day of PT."""
    return Author(
        given_name="Lisa",
        family_name="Scarlino",
        byline_order=order,
        credentials=[
            Credential(
                type=CredentialType(abbreviation=abbreviation, rank=rank),
                sort_order=place,
                expires_on=last.get(abbreviation),
            )
            for place, (abbreviation, rank) in enumerate(held)
        ],
    )


def test_a_credential_leaves_the_byline_on_the_day_after_its_last():
    lisa = author(("PT", 100), ("DPT", 200), PT=DAY)

    assert lisa.byline_on(DAY) == "Lisa Scarlino, PT, DPT"
    assert lisa.byline_on(DAY + timedelta(days=1)) == "Lisa Scarlino, DPT"


@pytest.mark.parametrize(
    ("order", "byline"),
    [
        ("rank", "Lisa Scarlino, PT, DPT, ATC"),
        ("own", "Lisa Scarlino, ATC, DPT, PT"),
    ],
)
def test_a_byline_is_in_the_customary_order_or_in_the_author_s_own(order, byline):
    lisa = author(("ATC", 600), ("DPT", 200), ("PT", 100), order=order)

    assert lisa.byline_on(DAY) == byline


def test_a_licence_of_two_states_stands_once_in_the_byline():
    lisa = author(("PT", 100), ("PT", 100), ("DPT", 200))

    assert lisa.byline_on(DAY) == "Lisa Scarlino, PT, DPT"


def test_the_vocabulary_puts_therapists_and_nurses_in_their_own_order():
    def ordered(*abbreviations: str) -> list[str]:
        return sorted(abbreviations, key=lambda each: vocabulary.find(each).rank)

    assert ordered("ATC", "DPT", "PT") == ["PT", "DPT", "ATC"]
    assert ordered("RN", "FAAN", "PhD") == ["PhD", "RN", "FAAN"]


def test_no_spelling_stands_for_two_credentials():
    spellings = [
        vocabulary.bare(spelling).lower()
        for known in vocabulary.VOCABULARY
        for spelling in (known.abbreviation, *known.variants)
    ]

    assert len(spellings) == len(set(spellings))


def test_the_bylines_of_our_own_set_are_read_rightly():
    rows = own_rows("bylines.jsonl")
    people = wrong = 0
    for row in rows:
        expected = [
            (
                each.get("role", "author"),
                each.get("given", ""),
                each.get("family", ""),
                each.get("suffix", ""),
                each.get("credentials", []),
            )
            for each in row["people"]
        ]
        read = [
            (each.role, each.given, each.family, each.suffix, letters(each))
            for each in bylines.parse(row["text"]).people
        ]
        people += len(expected)
        wrong += read != expected

    assert len(rows) >= 150
    assert wrong <= people * 0.02


def test_real_bylines_are_read_rightly():
    rows = shared_rows("bylines.jsonl")
    wrong = []
    for row in rows:
        expected = [
            (
                person.get("prefix", ""),
                person["name"],
                person.get("suffix", ""),
                person["credentials"],
                person.get("role", ""),
                row["label"],
            )
            for person in row["expect"]
        ]
        read = [
            (
                each.prefix,
                each.name,
                each.suffix,
                letters(each),
                each.job_title,
                each.role,
            )
            for each in bylines.parse(row["text"]).people
        ]
        if read != expected:
            wrong.append((row["id"], read))

    assert len(wrong) <= len(rows) * 0.02, wrong


@given(st.text(alphabet="ABCabc .,;:|&/()-–\n'0129\x00é", max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_failing(text):
    for person in bylines.parse(f"By Jane Doe, PT, {text}").people:
        assert person.name


@pytest.mark.parametrize(
    "text", ["by " * 900, "Aa, " * 700, "(" * 2900, "May 1 " * 480, "A." * 1450]
)
def test_a_long_byline_takes_no_time(text):
    started = time.perf_counter()

    bylines.parse(text)

    assert time.perf_counter() - started < 1
