"""Titles of biomedical journals with their NLM abbreviations, from a shipped list."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

_LIST = Path(__file__).with_name("journal_titles.tsv")
# Longer than any title on the list; what is longer need not be looked up.
_LONGEST = 200
_PLACE = re.compile(r"\s\([^()]*\)$")


class Journal(NamedTuple):
    title: str
    # As NLM does it, without full stops: J Orthop Sports Phys Ther.
    abbreviation: str


def find(name: str) -> Journal | None:
    """The journal that `name` is the title or the abbreviation of.

    Full stops, capitals, accents, a leading "The" and the place that tells
    namesakes apart make no difference.
    """
    if len(name) > _LONGEST:
        return None
    return _by_key().get(_key(name))


@cache
def _by_key() -> dict[str, Journal]:
    found: dict[str, Journal] = {}
    for line in _LIST.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            journal = Journal(*line.split("\t"))
            for name in journal:
                found.setdefault(_key(name), journal)
                found.setdefault(_key(_PLACE.sub("", name)), journal)
    return found


def _key(name: str) -> str:
    name = name.lower().replace("&", "and")
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
    return "".join(filter(str.isalnum, name.removeprefix("the ")))
