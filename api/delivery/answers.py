"""What the views share: whose documents, until when, and what is said without one."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import escape_uri_path

from api import conditional, kept
from api.admission import standing_of
from api.conditional import Lifetime, Validators, etag_of
from api.documents import propagation, versions
from api.documents.lookup import Moved, NotServable, Tombstone
from api.documents.reading import Foreseen, Standing
from api.doors import Component
from api.kept import Offer
from api.negotiation import JSON
from api.pagination import absolute
from api.parameters import NOW, Asked
from api.problems import BeingRenewed, Gone, NotFound

from .kinds import Shape
from .places import minute_of

log = logging.getLogger(__name__)

EVERYTHING = "*"
# Part of every ETag: raise it when the text around stored documents changes.
FORM = 3
MINUTE = timedelta(minutes=1)
# How soon a document whose render lapsed is worth asking for again.
RENEWED_S = "5"


def moment_of(standing: Standing) -> datetime:
    """Now, and in no case before what the head already counts.

    Without it a change that was committed since the request came, or by a machine
    whose clock is ahead, would be in the tag and the count but not on the page.
    """
    if standing.beside is not None:
        return standing.beside.now
    return standing.moment(timezone.now())


def of_channel(
    request: HttpRequest,
    asked: Asked,
    types: Iterable[str],
    build: Callable[[Standing, datetime], HttpResponse],
    foreseen: Foreseen | None = None,
) -> HttpResponse:
    """A conditional answer, which shows documents of `types`.

    Any change on the channel may change it. `foreseen` is what `build` will ask first.
    """
    # The head not after the page: a change in between gives a newer page an older
    # tag, which costs a client one request, and never the other way round.
    standing = standing_of(request, asked, foreseen)
    return of_standing(request, asked, standing, types, build)


def of_standing(
    request: HttpRequest,
    asked: Asked,
    standing: Standing,
    types: Iterable[str],
    build: Callable[[Standing, datetime], HttpResponse],
) -> HttpResponse:
    """The same for a channel that is known already."""
    now = moment_of(standing)
    minute = minute_of(NOW, now) if asked.get("open_at") == NOW else None
    validators = validators_of(request, asked, standing, minute)
    lifetime = Lifetime.until(
        standing.next_boundary_at,
        now,
        minute and minute + MINUTE,
        is_purged=standing.is_purged_at(now),
    )
    offer(request, standing, conditional.steady_until(validators, lifetime, now))
    return conditional.answer(
        request,
        validators,
        lifetime,
        now,
        lambda: build(standing, now),
        standing.keys(types),
    )


def offer(request: HttpRequest, standing: Standing, until: datetime | None) -> None:
    """Have the answer kept while the channel stays as it is, and until then at most.

    Only what the version of the channel, the address, the query and the headers named
    in `api.front` decide may be offered.
    """
    version = versions.of(standing)
    if version is not None:
        kept.offer(request.META, Offer(standing.channel.slug, version, until))


def validators_of(
    request: HttpRequest,
    asked: Asked,
    standing: Standing,
    minute: datetime | None = None,
) -> Validators:
    """What any change on the channel changes, and each `minute` if that counts."""
    state = (standing.channel.pk, standing.revision, standing.form, minute)
    moments = [at for at in (standing.changed_at, minute) if at is not None]
    etag = etag_of(FORM, absolute(request), asked.given, *state)
    return Validators(etag, max(moments, default=None))


def lifetime_of(standing: Standing, now: datetime) -> Lifetime:
    """Until something appears, changes or vanishes on the channel by the clock."""
    return Lifetime.until(standing.next_boundary_at, now)


def moved(
    request: HttpRequest,
    asked: Asked,
    shape: Shape,
    found: Moved,
    lifetime: Lifetime,
    standing: Standing,
) -> HttpResponse:
    """301 to the document's address of today, with the same parameters."""
    before, collection, after = request.path_info.partition(f"/{shape.plural}/")
    _, slash, rest = after.partition("/")
    path = f"{before}{collection}{found.slug}{slash}{rest}"
    address = settings.PUBLIC_BASE_URL + escape_uri_path(path)
    query = asked.query()
    return HttpResponse(
        status=301,
        headers={
            "Location": f"{address}?{query}" if query else address,
            **lifetime.of_absent(),
            **conditional.tags(standing.keys()),
        },
    )


def refuse(
    found: Tombstone | NotServable | None, lifetime: Lifetime, standing: Standing
) -> NoReturn:
    """Say why there is no document: Raises Gone, BeingRenewed or NotFound."""
    headers = {**lifetime.of_absent(), **conditional.tags(standing.keys())}
    if isinstance(found, Tombstone):
        _note_told(found, standing)
        raise Gone(
            "It was published here and is no longer. Take copies of it down.",
            headers=headers,
            kind=found.kind,
            reason=found.reason or None,
            withdrawn_at=found.withdrawn_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            replacement=found.replacement or None,
        )
    if isinstance(found, NotServable):
        raise BeingRenewed(
            "It is being renewed at this moment.", headers={"Retry-After": RENEWED_S}
        )
    raise NotFound("There is nothing at this address on this channel.", headers=headers)


def _note_told(found: Tombstone, standing: Standing) -> None:
    """Have it known that whoever has this key was told that it is gone."""
    if standing.key_id is None or found.change is None:
        return
    document, sequence = found.change
    try:
        propagation.told(
            standing.channel.pk,
            document,
            sequence,
            timezone.now(),
            key=standing.key_id,
        )
    except DatabaseError as error:
        # The next one who asks says it again.
        log.warning("Could not note who was told: %s", type(error).__name__)


def selection(shape: Shape, component: Component) -> dict[str, Any]:
    """The schema of an answer to `fields`: any of the members, none promised."""
    parts = [shape.full, shape.placed]
    return component(
        f"{shape.name}Selection",
        parts,
        is_partial=True,
        optional=shape.found_members,
    )


def summary(shape: Shape, component: Component) -> dict[str, Any]:
    """The schema of a result in a list."""
    parts = [shape.summary, shape.placed]
    return component(f"{shape.name}Summary", parts, optional=shape.found_members)


def selected(text: str, wanted: Sequence[str]) -> str:
    """A document with only the members that are asked for, in its own order."""
    if not wanted or EVERYTHING in wanted:
        return text
    document = json.loads(text)
    return dumped({name: document[name] for name in document if name in wanted})


def dumped(content: dict[str, Any]) -> str:
    return _ENCODER.encode(content)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_response(text: str, links: str = "") -> HttpResponse:
    headers = {"Link": links} if links else {}
    return HttpResponse(text.encode(), content_type=JSON, headers=headers)
