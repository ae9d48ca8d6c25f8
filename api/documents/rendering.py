"""From a content object to what its document says. Reads, and changes nothing."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from content_models.models import (
    Affiliation,
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleLocation,
    ArticleReference,
    ArticleReviewer,
    Author,
    AuthorLocation,
    Award,
    Location,
    LocationPhoto,
    Practice,
    Reference,
)

from .identity import (
    KINDS,
    MODELS,
    document_id_of,
    kind_of,
    locale_of,
    source_of,
    translation_group_of,
)
from .models import Kind
from .serializers.articles import ArticleSerializer, ArticleSummary
from .serializers.authors import AuthorSerializer, AuthorSummary
from .serializers.awards import (
    AffiliationSerializer,
    AffiliationSummary,
    AwardSerializer,
    AwardSummary,
)
from .serializers.base import IdentitySerializer, Rendering, Scene, as_json
from .serializers.locations import LocationSerializer, LocationSummary
from .serializers.references import ReferenceSerializer, ReferenceSummary
from .serializers.site import PracticeSerializer, PracticeSummary
from .serializers.taxonomy import (
    CategorySerializer,
    CategorySummary,
    TagSerializer,
    TagSummary,
)

SERIALIZERS: dict[Kind, tuple[type[IdentitySerializer], type[IdentitySerializer]]] = {
    Kind.ARTICLE: (ArticleSerializer, ArticleSummary),
    Kind.AUTHOR: (AuthorSerializer, AuthorSummary),
    Kind.REFERENCE: (ReferenceSerializer, ReferenceSummary),
    Kind.LOCATION: (LocationSerializer, LocationSummary),
    Kind.AWARD: (AwardSerializer, AwardSummary),
    Kind.AFFILIATION: (AffiliationSerializer, AffiliationSummary),
    Kind.CATEGORY: (CategorySerializer, CategorySummary),
    Kind.TAG: (TagSerializer, TagSummary),
    Kind.PRACTICE: (PracticeSerializer, PracticeSummary),
}


@dataclass(frozen=True)
class Rendered:
    """What a document says and how it is found; `version` and time are not in it."""

    id: UUID
    kind: Kind
    locale: str
    slug: str
    translation_group: UUID
    source: str
    published_at: datetime
    canonical_url: str | None
    # All members in the order of the wire, and which of them a list shows.
    members: dict[str, Any]
    summary_names: tuple[str, ...]
    keys: list[str]
    facets: list[str]
    title_sort: str
    sort_key: str
    # Title, summary, keywords and body, as search weighs them.
    words: tuple[str, str, str, str]
    valid_until: datetime | None
    visible_until: datetime | None
    change_note: str
    significance: str

    @property
    def fingerprint(self) -> str:
        """Equal for two renders exactly if they say the same."""
        return hashlib.sha256(as_json(self.members).encode()).hexdigest()


def published(kind: Kind, scene: Scene, now: datetime) -> QuerySet[Any]:
    """The content objects of `kind` that are public at `now`, ready to be rendered.

    For articles the caller still asks `scene.is_public`: a section's privacy is not
    in the row.
    """
    contents = _PREPARED[kind]()
    if kind in (Kind.TAG, Kind.PRACTICE):
        return contents
    # A row that code made live without publishing it has no date to be sorted by.
    live = contents.filter(live=True, first_published_at__isnull=False)
    return live.exclude(expire_at__lte=now)


def is_public(source: str, scene: Scene, now: datetime) -> bool:
    """Whether anyone may read the object of `source` at `now`."""
    kind = cast(Kind, kind_of(source))
    found = published(kind, scene, now).prefetch_related(None)
    content = found.filter(pk=source.partition(":")[2]).first()
    return content is not None and (kind != Kind.ARTICLE or scene.is_public(content))


def public_content(source: str, scene: Scene, now: datetime) -> Any | None:
    """The object of `source` if anyone may read it at `now`, ready to be rendered."""
    kind = cast(Kind, kind_of(source))
    content = published(kind, scene, now).filter(pk=source.partition(":")[2]).first()
    if content is None or (kind == Kind.ARTICLE and not scene.is_public(content)):
        return None
    return content


def render(content: Any, scene: Scene, now: datetime) -> Rendered:
    """What the document of `content` says on the day of `scene`."""
    kind = KINDS[type(content)]
    rendering = Rendering(scene)
    rendering.look_at(content)
    rendering.look_at(scene.practice)
    full, summary = SERIALIZERS[kind]
    members = dict(full(content, context={"rendering": rendering}).data)
    return Rendered(
        id=document_id_of(content),
        kind=kind,
        locale=locale_of(content),
        slug=members["slug"],
        translation_group=translation_group_of(content),
        source=source_of(type(content), content.pk),
        published_at=getattr(content, "first_published_at", None) or now,
        canonical_url=members["canonical_url"],
        members=members,
        summary_names=tuple(summary().fields),
        keys=list(rendering.keys),
        facets=_facets(kind, members, scene.practice),
        title_sort=_fold(_sort_name(kind, members)),
        sort_key=_sort_key(kind, members),
        words=_words(kind, members),
        valid_until=_valid_until(kind, content, scene),
        visible_until=getattr(content, "expire_at", None),
        change_note=members.get("change_note") or "",
        significance=members.get("significance") or "",
    )


def _facets(kind: Kind, members: dict[str, Any], practice: Practice) -> list[str]:
    if kind == Kind.AUTHOR:
        return [f"location:{place['slug']}" for place in members["locations"]]
    if kind != Kind.ARTICLE:
        return []
    facets = [
        f"{name}:{one['slug']}"
        for name, listed in (
            ("category", members["categories"]),
            ("tag", members["tags"]),
            ("author", members["authors"]),
            ("location", members["locations"]),
        )
        for one in listed
    ]
    for reference in members["references"]:
        facets.append(f"reference:{reference['id']}")
        if reference["doi"]:
            facets.append(f"reference:{reference['doi'].lower()}")
    published_on = practice.today(datetime.fromisoformat(members["published_at"]))
    return [*facets, f"year:{published_on.year}"]


def _sort_name(kind: Kind, members: dict[str, Any]) -> str:
    if kind == Kind.AUTHOR:
        return f"{members['family_name']} {members['given_name']}"
    return str(members.get("title") or members.get("name") or "")


def _fold(text: str) -> str:
    """`text` as it is sorted: without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))[:200]


