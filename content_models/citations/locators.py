"""Year, volume, issue and pages: the numbers in which a citation ends.

They are found from the end backward, as the longest run of words that can all be part
of such numbers, and then read forward. Every step is linear in the run's length.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A run of numbers is never longer than this; what comes before is words.
_LONGEST_RUN = 200

YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_MONTHS = (
    r"(?:jan(?:uary|uar|vier|eiro)?|enero|ene|feb(?:ruary|ruar|rero)?|f[ée]v(?:rier|r|"
    r"ereiro)?|mar(?:ch|s|zo|[çc]o)?|m[äa]rz|apr(?:il)?|avr(?:il)?|abr(?:il)?|may(?:o)?|"
    r"mai(?:o)?|june?|juni|juin|junio|junho|july?|juli|juil(?:let)?|julio|julho|"
    r"aug(?:ust)?|ao[uû]t|ago(?:sto)?|sep(?:t(?:ember|embre|iembre)?|tiembre)?|"
    r"set(?:embro|iembre)?|okt(?:ober)?|oct(?:ober|obre|ubre)?|out(?:ubro)?|"
    r"nov(?:ember|embre|iembre|embro)?|dec(?:ember)?|dez(?:ember|embro)?|d[ée]c(?:embre)?|"
    r"dic(?:iembre)?|spring|summer|autumn|fall|winter)"
)
_DASH = r"[-‐‑‒–—−]"
_PAGE = r"(?:(?:[A-Za-z]{0,3}|[ivxlc]{1,6})\.?\d{1,10}[a-z]?(?:\.e\d{1,4})?)"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s]+)
  | (?P<lost>\b{YEAR}\d{{1,3}}(?:CD|ED|MR)\d{{6}}\b)
  | (?P<pages>\b(?:pages?|pgs?|pp|p|S|ss|p[áa]gs?|Seiten?
        |art(?:icle)?\b\.?\s?(?:no\b\.?|n°)?)\b\.?:?(?=\s?[A-Za-z]{{0,4}}\d))
  | (?P<page>\bpp?\d{{1,5}}\b(?!\s?{_DASH}))
  | (?P<volume>\bvol(?:ume[n]?)?\b\.?|\bv\b\.?(?=\s?\d)
        |\b(?:Bd|Band|Jg|Jahrgang|tome|(?-i:t))\b\.?(?=\s?\d))
  | (?P<issue>\b(?:no|nr|n[úu]m(?:ber|ero)?|issue|iss|Heft|(?-i:H)|fasc(?:[íi]culo)?
        |(?-i:n))\b\.?(?=\s?[A-Z]?\d)
        |\bn[°ºᵒ]ˢ?\s?|\bnos?\.?\s(?=\d)|№\s?|\#(?=\d))
  | (?P<supplement>(?:\bSuppl(?:ement)?\b\.?|\bSpecial\sIssue\b|\bPt\b\.?)
        (?:\s?[A-Z]?\d{{1,3}}(?![\d/–-]))?)
  | (?P<bracket>\((?P<inside>[^()]{{1,40}})\))
  | (?P<range>\b{_PAGE}\s?{_DASH}\s?{_PAGE}(?![\w])(?:,\s?[ivxlc]{{1,7}}\b)?)
  | (?P<article>\b(?:CD|ED|MR)\d{{6}}(?:\.pub\d)?
        |\b(?:[eE]|[a-z]{{1,2}}|S|R|[ivxlc]{{1,6}}|Article\s)\d{{1,10}}\b)
  | (?P<part>\b\d{{1,4}}{_DASH}?[A-Z]{{1,2}}\b)
  | (?P<year>\b{YEAR}(?P<letter>[a-d])?\b)
  | (?P<number>\b\d{{1,16}}[a-z]?(?:/\d{{1,4}})?\b)
  | (?P<month>\b{_MONTHS}\b\.?(?:[\s/–-]{{1,2}}{_MONTHS}\b\.?)?
        (?:\s\d{{1,2}}(?:[–-]\d{{1,2}})?(?=\s?[;,.:]|$))?)
  | (?P<mark>[.,;:/·])
    """,
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_BRACKETED_YEAR = re.compile(rf"(?:{_MONTHS}\.?\s)?({YEAR})[a-d]?(?:,\s.{{3,20}})?")
_BRACKETED_ISSUE = re.compile(
    r"(?:(?:no|nr|issue|suppl(?:ement)?|pt|part|special issue)\b\.?\s?)?"
    r"(?:\d{0,5}[A-Za-z]?)(?:\s?[-‐‑–/&]\s?\d{1,5})?(?:[\s,]{0,2}(?:suppl|pt)\b[\s\w.]{0,12})?",
    re.IGNORECASE,
)
# What some lists add to the pages: "12-13; discussion 14-15".
_DISCUSSION = re.compile(
    r"[;,]\s(?:discussions?|quiz|author reply|reply|erratum)\s[\w–-]{1,12}"
    r"(?:[,;]\s(?:quiz|e?\d+[\w–-]{0,10}))?(?=\W*$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|.", re.DOTALL)
