from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture
def ask(monkeypatch, capsys):
    """Give a command lines of standard input; its answers, an object for each line."""

    def asked(command: str, given: str | bytes) -> list[dict[str, Any]]:
        content = given if isinstance(given, bytes) else given.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        call_command(command)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return asked


def test_a_byline_a_line_is_answered_with_its_people(ask):
    (answer,) = ask("parse_bylines", "Dr. Jane Doe, OTR/L, CHT, XYZQ\n")

    assert answer["people"] == [
        {
            "role": "author",
            "prefix": "Dr.",
            "given": "Jane",
            "family": "Doe",
            "suffix": None,
            "name": "Jane Doe",
            "credentials": ["OTR/L", "CHT", "XYZQ"],
            "unknown": ["XYZQ"],
            "job_title": None,
        }
    ]
    assert 0 < answer["confidence"] < 1


def test_a_reference_a_line_is_answered_with_its_csl(ask):
    text = "Sadler S. On backs. J Foo. 2019;20:463. doi:10.1186/s12891-019-2833-4"

    (answer,) = ask("parse_references", text)

    assert answer.keys() == {"csl", "confidence", "raw", "unsure"}
    assert answer["csl"]["title"] == "On backs"
    assert answer["confidence"].keys() == answer["csl"].keys()
    assert answer["raw"] == text
    assert answer["unsure"] == []


@pytest.mark.parametrize("command", ["parse_bylines", "parse_references"])
def test_every_line_has_its_answer_in_its_place(ask, command):
    given = b"By Jane Doe, PT\n\n\xff\xfe\x00\nBy John Roe, MD\x0b\x85\r\n"

    answers = ask(command, given)

    assert len(answers) == 4


def test_an_item_of_several_lines_is_given_as_a_json_string(ask):
    (answer,) = ask("parse_bylines", r'"Jane Doe\nPT, DPT | Owner"')

    (person,) = answer["people"]
    assert person["credentials"] == ["PT", "DPT"]
    assert person["job_title"] == "Owner"
