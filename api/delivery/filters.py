"""The parameters of lists and details, and what they make of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from django.conf import settings

from api.documents import reading
from api.documents.reading import PlacementQuerySet
from api.pagination import LIMIT, OFFSET
from api.parameters import (
    Asked,
    Parameter,
    among,
    choice,
    nearest,
    phrase,
    slug,
    slugs,
    words,
)

from .kinds import Shape
from .search import matching, rank

EVERYTHING = "*"
LONGEST_SEARCH = 200
DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S{1,240})")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

CHANNEL = slug(
    "channel",
    reading.PUBLIC,
    "The slug of the open channel to read. Each channel shows what it carries.",
)


@cache
def of_list(shape: Shape) -> tuple[Parameter, ...]:
    """What `GET /api/v1/{collection}/` understands."""
    own = [_filter(name) for name in shape.filters]
    if shape.is_searched:
        own.append(_search())
    return (
        LIMIT,
        OFFSET,
        _order(shape),
        _fields(shape, "the summary"),
        _locale(shape, settings.LANGUAGE_CODE),
        CHANNEL,
        *own,
    )


@cache
def of_detail(shape: Shape) -> tuple[Parameter, ...]:
    """What `GET /api/v1/{collection}/{slug-or-id}/` understands."""
    # An id is of one language already, so none is assumed.
    return (_fields(shape, "the full document"), _locale(shape, None), CHANNEL)


def language_of(shape: Shape, asked: Asked) -> str | None:
    """The language whose documents are meant; None where an id may be of any."""
    if shape.is_translated:
        named: str | None = asked["locale"]
        return named
    return settings.LANGUAGE_CODE


def is_narrowed(asked: Asked) -> bool:
    """Whether the kept count of the collection is not the count of this list."""
    return any(asked.get(name) for name in (*FILTERS, "q"))


def narrowed(
    placements: PlacementQuerySet, asked: Asked, locale: str
) -> PlacementQuerySet:
    """Those that have every facet that is asked for, and match the search."""
    for name in FILTERS:
        wanted = asked.get(name)
        if wanted:
            facets = [f"{name}:{value}" for value in wanted]
            placements = placements.filter(document__facets__overlap=facets)
    if asked.get("q"):
        placements = matching(placements, asked["q"], locale)
    return placements


def ordered(
    placements: PlacementQuerySet, asked: Asked, shape: Shape, locale: str
) -> PlacementQuerySet:
    """As it is asked for; else a search by rank, and anything else as it comes."""
    if asked["order"] is None and not asked.get("q"):
        return placements
    order: str = asked["order"] or shape.default_order
    sign = "-" if order.startswith("-") else ""
    keys = [f"{sign}{shape.orders[order.removeprefix('-')]}", f"{sign}document_id"]
    if asked["order"] is None:
        return placements.order_by(rank(asked["q"], locale).desc(), *keys)
    return placements.order_by(*keys)


def needs_full(shape: Shape, wanted: Sequence[str]) -> bool:
    """Whether the members that are asked for are not all in the summary."""
    return EVERYTHING in wanted or not shape.summary_members() >= set(wanted)


FILTERS = {
    "category": "Slugs of categories.",
    "tag": "Slugs of tags.",
    "author": "Slugs of authors.",
    "location": "Slugs of locations.",
    "reference": "DOIs, or ids of references.",
}


def _filter(name: str) -> Parameter:
    description = (
        f"{FILTERS[name]} Several, repeated or joined by commas: any of them. "
        "Different parameters: all of them."
    )
    if name == "reference":
        return words(name, {"type": "string"}, _reference, description)
    return slugs(name, description)


def _reference(text: str) -> str:
    lowered = text.lower()
    doi = DOI.fullmatch(lowered)
    if doi:
        return doi[1]
    if UUID.fullmatch(lowered):
        return lowered
    raise ValueError(
        f"reference must be a DOI, such as 10.1000/182, or an id; “{text[:30]}” is not."
    )


def _search() -> Parameter:
    return phrase(
        "q",
        LONGEST_SEARCH,
        'Full text: words, "a phrase", -without, or. The best match comes first.',
    )


def _order(shape: Shape) -> Parameter:
    allowed = [f"{sign}{name}" for name in shape.orders for sign in ("", "-")]
    parameter = choice(
        "order",
        allowed,
        shape.default_order,
        "What to sort by; - for descending. Ties are broken by id. A search without "
        "it is sorted by how well results match.",
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


def _fields(shape: Shape, default: str) -> Parameter:
    members = sorted(shape.members())

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