_DIGITS = re.compile(r"[A-Za-z]*(\d{1,10})-[A-Za-z]*(\d{1,10})")
# Cochrane reviews whose punctuation got lost: 20091CD006267.
_LOST_PUNCTUATION = re.compile(rf"({YEAR})(\d{{1,3}})((?:CD|ED|MR)\d{{6}})")


class Locator(NamedTuple):
    """What the numbers mean, each in the words of the text; empty where not given."""

    year: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    # Where in the text the run begins.
    start: int = 0
    # Whether nothing had to be guessed.
    is_certain: bool = True


class _Token(NamedTuple):
    kind: str
    text: str


def read(text: str, *, known_year: str = "") -> Locator:
    """The run of numbers at the end of `text`.

    With `known_year`, which stood before the title, another number that could be a
    year is a volume or a page; that year itself may stand here again.
    """
    text = _DISCUSSION.sub("", text)
    start = _run_start(text)
    run = text[start:].rstrip()
    lost = _LOST_PUNCTUATION.fullmatch(run.strip(" ."))
    if lost:
        return Locator(lost[1], lost[2], "", lost[3], start, is_certain=False)
    return _interpreted(_tokens(run), known_year)._replace(start=start)


def _run_start(text: str) -> int:
    """Where the longest run of locator tokens that reaches to the end begins.

    Tokens are matched from each word's beginning; a word that is none of them ends
    every run before it.
    """
    window = max(0, len(text) - _LONGEST_RUN)
    place = start = window
    in_run = False
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or not _can_be_locator(match):
            in_run = False
            place = _end_of_word(text, place)
            continue
        if not in_run:
            in_run, start = True, place
        place = match.end()
    return start if in_run else len(text)


def _end_of_word(text: str, place: int) -> int:
    """The end of a word that is no locator; a bracket is skipped as a whole."""
    if text[place] == "(":
        closing = text.find(")", place, place + 60)
        return closing + 1 if closing > 0 else place + 1
    match = _WORD.match(text, place)
    return match.end() if match else place + 1


def _can_be_locator(match: re.Match[str]) -> bool:
    if match["bracket"]:
        inside = match["inside"].strip()
        return bool(
            _BRACKETED_YEAR.fullmatch(inside) or _BRACKETED_ISSUE.fullmatch(inside)
        )
    return True


