from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

# For how long an edge that was reached counts as one that will be.
TRUSTED = timedelta(seconds=90)


class EdgeQuerySet(models.QuerySet["Edge"]):
    def configured(self) -> Self:
        """Those that are in use."""
        return self.filter(url__in=settings.EDGES)


class Edge(models.Model):
    """One cache in front, and how far it has been told of what is out of date.

    Everything is told it twice: what the edge was fetching at the moment of the first
    time, it may have stored after that. Up to `settled` it was told twice.
    """

    url = models.CharField(max_length=300, unique=True)
    # None: it was told nothing yet, and is to forget everything.
    sequence = models.BigIntegerField(null=True)
    settled = models.BigIntegerField(default=0)
    # Of what was told once: a place, and when that was over.
    marked = models.BigIntegerField(null=True)
    marked_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    # A sentence for operators.
    error = models.TextField(blank=True)

    objects = EdgeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url

    def is_trusted_at(self, now: datetime) -> bool:
        """Whether it will be told of a change in time, for all we know."""
        is_recent = self.reached_at is not None and now < self.reached_at + TRUSTED
        return is_recent and not self.failures and self.sequence is not None


def deaf_since(now: datetime) -> datetime | None:
    """Since when one of the edges in use is not told what is out of date.

    None if all are. Also one counts that nobody has tried to tell for a while: then no
    worker is there.
    """
    since = []
    for edge in Edge.objects.configured():
        if edge.failing_since is not None:
            since.append(edge.failing_since)
        elif edge.reached_at is not None and not edge.is_trusted_at(now):
            since.append(edge.reached_at)
    return min(since, default=None)


def trusted_until(now: datetime) -> datetime | None:
    """Until when all edges in use count as reachable; None if one does not."""
    edges = list(Edge.objects.configured())
    if len(edges) < len(settings.EDGES):
        return None
    if not all(edge.is_trusted_at(now) for edge in edges):
        return None
    reached = [edge.reached_at for edge in edges if edge.reached_at]
    return min(reached) + TRUSTED if reached else None
