"""On whose behalf a request is made: of exactly one channel, or it is refused."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from api import throttling
from api.channels import keys
from api.channels.models import Key
from api.documents import reading
from api.documents.reading import Foreseen, Standing
from api.parameters import Asked
from api.problems import (
    InvalidParameter,
    Suspended,
    TooManyRequests,
    Unauthorized,
)
from api.throttling import Policy

log = logging.getLogger(__name__)

SCHEME = "bearer"
WINDOW_S = 60
USED_EACH = timedelta(minutes=1)


def standing_of(
    request: HttpRequest, asked: Asked, foreseen: Foreseen | None = None
) -> Standing:
    """The channel of the request's key, or the open one that is asked for.

    With how far it has come, in one statement; of an open channel maybe with what is
    `foreseen` to be asked of it. Raises InvalidParameter where there is
    no such open channel, Unauthorized for a key that does not count, Suspended, and
    TooManyRequests.
    """
    if "HTTP_AUTHORIZATION" in request.META:
        standing = _of_key(request)
    else:
        standing = _of_open(asked, foreseen)
    if standing.channel.is_suspended:
        raise Suspended(
            f"The channel “{standing.channel.slug}” is suspended. Ask the practice."
        )
    return standing


def _of_open(asked: Asked, foreseen: Foreseen | None) -> Standing:
    slug: str = asked["channel"]
    standing = reading.standing(slug, foreseen)
    if standing is None:
        detail = f"There is no open channel “{slug}”; leave it out for the public one."
        raise InvalidParameter.of("channel", detail)
    return standing


def _of_key(request: HttpRequest) -> Standing:
    text = _key_in(request.META["HTTP_AUTHORIZATION"])
    now = timezone.now()
    found = reading.standing_of_key(keys.digest(text))
    if found is None or not found[1].is_valid_at(now):
        raise _unauthorized("It is unknown, or it has expired or been revoked.")
    standing, key = found
    if "channel" in request.GET:
        detail = "The key says which channel it is: leave channel out."
        raise InvalidParameter.of("channel", detail)
    _spend(key, request)
    if key.last_used_at is None or key.last_used_at <= now - USED_EACH:
        _note_use(key, now)
    return standing


def _note_use(key: Key, now: datetime) -> None:
    """Of many that do so at once, the first does it for all. Reading does without."""
    unused = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EACH)
    try:
        Key.objects.filter(unused, pk=key.pk).update(last_used_at=now)
    except DatabaseError as error:
        log.warning("The use of a key was not noted: %s", type(error).__name__)


def _key_in(header: str) -> str:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != SCHEME:
        raise _unauthorized("Send it as: Authorization: Bearer, a space, and the key.")
    if not keys.is_well_formed(text.strip()):
        raise _unauthorized("It was cut off or mistyped: its checksum does not match.")
    return text.strip()


def _unauthorized(detail: str) -> Unauthorized:
    return Unauthorized(detail, headers={"WWW-Authenticate": "Bearer"})


def _spend(key: Key, request: HttpRequest) -> None:
    quota = settings.KEY_RATE_LIMIT
    if not quota:
        return
    policy = Policy("key", quota, WINDOW_S)
    verdict = throttling.spend(policy, str(key.pk), request)
    if not verdict.is_allowed:
        wait_s = verdict.retry_after_s
        raise TooManyRequests(
            f"This key may send {quota} requests in {WINDOW_S} s; ask again in "
            f"{wait_s} s.",
            headers={"Retry-After": str(wait_s)},
        )
