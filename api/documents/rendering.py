"""From a content object to what its document says. Reads, and changes nothing."""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from api.channels.entitlements import topic
from content_models.models import (
    Affiliation,
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleLocation,
    ArticleReference,
    ArticleReviewer,
    ArticleTag,
    Author,
    AuthorLocation,
    Award,
    Category,
    Credential,
    CredentialType,
    Image,
    Location,
    LocationPhoto,
    Practice,
    Reference,
    Tag,
)

from .identity import (
    KINDS,
    MODELS,
    document_id_of,
    kind_of,
    locale_of,
    path_of,
    source_of,
    translation_group_of,
)
from .models import Kind
from .scene import Scene
from .serializers.articles import ArticleSerializer, ArticleSummary
from .serializers.authors import AuthorSerializer, AuthorSummary
from .serializers.awards import (
    AffiliationSerializer,
    AffiliationSummary,
    AwardSerializer,
    AwardSummary,
)
from .serializers.base import IdentitySerializer, Rendering, as_json, timestamp
from .serializers.body import plain
from .serializers.locations import LocationSerializer, LocationSummary
from .serializers.references import ReferenceSerializer, ReferenceSummary
from .serializers.site import PracticeSerializer, PracticeSummary
from .serializers.taxonomy import (
    CategorySerializer,
    CategorySummary,
    TagSerializer,
    TagSummary,
)

log = logging.getLogger(__name__)

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

# What readers find at an address of its own on a site of the practice.
_WITH_PAGES = {Kind.ARTICLE, Kind.AUTHOR, Kind.LOCATION, Kind.PRACTICE}

# What of an article is its text: not carried by channels that carry the summary only.
_TEXT: dict[str, Any] = {"body": [], "body_html": "", "references": []}

# Characters. PostgreSQL refuses a tsvector over 1 MB; no reader searches that far down.
SEARCHED = 100_000

