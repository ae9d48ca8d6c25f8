"""The report of what each site has of everything, as a list and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from api.channels.models import Channel, every_language
from api.documents.models import Kind, Placement, Withdrawal
from cms.desk.addresses import page_of
from cms.desk.standing import State, StateColumn

from . import words
from .acts import board_of
from .arrivals import Site, arrivals_of
from .missing import missing_at

# Of an export, that are in memory at once.
AT_ONCE = 500
SHOWN, WITHDRAWN, MISSING = "shown", "withdrawn", "missing"


class Filters(WagtailFilterSet):
    channel = django_filters.ModelChoiceFilter(
        queryset=Channel.objects.all(), label="Site"
    )
    type = django_filters.ChoiceFilter(choices=Kind.choices, label="Kind")
    state = django_filters.ChoiceFilter(
        choices=[
            (MISSING, "Has not arrived"),
            (SHOWN, "Should be there"),
            (WITHDRAWN, "Withdrawn"),
        ],
        label="State",
        method="of_state",
    )

    class Meta:
        model = Placement
        fields = ["channel", "type", "state"]

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        if value == MISSING:
            return rows.filter(pk__in=missing_at(timezone.now()).values("pk"))
        if value == SHOWN:
            return rows.filter(is_visible=True)
        return rows.filter(
            is_visible=False, document__withdrawn_kind=Withdrawal.WITHDRAWN
        )


@dataclass(frozen=True)
class Row:
    """One document on one site, as the list and the file show it."""

    title: str
    url: str
    kind: str
    language: str
    site: str
    site_url: str
    should_have: str
    changed_at: datetime
    state: State
    has: str
    at: datetime | None
    how: str
    contact_name: str
    contact_email: str
    contact_phone: str

    @property
    def word(self) -> str:
        return self.state.word

    @property
    def what(self) -> str:
        """What the site has, and what it should have where that is something else."""
        if self.has == self.should_have:
            return self.has
        return f"{self.has}; should have: {self.should_have.lower()}"


class HowColumn(Column):
    cell_template_name = "desk/columns/how.html"


class SiteColumn(Column):
    cell_template_name = "desk/columns/site.html"


class SinceColumn(Column):
    """A moment; nothing where none is known."""

    cell_template_name = "desk/columns/since.html"


class SitesHaveView(ReportView):
    """`/cms/sites-have/`, for whoever may see the sites."""

    page_title = "What sites have"
    header_icon = "desktop"
    index_url_name = "sites_have"
    index_results_url_name = "sites_have_results"
    model = Placement
    filterset_class = Filters
    is_searchable = False
    export_headings = {
        "title": "What",
        "kind": "Kind",
        "language": "Language",
        "site": "Site",
        "should_have": "Should have",
        "changed_at": "Since",
        "word": "State",
        "has": "Has",
        "at": "Known since",
        "how": "How we know",
        "contact_name": "Contact",
        "contact_email": "E-mail",
        "contact_phone": "Phone",
    }
    list_export = list(export_headings)
    columns = [
        TitleColumn("title", label="What", get_url=lambda row: row.url, width="24%"),
        Column("kind", label="Kind", width="7%"),
        SiteColumn("site", label="Site", width="15%"),
        StateColumn("state", label="State", width="10%"),
        Column("what", label="What it has", width="12%"),
        SinceColumn("at", label="Known since", width="9%"),
        HowColumn("how", label="How we know"),
    ]

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if not words.may_see(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            keys = list(self.get_filtered_queryset().values_list("pk", flat=True))
            answer: HttpResponseBase = self.as_spreadsheet(
                _exported(keys), request.GET["export"]
            )
            return answer
        shown: HttpResponseBase = super().get(request, *args, **kwargs)
        return shown

    def get_base_queryset(self) -> Any:
        return Placement.objects.order_by("-sequence")

    def get_table(self, object_list: Any) -> Any:
        keys = [one.pk for one in object_list]
        return super().get_table(list(rows_of(keys)))

    def get_filename(self) -> str:
        return f"what-sites-have-{timezone.localdate():%Y-%m-%d}"


def _exported(keys: Sequence[int]) -> Iterator[Row]:
    for start in range(0, len(keys), AT_ONCE):
        yield from rows_of(keys[start : start + AT_ONCE])


def rows_of(keys: Iterable[int]) -> Iterator[Row]:
    """Of these placements, in ten statements however many there are."""
    placements = (
        Placement.objects.filter(pk__in=keys)
        .select_related("document")
        .defer("suffix", "document__full_json", "document__teaser_json")
        .defer("document__plain_text", "document__search", "document__body_search")
        .order_by("-sequence")
    )
    sites = arrivals_of(placements, timezone.now())
    names = words.names_of(site.placement.document for site in sites)
    languages = dict(every_language())
    for site in sites:
        yield _row(site, names[site.placement.document_id].title, languages)


def _row(site: Site, title: str, languages: dict[str, str]) -> Row:
    placement, channel = site.placement, site.channel
    document = placement.document
    is_withdrawn = (
        not placement.is_visible and document.withdrawn_kind == Withdrawal.WITHDRAWN
    )
    return Row(
        title=title,
        url=board_of(document) if is_withdrawn else _appears(placement),
        kind=document.get_type_display(),
        language=languages.get(document.locale, document.locale),
        site=channel.name,
        site_url=page_of(channel),
        should_have=words.should_have(site),
        changed_at=placement.changed_at,
        state=words.state_of(site),
        has=words.has(site),
        at=site.at,
        how=" ".join(words.how(site)),
        contact_name=channel.contact_name,
        contact_email=channel.contact_email,
        contact_phone=channel.contact_phone,
    )


def _appears(placement: Placement) -> str:
    """Where it appears; nothing of what is gone, whose content may be deleted."""
    kind, _, pk = placement.document.source.partition(":")
    if not placement.is_visible:
        return ""
    return reverse("where_it_appears", args=[kind, pk])
