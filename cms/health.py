"""`/health`: whether this server does its work, for load balancers and for people."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api.documents.models import Counter, Stale
from api.edge.models import deaf_since


class Health(TypedDict):
    """What `/health` says; the figures are null where the database does not answer."""

    status: str
    # Of the newest change that was published.
    newest_sequence: int | None
    # How long the document that waits longest has waited for the worker.
    oldest_waiting_s: int | None
    # How long a cache in front has not been told what is out of date, at the longest.
    edge_deaf_s: int | None


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503."""
    try:
        return JsonResponse(measured(timezone.now()))
    except DatabaseError:
        sick = Health(
            status="database unreachable",
            newest_sequence=None,
            oldest_waiting_s=None,
            edge_deaf_s=None,
        )
        return JsonResponse(sick, status=503)


def _seconds_since(moment: datetime | None, now: datetime) -> int:
    return int((now - moment).total_seconds()) if moment else 0


def measured(now: datetime) -> Health:
    newest = Counter.objects.values_list("value", flat=True).first()
    oldest = Stale.objects.aggregate(at=Min("noted_at"))["at"]
    return Health(
        status="ok",
        newest_sequence=newest,
        oldest_waiting_s=_seconds_since(oldest, now),
        edge_deaf_s=_seconds_since(deaf_since(now), now),
    )
