"""The door's part of the address space, below `/api/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from .index import Index
from .kinds import COLLECTIONS, PRACTICE
from .maps import LocationMap
from .related import Related
from .resolving import Resolve
from .searching import Search
from .versions import Versions
from .views import Collection, Detail


class SlugOrId:
    """What may name a document; anything else does not reach the database."""

    regex = r"[-\w]{1,120}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SlugOrId, "slug_or_id")

urlpatterns: list[URLPattern] = [
    path("", Index.as_view(), name="index"),
    path("search/", Search.as_view()),
    path("resolve/", Resolve.as_view()),
    path("locations.geojson", LocationMap.as_view()),
    path("articles/<slug_or_id:slug_or_id>/related/", Related.as_view()),
    path("articles/<slug_or_id:slug_or_id>/versions/", Versions.as_view()),
    path("practice/", Detail.as_view(shape=PRACTICE), {"slug_or_id": "practice"}),
]
for shape in COLLECTIONS:
    urlpatterns += [
        path(f"{shape.plural}/", Collection.as_view(shape=shape)),
        path(
            f"{shape.plural}/<slug_or_id:slug_or_id>/",
            Detail.as_view(shape=shape),
        ),
    ]
