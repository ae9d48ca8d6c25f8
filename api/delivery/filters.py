"""The parameters that the endpoints understand."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings

from api.documents import reading
from api.pagination import CURSOR, LIMIT, OFFSET, OFFSET_RANKED
from api.parameters import (
    Asked,
    Parameter,
    among,
    choice,
    flag,
    moment,
    nearest,
    phrase,
    slug,
    slugs,
    words,
)

from .answers import EVERYTHING
from .kinds import COLLECTIONS, IS_FALLBACK, Shape
from .places import NEAR, OPEN_AT, RADIUS_KM
from .representations import FORMAT

LONGEST_SEARCH = 200
# In words that regular expressions of every language understand alike (what `\s` leaves
# out differs), since clients get them, too. A comma would part two values.
DOI = r"((https?://)?(dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/[^\s\x00-\x20\x7f-\xa0,]{1,240})"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
REFERENCE = {"type": "string", "pattern": f"^{DOI}$|^{UUID}$"}
SEARCHED = tuple(shape for shape in COLLECTIONS if shape.is_searched)

CHANNEL = slug(
    "channel",
    reading.PUBLIC,
    "The slug of the open channel to read. Each channel shows what it carries.",
)
UPDATED_SINCE = moment(
    "updated_since",
    "Only what has changed then or later: a time (RFC 3339), or a date, which begins "
    "at midnight UTC. Also what differs by channel counts, such as the attribution, so "
    "it may be later than `updated_at`. It does not tell what is gone.",
)
PUBLISHED = (
    moment("published_after", "Only what was first published then or later."),
    moment("published_before", "Only what was first published earlier than that."),
)
QUERY = phrase(
    "q",
    LONGEST_SEARCH,
    'Full text: words, "a phrase", -without, or. The last word may be incomplete. The '
    "best match comes first, and each result has a `highlight`.",
)
FALLBACK = flag(
    "fallback",
    "Whether the default language stands in where there is no translation; each result "
    "says so in `is_fallback`.",
)
AS_OF = moment(
    "as_of",
    "What it was then, byte for byte, with the credentials of that day: a time "
    "(RFC 3339), or a date, which begins at midnight UTC. The answer then has a header "
    "`Memento-Datetime` that says since when it was so. Without that header it is the "
    "document of today: the channel did not show it then, or what it showed may be "
    "told no more.",
)
FILTERS = {
    "category": "Slugs of categories.",
    "tag": "Slugs of tags.",
    "author": "Slugs of authors.",
    "location": "Slugs of locations.",
    "reference": "DOIs, or ids of references (for a DOI with a comma in it, the id).",
}
# Whose value makes a list smaller than the collection.
NARROWING = (
    *FILTERS,
    *(f"not_{name}" for name in FILTERS),
    "q",
    "near",
    "open_at",
    "updated_since",
    "published_after",
    "published_before",
    "fallback",
)


@cache
def of_list(shape: Shape) -> tuple[Parameter, ...]:
    """What `GET /api/v1/{collection}/` understands."""
    return (
        LIMIT,
        OFFSET,
        CURSOR,
        _order(shape),
        _fields(shape, "the summary", shape.found_members),
        *_of_any_list(shape),
        *([_facets(shape)] if shape.facets else []),
    )


@cache
def of_map(shape: Shape) -> tuple[Parameter, ...]:
    """What the same collection on a map understands: all of it is one answer."""
    return _of_any_list(shape)


@cache
def of_detail(shape: Shape) -> tuple[Parameter, ...]:
    """What `GET /api/v1/{collection}/{slug-or-id}/` understands."""
    return (
        _fields(shape, "the full document"),
        # An id is of one language already, so none is assumed.
        _locale(shape, None),
        *([FALLBACK] if shape.is_translated else []),
        CHANNEL,
        *([AS_OF] if shape.has_past else []),
        replace(FORMAT, default=None),
    )


@cache
def of_path() -> tuple[Parameter, ...]:
    """What `GET /api/v1/resolve/` understands besides the path."""
    languages = [code for code, _ in settings.LANGUAGES]
    preferred = choice(
        "locale",
        languages,
        settings.LANGUAGE_CODE,
        "The language that is preferred where several have a page at the path.",
    )
    return (preferred, CHANNEL)


@cache
def of_related(shape: Shape) -> tuple[Parameter, ...]:
    """What `GET /api/v1/articles/{slug-or-id}/related/` understands."""
    return (LIMIT, _fields(shape, "the summary"), _locale(shape, None), CHANNEL)


@cache
def of_versions(shape: Shape) -> tuple[Parameter, ...]:
    """What `GET /api/v1/articles/{slug-or-id}/versions/` understands."""
    return (LIMIT, OFFSET_RANKED, _locale(shape, None), CHANNEL)


@cache
def of_search() -> tuple[Parameter, ...]:
    """What `GET /api/v1/search/` understands."""
    names = [shape.kind for shape in SEARCHED]

    def reader(text: str) -> str:
        if text in names:
            return text
        raise ValueError(
            f"types cannot have “{text[:60]}”.{nearest(text, names)} {among(names)}"
        )

    return (
        replace(QUERY, is_required=True),
        words("types", {"type": "string", "enum": names}, reader, "Only these types."),
        flag("grouped", "Whether results are grouped by type, best group first."),
        LIMIT,
        OFFSET_RANKED,
        _locale(SEARCHED[0], settings.LANGUAGE_CODE),
        FALLBACK,
        CHANNEL,
    )


def language_of(shape: Shape, asked: Asked) -> str | None:
    """The language whose documents are meant; None where an id may be of any."""
    if shape.is_translated:
        named: str | None = asked["locale"]
        return named
    return settings.LANGUAGE_CODE


def stand_in_of(asked: Asked) -> str | None:
    """The language that is shown where there is no translation; None for no other."""
    return settings.LANGUAGE_CODE if asked.get("fallback") else None


def languages_of(shape: Shape, asked: Asked) -> tuple[str, ...]:
    """The languages that a list may show: the one that is asked for, its stand-in."""
    locale = language_of(shape, asked) or settings.LANGUAGE_CODE
    stand_in = stand_in_of(asked)
    return (locale,) if stand_in in (None, locale) else (locale, stand_in)


def standing_in(shape: Shape) -> dict[str, dict[str, Any]]:
    """The member that says that a document stands in for a translation."""
    return {"is_fallback": IS_FALLBACK} if shape.is_translated else {}


def is_narrowed(asked: Asked) -> bool:
    """Whether the kept count of the collection is not the count of this list."""
    return bool(asked.given) and any(asked.get(name) for name in NARROWING)


def needs_full(shape: Shape, wanted: Sequence[str]) -> bool:
    """Whether the members that are asked for are not all in the summary."""
    if not wanted:
        return False
    known = {*shape.summary_members(), *shape.found_members}
    return EVERYTHING in wanted or not known >= set(wanted)


def _of_any_list(shape: Shape) -> tuple[Parameter, ...]:
    own = [_filter(name, prefix) for name in shape.filters for prefix in ("", "not_")]
    if "published_at" in shape.orders:
        own += PUBLISHED
    if shape.is_searched:
        own.append(QUERY)
    if shape.is_placed:
        own += [NEAR, RADIUS_KM, OPEN_AT]
    return (
        *own,
        UPDATED_SINCE,
        _locale(shape, settings.LANGUAGE_CODE),
        *([FALLBACK] if shape.is_translated else []),
        CHANNEL,
    )


def _filter(name: str, prefix: str) -> Parameter:
    described = "Several, repeated or joined by commas: any of them. Different "
    described += "parameters: all of them."
    if prefix:
        described = "Only what has none of them."
    named = f"{prefix}{name}"
    description = f"{FILTERS[name]} {described}"
    if name == "reference":
        return words(named, REFERENCE, _reference, description)
    return slugs(named, description)


def _reference(text: str) -> str:
    doi = re.fullmatch(DOI, text, re.IGNORECASE)
    if doi:
        return doi[4].lower()
    if re.fullmatch(UUID, text):
        return text.lower()
    raise ValueError(
        f"reference must be a DOI, such as 10.1000/182, or an id; “{text[:30]}” is not."
    )


def _facets(shape: Shape) -> Parameter:
    def reader(text: str) -> str:
        if text in shape.facets:
            return text
        raise ValueError(
            f"facets cannot have “{text[:60]}”.{nearest(text, shape.facets)} "
            f"{among(shape.facets)}"
        )

    return words(
        "facets",
        {"type": "string", "enum": list(shape.facets)},
        reader,
        "Count these beside the results: how often each value stands in the whole "
        "list, the most frequent 100 of them; in a search by rank, within the results "
        "that are counted.",
    )


def _order(shape: Shape) -> Parameter:
    allowed = [f"{sign}{name}" for name in shape.orders for sign in ("", "-")]
    parameter = choice(
        "order",
        allowed,
        shape.default_order,
        "What to sort by; - for descending. Ties are broken by id. A search without "
        "it is sorted by how well results match, and `near` by distance.",
    )
    # Absent rather than the default: a search has a default order of its own.
    return replace(parameter, default=None)


def _locale(shape: Shape, default: str | None) -> Parameter:
    languages = [code for code, _ in settings.LANGUAGES]
    same = "" if shape.is_translated else " What is asked for here is not translated."
    parameter = choice(
        "locale", languages, settings.LANGUAGE_CODE, f"The language (BCP 47).{same}"
    )
    return replace(parameter, default=default)


def _fields(shape: Shape, default: str, besides: Collection[str] = ()) -> Parameter:
    members = sorted({*shape.members(), *besides})

    def reader(text: str) -> str:
        if text == EVERYTHING or text in members:
            return text
        raise ValueError(
            f"fields cannot have “{text[:60]}”.{nearest(text, members)} "
            f"{among([EVERYTHING, *members])}"
        )

    return words(
        "fields",
        {"type": "string", "enum": [EVERYTHING, *members]},
        reader,
        f"Only these members; {EVERYTHING} for the full document. Without it, "
        f"{default}.",
    )
