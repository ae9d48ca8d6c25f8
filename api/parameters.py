"""Query parameters: declared once, read strictly, described by the same declaration.

A name that is not declared and a value that is not allowed are refused by name; all of
them at once, so that a client is corrected in one attempt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.http import HttpRequest

from api.problems import AddressTooLong, BadRequest, Fault, InvalidParameter
from api.remembering import LONGEST, remembered

QUERY_LENGTH = 8_000
# Enough for every parameter with some values each; parsing more would only cost.
PAIRS = 200
VALUES = 100
SLUG = re.compile(r"[-\w]{1,120}")
# Something to see. Spelt out, since `\s` alone leaves out more in Python than in the
# languages of those who read the schema.
VISIBLE = r"[^\s\x00-\x20\x7f-\xa0]"
DIGITS = re.compile(r"[0-9]{1,9}")
DECIMAL = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,15})?")
# Source: RFC 3339, section 5.6; a date alone is its first moment.
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt][0-9]{2}:[0-9]{2}:(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2}))?"
)
NOW = "now"
# Further off, a calendar of another place may have no such day.
EARLIEST, LATEST = 1900, 2200
YEARS = "^(19|20|21)[0-9]{2}-|^2200-"


@dataclass(frozen=True, eq=False)
class Parameter:
    """One query parameter of an endpoint.

    `read` turns one value's text into what the endpoint works with; its ValueError
    is the sentence that the client is told. `show` gives the one spelling of a value.
    A list parameter may be repeated or joined by commas, and gives a sorted tuple.
    """

    name: str
    description: str
    schema: dict[str, Any]
    read: Callable[[str], Any]
    default: Any = None
    is_list: bool = False
    is_required: bool = False
    show: Callable[[Any], str] = str


@dataclass(frozen=True)
class Asked:
    """The parameters of one request, read.

    `given` has those that differ from their defaults in one spelling, so two requests
    for the same thing are equal in it, whatever their order and repetition.
    """

    values: dict[str, Any]
    given: tuple[tuple[str, str], ...]

    @property
    def names(self) -> Iterable[str]:
        """Which of them are not as they are by default."""
        return (name for name, _ in self.given)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str) -> Any:
        """The value; None also where the endpoint has no such parameter."""
        return self.values.get(name)

    def query(self, **changed: object) -> str:
        """The canonical query string, with some values replaced; None removes one."""
        length = sum(len(text) for _, text in self.given)
        query = _query if length <= LONGEST else _query.__wrapped__
        return query(self.given, tuple(changed.items()))


# The pages of a list lead to the same others each time.
@lru_cache(1_000)
def _query(
    given: tuple[tuple[str, str], ...], changed: tuple[tuple[str, object], ...]
) -> str:
    pairs: dict[str, object] = {**dict(given), **dict(changed)}
    kept = sorted((name, to) for name, to in pairs.items() if to is not None)
    return urlencode(kept, quote_via=quote, safe=",")


def read(request: HttpRequest, known: Sequence[Parameter]) -> Asked:
    """The request's parameters, each with its value or its default.

    Raises InvalidParameter with everything that is wrong, AddressTooLong and
    BadRequest for a query that is no text.
    """
    return _read(request.META.get("QUERY_STRING", ""), tuple(known))


# Many ask for the same; what is read says nothing of when that was, and is not changed.
@remembered(1_000)
def _read(query: str, known: Sequence[Parameter]) -> Asked:
    by_name = {parameter.name: parameter for parameter in known}
    values = {parameter.name: parameter.default for parameter in known}
    given: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for name, texts in _texts(query).items():
        try:
            parameter = _declared(name, by_name)
            value = _value(parameter, texts)
        except ValueError as refused:
            faults.append({"parameter": name[:60], "detail": str(refused)})
            continue
        values[name] = value
        if value != parameter.default:
            shown = ",".join(value) if parameter.is_list else parameter.show(value)
            given.append((name, shown))
    seen = {fault["parameter"] for fault in faults} | {name for name, _ in given}
    for parameter in known:
        if parameter.is_required and parameter.name not in seen:
            detail = f"{parameter.name} is needed. {parameter.description}"
            faults.append({"parameter": parameter.name, "detail": detail})
    if faults:
        raise InvalidParameter(faults[0]["detail"], errors=faults)
    return Asked(values, tuple(sorted(given)))


def nearest(word: str, allowed: Collection[str]) -> str:
    """` Did you mean “…”?`, or nothing where no allowed word is like it."""
    close = difflib.get_close_matches(word[:60].lower(), allowed, n=1)
    return f" Did you mean “{close[0]}”?" if close else ""


def among(allowed: Iterable[str]) -> str:
    return f"Allowed are {', '.join(allowed)}."


def integer(
    name: str, low: int, high: int, default: int, description: str
) -> Parameter:
    def reader(text: str) -> int:
        if not DIGITS.fullmatch(text) or not low <= int(text) <= high:
            raise ValueError(
                f"{name} must be a whole number from {low} to {high}; "
                f"“{text[:30]}” is not."
            )
        return int(text)

    schema = {
        "type": "integer",
        "minimum": low,
        "maximum": high,
        "default": default,
    }
    return Parameter(name, description, schema, reader, default)


def choice(
    name: str, allowed: Sequence[str], default: str, description: str
) -> Parameter:
    def reader(text: str) -> str:
        if text not in allowed:
            raise ValueError(
                f"{name} cannot be “{text[:60]}”.{nearest(text, allowed)} "
                f"{among(allowed)}"
            )
        return text

    schema = {"type": "string", "enum": list(allowed), "default": default}
    return Parameter(name, description, schema, reader, default)


def flag(name: str, description: str) -> Parameter:
    """true or false, and false where it is absent."""

    def reader(text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError(f"{name} must be true or false; “{text[:30]}” is not.")
        return text == "true"

    schema = {"type": "boolean", "default": False}
    return Parameter(
        name, description, schema, reader, False, show=lambda value: str(value).lower()
    )


def number(name: str, low: float, high: float, description: str) -> Parameter:
    """A decimal number within bounds; without a default."""

    def reader(text: str) -> float:
        if not DECIMAL.fullmatch(text) or not low <= float(text) <= high:
            raise ValueError(
                f"{name} must be a number from {low:g} to {high:g}; "
                f"“{text[:30]}” is not."
            )
        return float(text)

    schema = {"type": "number", "minimum": low, "maximum": high}
    return Parameter(name, description, schema, reader, show=decimal_text)


def decimal_text(value: float) -> str:
    """`value` as this API reads it: never with an exponent, nor with idle zeros."""
    text = f"{value:.15f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def moment(name: str, description: str, *, now: bool = False) -> Parameter:
    """A moment as RFC 3339, or a date, which is its first moment in UTC.

    With `now` also that word: the caller's clock says what it means. The value is a
    `datetime` in UTC, or the word.
    """
    allowed = "a time such as 2026-05-01T09:30:00Z or a date such as 2026-05-01"
    allowed = f"now, {allowed}" if now else allowed

    def reader(text: str) -> datetime | str:
        if now and text == NOW:
            return NOW
        found = MOMENT.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            read = datetime.fromisoformat(_without_leap(text, found).upper())
            inside = read if read.tzinfo else read.replace(tzinfo=UTC)
            if not EARLIEST <= inside.year <= LATEST:
                raise ValueError
            return inside.astimezone(UTC)
        except (ValueError, OverflowError):
            hint = " Write + as %2B." if " " in text else ""
            raise ValueError(
                f"{name} must be {allowed}, in the years {EARLIEST} to {LATEST}; "
                f"“{text[:40]}” is not.{hint}"
            ) from None

    forms: list[dict[str, Any]] = [
        {"type": "string", "format": "date-time", "pattern": YEARS},
        {"type": "string", "format": "date", "pattern": YEARS},
    ]
    if now:
        forms.insert(0, {"type": "string", "const": NOW})
    return Parameter(name, description, {"anyOf": forms}, reader, show=_moment_text)


def slug(name: str, default: str, description: str) -> Parameter:
    schema = {"type": "string", "pattern": r"^[-\w]{1,120}$", "default": default}
    return Parameter(name, description, schema, slug_reader(name), default)


def slugs(name: str, description: str) -> Parameter:
    items = {"type": "string", "pattern": r"^[-\w]{1,120}$"}
    return words(name, items, slug_reader(name), description)


def words(
    name: str,
    items: dict[str, Any],
    reader: Callable[[str], str],
    description: str,
) -> Parameter:
    """A list of words: repeated or joined by commas."""
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": VALUES}
    return Parameter(name, description, schema, reader, (), is_list=True)


def phrase(name: str, longest: int, description: str) -> Parameter:
    def reader(text: str) -> str:
        if not re.search(VISIBLE, text) or len(text) > longest:
            raise ValueError(f"{name} must have 1 to {longest} characters.")
        return " ".join(text.split())

    schema = {"type": "string", "maxLength": longest, "pattern": VISIBLE}
    return Parameter(name, description, schema, reader)


def slug_reader(name: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if not SLUG.fullmatch(text):
            raise ValueError(
                f"{name} must be a slug: letters, digits, - and _, at most 120; "
                f"“{text[:30]}” is not."
            )
        return text

    return reader


def _without_leap(text: str, found: re.Match[str]) -> str:
    """A second that leaps as the last one before it, as no clock here knows it."""
    if found["second"] != "60":
        return text
    return f"{text[: found.start('second')]}59{text[found.end('second') :]}"


def _moment_text(value: datetime | str) -> str:
    if isinstance(value, str):
        return value
    return value.isoformat().replace("+00:00", "Z")


def _texts(raw: str) -> dict[str, list[str]]:
    """The values by name. Stricter than `request.GET`, which replaces wrong bytes."""
    if len(raw) > QUERY_LENGTH:
        raise AddressTooLong(
            f"The query has {len(raw)} characters; at most {QUERY_LENGTH} are read."
        )
    try:
        # WSGI hands bytes over as Latin-1 text.
        query = raw.encode("latin-1").decode("utf-8")
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=PAIRS
        )
    except UnicodeError:
        raise BadRequest("The query is not UTF-8 text.") from None
    except ValueError:
        raise BadRequest(f"The query has more than {PAIRS} parameters.") from None
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        if "\0" in name or "\0" in text:
            raise BadRequest("The query has a NUL character, which no value may have.")
        texts.setdefault(name, []).append(text)
    return texts


def _declared(name: str, by_name: dict[str, Parameter]) -> Parameter:
    if name not in by_name:
        allowed = sorted(by_name)
        listed = among(allowed) if allowed else "It takes none."
        near = nearest(name, allowed)
        raise ValueError(f"There is no parameter “{name[:60]}” here.{near} {listed}")
    return by_name[name]


def _value(parameter: Parameter, texts: list[str]) -> Any:
    name = parameter.name
    if not parameter.is_list:
        if len(texts) > 1:
            raise ValueError(f"{name} is given {len(texts)} times; give it once.")
        return parameter.read(texts[0])
    split = [text for joined in texts for text in joined.split(",")]
    if "" in split:
        raise ValueError(f"{name} has an empty value; leave it out instead.")
    if len(split) > VALUES:
        raise ValueError(f"{name} has {len(split)} values; at most {VALUES} are read.")
    return tuple(sorted({parameter.read(text) for text in split}))
