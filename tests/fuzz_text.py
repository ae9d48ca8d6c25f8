"""Pasted texts that nobody thought of, through both readers: `make fuzz-text`.

Every text is a real one that was hurt: cut, doubled, turned round, mixed with another,
with marks, tags and control characters put in. A reader may say that it could not read
one; it may not fail, take long, or answer with what does not stand in the text.

    make fuzz-text SEED=7 CASES=20000
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator

from content_models import bylines
from content_models.citations import formats, parsing
from tests.content_models.data import own_rows

LONGEST_MS = 50
MARKS = (
    *(", ", ". ", "; ", ": ", " and ", " & ", " et al. ", "(", ")", "[", "]", "“", "”"),
    *("\n", "\t", "\x00", "\u202e", "\u200f", "\ud800", "<b>", "</p>", "&amp;", "&#0;"),
    *("10.1186/x", "https://", "doi:", "PMID: ", "2059", "463-20", "\\", "{", "}", "@"),
    *("TY  - ", "PMID- 1", "Dr. ", "PhD", "MD", "Jr.", "مرحبا", "李", "é", "’", "🦴"),
)


def texts(seed: int, count: int) -> Iterator[str]:
    """`count` texts, always the same for one seed."""
    chance = random.Random(seed)
    real = [row["text"] for row in own_rows("citations.jsonl")]
    real += [row["text"] for row in own_rows("bylines.jsonl")]
    exports = [
        formats.write([parsing.parse(each).csl for each in real[:3]], name)
        for name in formats.WRITERS
    ]
    real += exports * 5
    for _ in range(count):
        text = chance.choice(real)
        for _ in range(chance.randint(1, 6)):
            text = chance.choice(HURTS)(text, chance, real)
        yield text[:30_000]


def _cut(text: str, chance: random.Random, real: list[str]) -> str:
    start = chance.randrange(len(text) + 1)
    return text[start : start + chance.randrange(len(text) + 1)]


def _mark(text: str, chance: random.Random, real: list[str]) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(MARKS) * chance.choice((1, 1, 3)) + text[place:]


def _repeat(text: str, chance: random.Random, real: list[str]) -> str:
    start = chance.randrange(len(text) + 1)
    end = start + chance.randrange(40)
    return text[:start] + text[start:end] * chance.choice((2, 9, 90)) + text[end:]


def _mix(text: str, chance: random.Random, real: list[str]) -> str:
    return text + chance.choice((" ", "\n", "")) + chance.choice(real)


def _shout(text: str, chance: random.Random, real: list[str]) -> str:
    return chance.choice((text.upper, text.lower, text.title, text.swapcase))()


def _shuffle(text: str, chance: random.Random, real: list[str]) -> str:
    words = text.split(" ")
    chance.shuffle(words)
    return " ".join(words)


def _without(text: str, chance: random.Random, real: list[str]) -> str:
    return text.replace(chance.choice((" ", ".", ",", ":", "(", "\n", "1", "-")), "")


HURTS: tuple[Callable[[str, random.Random, list[str]], str], ...] = (
    _cut,
    _mark,
    _repeat,
    _mix,
    _shout,
    _shuffle,
    _without,
)


def fault_of(text: str) -> str:
    """What is wrong with how `text` is read; empty if nothing is."""
    for read in (_citation, _citations, _byline):
        started = time.process_time()
        try:
            fault = read(text)
        except Exception as raised:  # noqa: BLE001 - the point is that none is raised
            return f"{read.__name__} raised {raised!r}"
        took_ms = 1000 * (time.process_time() - started)
        if took_ms > LONGEST_MS:
            return f"{read.__name__} took {took_ms:.0f} ms"
        if fault:
            return f"{read.__name__}: {fault}"
    return ""


def _citation(text: str) -> str:
    read = parsing.parse(text)
    if bool(read.fields) == bool(read.problem):
        return "neither fields nor a problem, or both"
    if any(not 0 < each.confidence <= 1 for each in read.fields.values()):
        return "a confidence that is none"
    json.dumps(read.csl)
    return ""


def _citations(text: str) -> str:
    for read in parsing.parse_all(text):
        json.dumps(read.csl)
    return ""


def _byline(text: str) -> str:
    for person in bylines.parse(text).people:
        if not person.name.strip():
            return "a person without a name"
        if not any(word in text for word in person.name.split()):
            return f"{person.name!r} does not stand in the text"
    return ""


def main() -> int:
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    count = int(os.environ.get("CASES") or 100_000)
    faults = 0
    for text in texts(seed, count):
        fault = fault_of(text)
        if fault:
            faults += 1
            print(f"{fault}\n    {text[:500]!r}")
    print(f"{count:,} texts, seed {seed}: {faults} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
