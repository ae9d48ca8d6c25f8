"""On which sites each article is, for the list of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from wagtail.admin.ui.tables import Column

from api.channels.models import Channel
from api.documents.identity import source_of
from api.documents.models import Placement
from content_models.models import Article

from . import appearances


class SitesColumn(Column):
    """“5 of 7”, which leads to where it says which; two statements a page."""

    cell_template_name = "desk/channels/sites_cell.html"

    def get_cell_context_data(
        self, instance: Article, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(
            instance, parent_context
        )
        request = parent_context["request"]
        if not hasattr(request, "sites_of_articles"):
            request.sites_of_articles = _counts(parent_context["table"].data)
        numbers, every = request.sites_of_articles
        return {
            **context,
            "number": numbers[source_of(Article, instance.pk)],
            "every": every,
            "url": appearances.address_of(instance),
        }


def _counts(articles: Any) -> tuple[Counter[str], int]:
    """On how many channels readers see each of `articles`, and how many there are."""
    sources = [source_of(Article, article.pk) for article in articles]
    shown = Placement.objects.visible_at(timezone.now()).filter(
        document__source__in=sources
    )
    return Counter(shown.values_list("document__source", flat=True)), (
        Channel.objects.count()
    )


class SiteFilter(django_filters.ModelChoiceFilter):
    """The articles that readers of one channel see."""

    def __init__(self) -> None:
        super().__init__(queryset=Channel.objects.all(), label="On the site")

    def filter(
        self, rows: QuerySet[Article], channel: Channel | None
    ) -> QuerySet[Article]:
        if channel is None:
            return rows
        source = Concat(Value("article:"), Cast(OuterRef("pk"), TextField()))
        shown = Placement.objects.visible_at(timezone.now()).filter(
            channel=channel, document__source=source
        )
        return rows.filter(Exists(shown))