# Unicode's category Cc: there are no others.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# What is part of documents without being one.
_OTHERS: dict[str, type[Model]] = {
    "credentialtype": CredentialType,
    "image": Image,
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
    path: str
    # All members in the order of the wire, and which of them a list shows.
    members: dict[str, Any]
    summary_names: tuple[str, ...]
    keys: list[str]
    # The sources of what can be seen in it.
    shows: list[str]
    facets: list[str]
    topics: list[str]
    uses: list[UUID]
    title_sort: str
    sort_key: str
    # Title, summary, keywords and body, as search weighs them.
    words: tuple[str, str, str, str]
    place: tuple[float | None, float | None]
    valid_until: datetime | None
    visible_until: datetime | None
    change_note: str
    significance: str

    @cached_property
    def fingerprint(self) -> str:
        """Equal for two renders exactly if they say the same."""
        return hashlib.sha256(as_json(self.members).encode()).hexdigest()

    @property
    def plain_text(self) -> str:
        """Summary and body, of which a highlight is a piece; no control characters."""
        _, summary, _, body = self.words
        read = " ".join(f"{summary} {body}".split())[:SEARCHED]
        return _CONTROL.sub("", read)

    def texts(self, version: int, updated_at: datetime) -> Texts:
        """The JSON in all its forms, with what only publishing can say."""
        given = {"version": version, "updated_at": timestamp(updated_at)}
        members = {**self.members, **given}
        summary = {name: members[name] for name in self.summary_names}
        teaser = None
        if self.kind == Kind.ARTICLE:
            teaser = as_json({**members, **_TEXT})
        return Texts(as_json(members), as_json(summary), teaser)


class Texts(NamedTuple):
    """A document as JSON: all of it, as lists show it, and without its text.

    Only an article has the last.
    """

    full: str
    summary: str
    teaser: str | None


def candidates(kind: Kind) -> QuerySet[Any]:
    """The content objects of `kind` that may be public, ready to be rendered.

    Whether they are, `scene.is_public` says: privacy is not in the row.
    """
    contents = _PREPARED[kind]()
    return contents if kind in (Kind.TAG, Kind.PRACTICE) else contents.filter(live=True)


def public_content(source: str, scene: Scene) -> Any | None:
    """The object of `source` if anyone may see it, ready to be rendered."""
    kind = cast(Kind, kind_of(source))
    content = candidates(kind).filter(pk=source.partition(":")[2]).first()
    return content if content is not None and scene.is_public(content) else None


def public_contents(sources: Iterable[str], scene: Scene) -> dict[str, Any]:
    """Those objects of `sources` that anyone may see, read kind by kind."""
    # Of what was read before.
    scene.kept.pop("parts", None)
    keys: dict[Kind, list[str]] = {}
    for source in sources:
        keys.setdefault(cast(Kind, kind_of(source)), []).append(
            source.partition(":")[2]
        )
    return {
        source_of(type(content), content.pk): content
        for kind, pks in keys.items()
        for content in candidates(kind).filter(pk__in=pks)
        if scene.is_public(content)
    }


def may_be_named(source: str, scene: Scene) -> bool:
    """Whether others may show or lead to the object of `source`."""
    content = _plain(source)
    return content is not None and scene.may_be_named(content)


def is_public(source: str, scene: Scene) -> bool:
    """Whether anyone may see the object of `source`, without preparing it."""
    content = _plain(source)
    return content is not None and scene.is_public(content)


def _plain(source: str) -> Any | None:
    name, _, pk = source.partition(":")
    kind = kind_of(source)
    model = MODELS[kind] if kind else _OTHERS[name]
    return model._default_manager.filter(pk=pk).first()


def render(content: Any, scene: Scene) -> Rendered:
    """What the document of `content` says on the day of `scene`."""
    kind = KINDS[type(content)]
    rendering = Rendering(scene)
    rendering.look_at(content)
    rendering.look_at(scene.practice)
    full, summary = SERIALIZERS[kind]
    members = dict(rendering.shape(full).to_representation(content))
    followers: Followers = {}
    if kind == Kind.ARTICLE:
        # Part of its attribution, which is written when it is placed.
        rendering.image(scene.practice.logo)
        followers = _followers(content, scene)
    return Rendered(
        id=document_id_of(content),
        kind=kind,
        locale=locale_of(content),
        slug=members["slug"],
        translation_group=translation_group_of(content),
        source=source_of(type(content), content.pk),
        published_at=getattr(content, "first_published_at", None) or scene.now,
        canonical_url=members["canonical_url"],
        path=_path(kind, members["canonical_url"]),
        members=members,
        summary_names=tuple(rendering.shape(summary).fields),
        keys=list(rendering.keys),
        shows=sorted(rendering.shows),
        facets=_facets(kind, members, scene.practice),
        topics=_topics(followers),
        uses=sorted(
            {document_id_of(one) for each in followers.values() for one in each}
        ),
        title_sort=_fold(_sort_name(kind, members)),
        sort_key=_sort_key(kind, members),
        words=_words(kind, members),
        place=(members.get("latitude"), members.get("longitude")),
        valid_until=_valid_until(kind, content, rendering),
        visible_until=getattr(content, "expire_at", None),
        change_note=members.get("change_note") or "",
        significance=members.get("significance") or "",
    )


def attempts(sources: Iterable[str], scene: Scene) -> dict[str, Rendered | None]:
    """The renders of `sources`; None where it is not public or cannot be rendered."""
    contents = public_contents(sources, scene)
    return {source: _attempt(source, contents.get(source), scene) for source in sources}


def _attempt(source: str, content: Any | None, scene: Scene) -> Rendered | None:
    try:
        return render(content, scene) if content is not None else None
    except Exception:
        # Whoever asked tries again where it can be told, and is told then.
        log.exception("Could not render %s", source)
        return None


def _path(kind: Kind, canonical_url: str | None) -> str:
    """Where it is on our own sites; empty for what others publish, or nobody."""
    return path_of(canonical_url) if canonical_url and kind in _WITH_PAGES else ""


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


# What an article shows of others, by the name of its part in the article.
Followers = Mapping[str, Sequence[Any]]
# By which of them channels choose.
_TOPICS = ("category", "tag", "location", "author")


def topics_of(article: Article, scene: Scene) -> list[str]:
    """What channels choose `article` by, without rendering it."""
    return _topics(_followers(article, scene))


def _topics(followers: Followers) -> list[str]:
    return [
        topic(name, translation_group_of(one))
        for name in _TOPICS
        for one in followers.get(name, ())
    ]


def _followers(article: Article, scene: Scene) -> Followers:
    """What is public of what `article` shows, ready to be named."""
    parts = {
        "category": [filing.category for filing in article.filings.all()],
        "tag": [item.tag for item in article.tagged_items.all()],
        "location": [place.location for place in article.places.all()],
        "author": [authorship.author for authorship in article.authorships.all()],
        "reviewer": [review.reviewer for review in article.reviews.all()],
        "reference": [citation.reference for citation in article.citations.all()],
    }
    return {
        name: [one for one in each if scene.is_public(one)]
        for name, each in parts.items()
    }


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
        body = plain(members["body_html"])
        return title, members["summary"], " ".join(keywords), body
    if kind == Kind.AUTHOR:
        bio = plain(members["bio_html"])
        return title, members["job_title"], members["byline"], bio
    if kind == Kind.LOCATION:
        services = [service["name"] for service in members["services"]]
        parts = ("city", "postal_code", "street_address")
        place = " ".join(members[part] for part in parts)
        return title, place, " ".join(services), plain(members["intro_html"])
    return title, "", "", ""


def _valid_until(kind: Kind, content: Any, rendering: Rendering) -> datetime | None:
    """When what is shown changes by the clock alone; None if never.

    That is when a byline gains or loses a credential, or something within expires.
    """
    authors: Iterable[Author] = ()
    if kind == Kind.AUTHOR:
        authors = [content]
    elif kind == Kind.ARTICLE:
        authors = [one.author for one in content.authorships.all()]
        authors += [one.reviewer for one in content.reviews.all()]
    changes = [author.next_change_after(rendering.day) for author in authors]
    moments = [rendering.practice.midnight_before(day) for day in changes if day]
    return min([*moments, *rendering.lapses_at], default=None)


def _articles() -> QuerySet[Article]:
    def people(name: str) -> list[Any]:
        return [
            Prefetch(f"{name}__credentials", Credential.objects.select_related("type")),
            f"{name}__photo__renditions",
        ]

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
        Prefetch("tagged_items", ArticleTag.objects.select_related("tag")),
        "corrections",
    )


def _authors() -> QuerySet[Author]:
    return Author.objects.select_related("locale", "photo").prefetch_related(
        "photo__renditions",
        Prefetch("credentials", Credential.objects.select_related("type")),
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
    Kind.CATEGORY: lambda: Category.objects.select_related("locale"),
    Kind.TAG: lambda: Tag.objects.all(),
    Kind.PRACTICE: lambda: Practice.objects.prefetch_related("logo__renditions"),
}
