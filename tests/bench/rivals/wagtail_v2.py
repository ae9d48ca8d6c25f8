"""Wagtail's own API, version 2, set up as its documentation says.

Source: docs.wagtail.org, "Wagtail API v2 configuration guide". The content models know
nothing of it, so their `api_fields` are said here.
"""

from __future__ import annotations

from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.images.api.fields import ImageRenditionField

from content_models import models as content


def _fields(model: type, *names: str) -> None:
    model.api_fields = [APIField(name) for name in names]  # type: ignore[attr-defined]


_fields(content.CredentialType, "abbreviation", "name")
_fields(content.Credential, "type")
_fields(content.Author, "slug", "name", "job_title", "credentials")
_fields(content.ArticleAuthor, "author")
_fields(content.Reference, "slug", "title", "container_title", "year", "doi")
_fields(content.ArticleReference, "reference")
_fields(content.Article, "summary", "body", "authorships", "citations", "tags")
content.Article.api_fields += [  # type: ignore[attr-defined]
    APIField(
        "thumbnail", serializer=ImageRenditionField("fill-320x180", source="image")
    )
]

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
