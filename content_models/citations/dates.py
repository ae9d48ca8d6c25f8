"""Days as lists of references write them, in five languages: `3 de mayo de 2020`."""

from __future__ import annotations

import re
from datetime import date

_NAMES = """
    jan enero ene janv janeiro; feb fév fev febrero; mar mär mrz maart; apr avr abr;
    may mai; jun juin; jul juil; aug aoû aou ago; sep set; oct okt out; nov; dec déc
    dez dic
"""
_MONTHS = {
    name: number
    for number, names in enumerate(_NAMES.split(";"), start=1)
    for name in names.split()
}
# Longer beginnings first: "juil" before "jui".
_BEGINNINGS = sorted(_MONTHS, key=len, reverse=True)
_MONTH = r"[^\W\d_]{3,10}\.?"
DAY = (
    rf"(?:{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s(?:de\s)?{_MONTH},?\s(?:de\s)?\d{{4}}"
    rf"|\d{{4}}\s{_MONTH}\s\d{{1,2}}|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
_WORD = re.compile(r"\d+|[^\W\d_]{3,}")


def month(word: str) -> int:
    """The number of the month that `word` names or abbreviates, or 0."""
    word = word.lower()
    for beginning in _BEGINNINGS:
        if word.startswith(beginning):
            return _MONTHS[beginning]
    return 0


def day(text: str) -> date | None:
    """The day that `text` means, or None if there is none such.

    Of `3/4/2020` the first number is the month, as in the United States; with full
    stops the first is the day.
    """
    numbers = [int(word) for word in _WORD.findall(text) if word.isdigit()]
    named = next(filter(None, map(month, _WORD.findall(text))), 0)
    if len(numbers) != (2 if named else 3):
        return None
    year = max(numbers)
    rest = [number for number in numbers if number != year]
    if named and len(rest) == 1:
        found = (named, rest[0])
    elif len(rest) == 2 and numbers[0] != year and "/" not in text:
        found = (rest[1], rest[0])
    elif len(rest) == 2:
        found = (rest[0], rest[1])
    else:
        return None
    try:
        return date(year, *found)
    except ValueError:
        return None
