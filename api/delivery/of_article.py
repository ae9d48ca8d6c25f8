"""What is asked about one article that the channel shows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from api import parameters
from api.admission import standing_of
from api.documents import lookup
from api.documents.lookup import Found, Moved
from api.documents.reading import Standing
from api.doors import Door
from api.parameters import Asked
from api.problems import BeingRenewed, Gone, NotFound

from .answers import lifetime_of, moment_of, moved, refuse
from .kinds import COLLECTIONS


class OfArticle(Door):
    """Finds the article, or says where it is or why it is not there."""

    shape = COLLECTIONS[0]
    refusals: ClassVar = (NotFound, Gone, BeingRenewed)
    moves = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = parameters.read(request, self.parameters)
        standing = standing_of(request, asked)
        now = moment_of(standing)
        lifetime = lifetime_of(standing, now)
        found = lookup.look_up(
            standing.channel,
            self.shape.kind,
            asked["locale"],
            kwargs["slug_or_id"],
            now,
        )
        if isinstance(found, Moved):
            return moved(request, asked, self.shape, found, lifetime, standing)
        if not isinstance(found, Found):
            refuse(found, lifetime, standing)
        return self.answer(request, asked, standing, found)

    def answer(
        self, request: HttpRequest, asked: Asked, standing: Standing, found: Found
    ) -> HttpResponse:
        """What was asked about `found`."""
        raise NotImplementedError
