"""The admin's lists of content other than articles: what one scans and filters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    LiveStatusTagColumn,
    UpdatedAtColumn,
)
from wagtail.models import TranslatableMixin
from wagtail.snippets.views.snippets import (
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from content_models import panels, waiting
from content_models.admin_views import ContentDeleteView, ContentEditView
from content_models.article_list import ArticleListing, PublishedFilter
from content_models.choosers import chooser
from content_models.columns import (
    ContentTitleColumn,
    CredentialsColumn,
    NextLapseColumn,
)
from content_models.forms import ContentForm, LocationForm
from content_models.models import (
    Affiliation,
    ArticleCategory,
    ArticleReference,
    ArticleTag,
    Author,
    Award,
    Category,
    CredentialType,
    Location,
    Practice,
    Reference,
    Tag,
)
from content_models.models.base import Drafted
from content_models.pasting import paste_chooser


class _DraftedFilters(WagtailFilterSet):
    live = PublishedFilter()


def _drafted_filters(model: type[Any]) -> type[_DraftedFilters]:
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Filters", (_DraftedFilters,), {"Meta": meta})


def _counted(link: type[Any], to: str, article: str = "article") -> Coalesce:
    """In how many published articles the row stands, by way of `link`."""
    rows = link.objects.filter(**{to: OuterRef("pk"), f"{article}__live": True})
    counted = rows.order_by().values(to).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


class ContentIndexView(IndexView):
    """A list that marks what is in another language.

    It has boxes to tick only for those who may then do something.
    """

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset()
        if issubclass(self.model, TranslatableMixin):
            rows = rows.select_related("locale")
        if issubclass(self.model, Drafted):
            rows = rows.annotate(**waiting.where_it_stands(self.model))
        return rows

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        column: Column = super()._get_title_column(
            field_name, ContentTitleColumn, width="30%", **kwargs
        )
        return column

    @cached_property
    def columns(self) -> list[Column]:
        columns: list[Column] = super().columns
        if self.user_has_any_permission({"publish", "delete"}):
            return columns
        return [
            column
            for column in columns
            if not isinstance(column, BulkActionsCheckboxColumn)
        ]


class ContentViewSet(SnippetViewSet):
    """What all lists share. Searching asks the table: any part of a word hits."""

    index_view_class = ContentIndexView
    search_backend_name = None
    copy_view_enabled = True
    inspect_view_enabled = True
    list_per_page = 50
    delete_view_class = ContentDeleteView
    edit_view_class = ContentEditView
    # Staff look for things by name; the machinery's fields tell them nothing.
    inspect_view_fields_exclude = (
        "id",
        "uuid",
        "translation_key",
        "latest_revision",
        "live_revision",
        "locked_by",
        "locked_at",
        "locked",
        "expired",
        "has_unpublished_changes",
    )


# --- People -----------------------------------------------------------------------


class _AuthorFilters(_DraftedFilters):
    location = django_filters.ModelChoiceFilter(
        field_name="work_places__location",
        queryset=Location.objects.all(),
        label="Works at",
    )
    credential = django_filters.ModelChoiceFilter(
        field_name="credentials__type",
        queryset=CredentialType.objects.all(),
        label="Holds",
    )
    lapsing = django_filters.BooleanFilter(
        method="with_lapsing", label="A credential lapses soon"
    )

    class Meta:
        model = Author
        fields: list[str] = []

    def with_lapsing(
        self, rows: QuerySet[Author], name: str, value: bool
    ) -> QuerySet[Author]:
        today = Practice.load().today(timezone.now())
        found = waiting.authors_with_lapsing(today).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


class AuthorViewSet(ContentViewSet):
    model = Author
    chooser_viewset_class = paste_chooser(
        "prefix", "given_name", "family_name", "suffix", "job_title"
    )
    icon = "user"
    menu_label = "Authors"
    edit_handler = ObjectList(panels.AUTHOR, base_form_class=ContentForm)
    list_display = [
        "__str__",
        CredentialsColumn("credentials", label="Credentials today"),
        NextLapseColumn("next_lapse", label="Next to lapse"),
        "job_title",
        UpdatedAtColumn(),
        LiveStatusTagColumn(),
    ]
    search_fields = ["given_name", "family_name", "job_title", "credentials__number"]
    filterset_class = _AuthorFilters

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        # A name may be found twice: in two credentials.
        return Author.objects.prefetch_related("credentials__type").distinct()


class CredentialTypeViewSet(ContentViewSet):
    model = CredentialType
    chooser_viewset_class = chooser("abbreviation", "name", "kind", "issuer")
    icon = "tag"
    menu_label = "Credential types"
    edit_handler = ObjectList(panels.CREDENTIAL_TYPE, base_form_class=ContentForm)
    list_display = ["abbreviation", "name", "kind", "rank"]
    list_filter = ["kind"]
    search_fields = ["abbreviation", "name", "issuer"]
    ordering = ["rank", "abbreviation"]


class PeopleGroup(SnippetViewSetGroup):
    items = (AuthorViewSet, CredentialTypeViewSet)
    menu_label = "People"
    menu_icon = "group"
    menu_order = 120


# --- References, places, recognition ----------------------------------------------


def _first_author(reference: Reference) -> str:
    names = list(reference.authors.all())
    more = " et al." if reference.authors_incomplete or len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ""


class ReferenceViewSet(ContentViewSet):
    model = Reference
    chooser_viewset_class = paste_chooser(
        "title",
        "kind",
        "container_title",
        "volume",
        "issue",
        "page",
        "year",
        "doi",
        "pmid",
        "url",
    )
    icon = "openquote"
    menu_label = "References"
    menu_order = 130
    add_to_admin_menu = True
    edit_handler = ObjectList(panels.REFERENCE, base_form_class=ContentForm)
    list_display = [
        "title",
        Column("authors", label="Written by", accessor=_first_author),
        "container_title",
        Column("year", sort_key="year"),
        Column("cited", label="Cited by", sort_key="cited"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["kind", "year"]
    search_fields = ["title", "container_title", "doi", "pmid", "authors__family"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reference]:
        cited = _counted(ArticleReference, "reference")
        references = Reference.objects.annotate(cited=cited)
        return references.prefetch_related("authors").distinct()


class LocationViewSet(ContentViewSet):
    model = Location
    chooser_viewset_class = chooser(
        "name", "street_address", "city", "region", "postal_code"
    )
    icon = "site"
    menu_label = "Locations"
    menu_order = 140
    add_to_admin_menu = True
    edit_handler = ObjectList(panels.LOCATION, base_form_class=LocationForm)
    list_display = [
        "name",
        "street_address",
        "city",
        "region",
        UpdatedAtColumn(),
        LiveStatusTagColumn(),
    ]
    search_fields = ["name", "street_address", "city", "postal_code"]
    filterset_class = _drafted_filters(Location)


class AwardViewSet(ContentViewSet):
    model = Award
    chooser_viewset_class = chooser("name", "giver", "year", "result")
    icon = "pick"
    menu_label = "Awards"
    edit_handler = ObjectList(panels.AWARD, base_form_class=ContentForm)
    list_display = [
        "name",
        "giver",
        Column("year", sort_key="year"),
        "result",
        Column(
            "holder",
            label="Given to",
            accessor=lambda award: award.author or award.location or "The practice",
        ),
        LiveStatusTagColumn(),
    ]
    list_filter = ["year"]
    search_fields = ["name", "giver"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Award]:
        return Award.objects.select_related("author", "location")


class AffiliationViewSet(ContentViewSet):
    model = Affiliation
    chooser_viewset_class = chooser("name", "website")
    icon = "link"
    menu_label = "Affiliations"
    edit_handler = ObjectList(panels.AFFILIATION, base_form_class=ContentForm)
    list_display = ["name", "website", UpdatedAtColumn(), LiveStatusTagColumn()]
    search_fields = ["name", "website"]
    filterset_class = _drafted_filters(Affiliation)


class AwardsGroup(SnippetViewSetGroup):
    items = (AwardViewSet, AffiliationViewSet)
    menu_label = "Awards"
    menu_name = "awards-menu"
    menu_icon = "pick"
    menu_order = 150


# --- Articles and their topics -----------------------------------------------------


class CategoryViewSet(ContentViewSet):
    model = Category
    chooser_viewset_class = chooser("name", "description")
    icon = "folder-open-inverse"
    menu_label = "Categories"
    edit_handler = ObjectList(panels.CATEGORY, base_form_class=ContentForm)
    list_display = [
        "name",
        "description",
        Column("articles", label="Articles", sort_key="articles"),
        LiveStatusTagColumn(),
    ]
    search_fields = ["name", "description"]
    filterset_class = _drafted_filters(Category)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return Category.objects.annotate(articles=_counted(ArticleCategory, "category"))


class TagViewSet(ContentViewSet):
    model = Tag
    icon = "tag"
    menu_label = "Tags"
    edit_handler = ObjectList(panels.TAG, base_form_class=ContentForm)
    list_display = [
        "name",
        Column("articles", label="Articles", sort_key="articles"),
    ]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        articles = _counted(ArticleTag, "tag", article="content_object")
        return Tag.objects.annotate(articles=articles)


class ArticlesGroup(SnippetViewSetGroup):
    """All that has to do with writing; the desk adds the sections to its menu."""

    items = (ArticleListing, CategoryViewSet, TagViewSet)
    submenu_hook = "register_articles_menu_item"
    menu_label = "Articles"
    menu_name = "articles-menu"
    menu_icon = "doc-full-inverse"
    menu_order = 100