def _tokens(run: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(run):
        kind = match.lastgroup or ""
        if match["bracket"]:
            kind = "bracket"
        elif match["year"]:
            kind = "year"
        if kind != "space":
            found.append(_Token(kind, match[0].strip()))
    return found


def _interpreted(tokens: list[_Token], known_year: str) -> Locator:
    if known_year:
        tokens = _without_the_year_again(tokens, known_year)
    reader = _Reader(bool(known_year))
    for position, token in enumerate(tokens):
        reader.take(token, tokens[position + 1 :])
    return reader.locator()


def _without_the_year_again(tokens: list[_Token], year: str) -> list[_Token]:
    """The numbers without the known year, where it stands before a volume."""
    volume = next(
        (
            position
            for position, token in enumerate(tokens)
            if token.kind in ("number", "part", "volume") and token.text != year
        ),
        0,
    )
    before = [each for each in tokens[:volume] if each.text.strip("()") != year]
    return before + tokens[volume:]


class _Reader:
    """Reads locator tokens from left to right."""

    def __init__(self, year_is_known: bool) -> None:
        self._year_is_known = year_is_known
        self._found: dict[str, str] = {}
        self._numbers: list[tuple[str, str]] = []
        self._label = ""
        self._last_mark = ""
        self._guessed = False

    def take(self, token: _Token, following: list[_Token]) -> None:
        kind, text = token
        if kind == "mark":
            self._last_mark = text
            return
        if kind == "page":
            self._set("page", text.lstrip("pP"))
        if kind in ("pages", "volume", "issue"):
            self._label = kind
        elif kind == "supplement":
            issue = self._found.get("issue", "")
            self._found["issue"] = f"{issue} {text}".strip()
        elif kind == "bracket":
            self._take_bracket(text[1:-1].strip())
        elif kind in ("range", "article"):
            if self._label in ("issue", "volume"):
                self._set(self._label, text)
            else:
                self._set("page", plain_range(text))
        elif kind == "year":
            self._take_year(text, following)
        elif kind in ("number", "part"):
            self._take_number(text)
        if kind not in ("pages", "volume", "issue"):
            self._label = ""
        self._last_mark = ""

    def _set(self, name: str, text: str) -> None:
        name = "page" if name == "pages" else name
        if name in self._found:
            self._guessed = True
        self._found.setdefault(name, text)

    def _take_bracket(self, inside: str) -> None:
        year = _BRACKETED_YEAR.fullmatch(inside)
        if year and not self._year_is_known and "year" not in self._found:
            self._found["year"] = year[1]
        elif not year:
            self._set("issue", inside)

    def _take_year(self, text: str, following: list[_Token]) -> None:
        if self._label:
            self._set(self._label, text)
        elif (
            self._year_is_known
            or "year" in self._found
            or (
                self._last_mark == ":"
                and not any(token.kind == "year" for token in following)
            )
            or (self._numbers and any(map(_is_year, following)))
        ):
            self._take_number(text)
        else:
            self._found["year"] = text[:4]

    def _take_number(self, text: str) -> None:
        if self._label:
            self._set(self._label, text)
        else:
            self._numbers.append((self._last_mark, text))

    def locator(self) -> Locator:
        found = self._found
        numbers = [text for _, text in self._numbers]
        # "2020:1947…": a colon right after the year leads to the page.
        if len(numbers) == 1 and self._numbers[0][0] == ":" and "year" in found:
            found.setdefault("page", numbers.pop())
        names = [name for name in ("volume", "issue", "page") if name not in found]
        if len(numbers) == 2 and "page" in names and "volume" in names:
            names = ["volume", "page"]
        for name, text in zip(names, numbers, strict=False):
            found[name] = text
        leftover = len(numbers) > len(names)
        return Locator(
            found.get("year", ""),
            found.get("volume", ""),
            found.get("issue", ""),
            found.get("page", ""),
            is_certain=not (self._guessed or leftover),
        )


def _is_year(token: _Token) -> bool:
    inside = token.text[1:-1].strip() if token.kind == "bracket" else ""
    return token.kind == "year" or bool(_BRACKETED_YEAR.fullmatch(inside))


def runs_backward(page: str) -> bool:
    """Whether a range ends before it begins; `1150-62` does not, `463-420` does."""
    match = _DIGITS.fullmatch(page)
    if match is None:
        return False
    first, last = match.groups()
    return len(first) <= len(last) and int(last) < int(first)


def plain_range(text: str) -> str:
    """A range as CSL has it, with a hyphen and nothing after it: `1150-62`."""
    text = re.sub(r",\s?[ivxlcIVXLC]+$", "", text)
    return re.sub(rf"\s?{_DASH}\s?", "-", text)
