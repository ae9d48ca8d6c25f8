from __future__ import annotations

import time

import pytest

from content_models import bylines
from content_models.citations import parsing
from tests import fuzz_text

# Each repeats what some pattern looks for: a pattern that looks twice shows here.
PIECES = (
    *(
        "Smith J, ",
        "Aa, Bb, ",
        "A.A,",
        "-C",
        "Aa-",
        "van ",
        "Aa de ",
        "Aa & ",
        "et al. ",
    ),
    *(
        "(2019) ",
        "2019. Aa ",
        "1. x\n",
        "vol. 1 ",
        "ed. ",
        "In: A",
        "A (eds) ",
        "London ",
    ),
    *("10.1234/a ", "http://a/ ", "published May 3, 2020 ", "retracted (", "“", "‘a’ "),
    *("(", "<a", "Dr. ", "PhD, ", "by ", "and ", "/", "\n", "\u202e", "{", "@a{b,c="),
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("read", [parsing.parse, parsing.parse_all, bylines.parse])
def test_a_text_that_repeats_itself_takes_no_time(read, piece):
    text = (f"By Smith J. {piece}" + piece * 20_000)[:19_900]
    read("Smith J. On backs. J Foo. 2019;1:2.")
    started = time.process_time()

    read(text)

    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [("@article{", " "), ("@article{b, c={d}", " "), ("@article{b, month={", "1")],
    ids=["blanks for a key", "blanks for a field", "a month without end"],
)
def test_an_export_that_goes_on_and_on_takes_no_time(beginning, piece):
    text = beginning + piece * 20_000 + "x}}"
    started = time.process_time()

    parsing.parse_all(text)

    assert time.process_time() - started < 0.2


def test_no_hurt_text_is_a_fault():
    faults = [
        (fault, text)
        for text in fuzz_text.texts(seed=20, count=1500)
        if (fault := fuzz_text.fault_of(text)) and " ms" not in fault
    ]

    assert faults == []