def _sort_key(kind: Kind, members: dict[str, Any]) -> str:
    if kind == Kind.ARTICLE:
        return str(members["published_at"])
    if kind in (Kind.AWARD, Kind.REFERENCE):
        return f"{members['year'] or 0:04d}"
    return _fold(_sort_name(kind, members))


def _words(kind: Kind, members: dict[str, Any]) -> tuple[str, str, str, str]:
    title = str(members.get("title") or members.get("name") or "")
    if kind == Kind.ARTICLE:
        keywords = [one["name"] for one in members["categories"] + members["tags"]]
        keywords += [author["name"] for author in members["authors"]]
        return title, members["summary"], " ".join(keywords), members["body_html"]
    if kind == Kind.AUTHOR:
        return title, members["job_title"], members["byline"], members["bio_html"]
    if kind == Kind.LOCATION:
        services = [service["name"] for service in members["services"]]
        return title, members["city"], " ".join(services), members["intro_html"]
    return title, "", "", ""


def _valid_until(kind: Kind, content: Any, scene: Scene) -> datetime | None:
    """When the byline of one of those shown changes next; None if never."""
    authors: Iterable[Author] = ()
    if kind == Kind.AUTHOR:
        authors = [content]
    elif kind == Kind.ARTICLE:
        authors = [one.author for one in content.authorships.all()]
        authors += [one.reviewer for one in content.reviews.all()]
    changes = [author.next_change_after(scene.day) for author in authors]
    days: list[date] = [day for day in changes if day is not None]
    if not days:
        return None
    return scene.practice.midnight_before(min(days))


def _articles() -> QuerySet[Article]:
    def people(name: str) -> list[str]:
        return [f"{name}__credentials__type", f"{name}__photo__renditions"]

    def linked(model: Any, name: str) -> QuerySet[Any]:
        return model.objects.select_related(f"{name}__locale")

    return Article.objects.select_related(
        "locale", "home", "image", "social_image"
    ).prefetch_related(
        "image__renditions",
        "social_image__renditions",
        Prefetch(
            "authorships",
            ArticleAuthor.objects.select_related("author__locale", "author__photo"),
        ),
        *people("authorships__author"),
        Prefetch(
            "reviews",
            ArticleReviewer.objects.select_related(
                "reviewer__locale", "reviewer__photo"
            ),
        ),
        *people("reviews__reviewer"),
        Prefetch("citations", ArticleReference.objects.select_related("reference")),
        "citations__reference__authors",
        Prefetch("filings", linked(ArticleCategory, "category")),
        Prefetch("places", linked(ArticleLocation, "location")),
        "tagged_items__tag",
    )


def _authors() -> QuerySet[Author]:
    return Author.objects.select_related("locale", "photo").prefetch_related(
        "photo__renditions",
        "credentials__type",
        Prefetch(
            "work_places",
            AuthorLocation.objects.select_related("location__locale"),
        ),
    )


def _locations() -> QuerySet[Location]:
    return Location.objects.select_related("locale").prefetch_related(
        "phones",
        "hours",
        "hours_exceptions",
        "services",
        Prefetch("photos", LocationPhoto.objects.select_related("image")),
        "photos__image__renditions",
    )


_PREPARED: dict[Kind, Any] = {
    Kind.ARTICLE: _articles,
    Kind.AUTHOR: _authors,
    Kind.LOCATION: _locations,
    Kind.REFERENCE: lambda: Reference.objects.prefetch_related("authors"),
    Kind.AWARD: lambda: Award.objects.select_related(
        "locale", "badge", "author__locale", "location__locale"
    ).prefetch_related("badge__renditions"),
    Kind.AFFILIATION: lambda: Affiliation.objects.select_related(
        "locale", "logo"
    ).prefetch_related("logo__renditions"),
    Kind.CATEGORY: lambda: MODELS[Kind.CATEGORY].objects.select_related("locale"),  # type: ignore[attr-defined]
    Kind.TAG: lambda: MODELS[Kind.TAG].objects.all(),  # type: ignore[attr-defined]
    Kind.PRACTICE: lambda: Practice.objects.prefetch_related("logo__renditions"),
}
