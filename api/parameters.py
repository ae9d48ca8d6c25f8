"""Query parameters: declared once, read strictly, described by the same declaration.

A name that is not declared and a value that is not allowed are refused by name; all of
them at once, so that a client is corrected in one attempt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.http import HttpRequest

from api.problems import AddressTooLong, BadRequest, Fault, InvalidParameter

QUERY_LENGTH = 8_000
# Enough for every parameter with some values each; parsing more would only cost.
PAIRS = 200
VALUES = 100
SLUG = re.compile(r"[-\w]{1,120}")
DIGITS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Parameter:
    """One query parameter of an endpoint.

    `read` turns one value's text into what the endpoint works with; its ValueError
    is the sentence that the client is told. A list parameter may be repeated or joined
    by commas, and gives a sorted tuple.
    """

    name: str
    description: str
    schema: dict[str, Any]
    read: Callable[[str], Any]
    default: Any = None
    is_list: bool = False


@dataclass(frozen=True)
class Asked:
    """The parameters of one request, read.

    `given` has those that differ from their defaults in one spelling, so two requests
    for the same thing are equal in it, whatever their order and repetition.
    """

    values: dict[str, Any]
    given: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str) -> Any:
        """The value; None also where the endpoint has no such parameter."""
        return self.values.get(name)

    def query(self, **changed: int) -> str:
        """The canonical query string, with some numbers replaced; 0 leaves one out."""
        pairs = dict(self.given) | {name: str(to) for name, to in changed.items()}
        kept = sorted((name, to) for name, to in pairs.items() if to != "0")
        return urlencode(kept, quote_via=quote, safe=",")


def read(request: HttpRequest, known: Sequence[Parameter]) -> Asked:
    """The request's parameters, each with its value or its default.

    Raises InvalidParameter with everything that is wrong, AddressTooLong and
    BadRequest for a query that is no text.
    """
    by_name = {parameter.name: parameter for parameter in known}
    values = {parameter.name: parameter.default for parameter in known}
    given: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for name, texts in _texts(request).items():
        try:
            parameter = _declared(name, by_name)
            value = _value(parameter, texts)
        except ValueError as refused:
            faults.append({"parameter": name[:60], "detail": str(refused)})
            continue
        values[name] = value
        if value != parameter.default:
            text = ",".join(value) if parameter.is_list else str(value)
            given.append((name, text))
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
        if not text.strip() or len(text) > longest:
            raise ValueError(f"{name} must have 1 to {longest} characters.")
        return " ".join(text.split())

    schema = {"type": "string", "minLength": 1, "maxLength": longest}
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


def _texts(request: HttpRequest) -> dict[str, list[str]]:
    """The values by name. Stricter than `request.GET`, which replaces wrong bytes."""
    raw: str = request.META.get("QUERY_STRING", "")
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
