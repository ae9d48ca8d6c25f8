"""What the views share: whose documents, until when, and what is said without one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import escape_uri_path

from api.conditional import Lifetime
from api.documents import reading
from api.documents.reading import (
    Moved,
    NotServable,
    PlacementQuerySet,
    Standing,
    Tombstone,
)
from api.doors import Component
from api.parameters import Asked
from api.problems import BeingRenewed, Gone, InvalidParameter, NotFound

from . import filters
from .kinds import Shape

# How soon a document whose render lapsed is worth asking for again.
RENEWED_S = "5"


def standing_of(asked: Asked) -> Standing:
    """The channel that is asked for, with how far it has come.

    Raises InvalidParameter where there is none, or none that is open.
    """
    slug: str = asked["channel"]
    standing = reading.standing(slug)
    if standing is None:
        detail = f"There is no open channel “{slug}”; leave it out for the public one."
        raise InvalidParameter(
            detail, errors=[{"parameter": "channel", "detail": detail}]
        )
    return standing


def moment_of(standing: Standing) -> datetime:
    """Now, and in no case before what the head already counts.

    Without it a change that was committed since the request came, or by a machine
    whose clock is ahead, would be in the tag and the count but not on the page.
    """
    now = timezone.now()
    return now if standing.changed_at is None else max(now, standing.changed_at)


def lifetime_of(standing: Standing, now: datetime) -> Lifetime:
    """Until something appears, changes or vanishes on the channel by the clock."""
    return Lifetime.until(standing.next_boundary_at, now)


def counted(placements: PlacementQuerySet, asked: Asked, on_page: int) -> int:
    """How many there are in all; without asking where the list ends on this page."""
    start: int = asked["offset"]
    if on_page < asked["limit"] and (on_page or not start):
        return start + on_page
    return placements.count()


def moved(
    request: HttpRequest, asked: Asked, former: str, found: Moved, lifetime: Lifetime
) -> HttpResponse:
    """301 to the document's address of today, with the same parameters."""
    parent = request.path_info.removesuffix(f"{former}/")
    address = settings.PUBLIC_BASE_URL + escape_uri_path(f"{parent}{found.slug}/")
    query = asked.query()
    return HttpResponse(
        status=301,
        headers={
            "Location": f"{address}?{query}" if query else address,
            **lifetime.of_absent(),
        },
    )


def refuse(found: Tombstone | NotServable | None, lifetime: Lifetime) -> NoReturn:
    """Say why there is no document: Raises Gone, BeingRenewed or NotFound."""
    if isinstance(found, Tombstone):
        raise Gone(
            "It was published here and is no longer. Take copies of it down.",
            headers=lifetime.of_absent(),
            kind=found.kind,
            reason=found.reason or None,
            withdrawn_at=found.withdrawn_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            replacement=found.replacement or None,
        )
    if isinstance(found, NotServable):
        raise BeingRenewed(
            "It is being renewed at this moment.", headers={"Retry-After": RENEWED_S}
        )
    raise NotFound(
        "There is nothing at this address on this channel.",
        headers=lifetime.of_absent(),
    )


def selection(shape: Shape, component: Component) -> dict[str, Any]:
    """The schema of an answer to `fields`: any of the members, none promised."""
    parts = [shape.full, shape.placed]
    return component(f"{shape.name}Selection", parts, is_partial=True)


def selected(text: str, wanted: Sequence[str]) -> str:
    """A document with only the members that are asked for, in its own order."""
    if not wanted or filters.EVERYTHING in wanted:
        return text
    document = json.loads(text)
    return dumped({name: document[name] for name in document if name in wanted})


def dumped(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def json_response(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")
