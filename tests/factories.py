"""One factory per model: what a test does not name is plausible and of no account.

Drafted content is published, through a revision and in one publication, unless
`live=False` is given. Relations take objects or short forms:

    AuthorFactory(family_name="Scarlino", credentials=["PT", "DPT"])
    ArticleFactory(authors=[author], references=[source], categories=[category])
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import models
from PIL import Image as Pillow
from wagtail.documents.models import Document as File
from wagtail.models import Locale, Page, Site

from content_models import models as content
from content_models.publication import publication
from content_models.validators import e164

PASSWORD = "correct horse battery staple"


def locale(language: str = "en") -> Locale:
    """The locale of `language`, made when it is missing."""
    return Locale.objects.get_or_create(language_code=language)[0]


def published(instance: Any, live: bool = True) -> Any:
    """`instance`, saved as a draft and, if `live`, published, read anew."""
    with publication():
        if instance.pk is None:
            instance.live = False
            instance.save()
        revision = instance.save_revision()
        if live:
            revision.publish()
    return type(instance).objects.get(pk=instance.pk)


class DraftedFactory(factory.django.DjangoModelFactory):
    """Content with drafts. `_relations` turn keyword arguments into child objects."""

    _relations: dict[str, tuple[str, Callable[[Any], models.Model]]] = {}

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        live = kwargs.pop("live", True)
        return published(cls._with_children(model_class, kwargs), live)

    @classmethod
    def _with_children(cls, model_class: type[Any], fields: dict[str, Any]) -> Any:
        children = {name: fields.pop(name, []) for name in cls._relations}
        instance = model_class(**fields)
        for name, (relation, child) in cls._relations.items():
            setattr(instance, relation, [child(given) for given in children[name]])
        return instance


class SavedFactory(factory.django.DjangoModelFactory):
    """Content without drafts: saving publishes it."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        with publication():
            return super()._create(model_class, *args, **kwargs)


class TranslatedFactory(DraftedFactory):
    locale = factory.LazyFunction(locale)

    class Meta:
        abstract = True


# --- Media, practice, words -------------------------------------------------------


def picture(width: int = 64, height: int = 48, format: str = "PNG") -> bytes:
    """The bytes of an image of one colour."""
    buffer = BytesIO()
    Pillow.new("RGB", (width, height), "#2f6f6b").save(buffer, format)
    return buffer.getvalue()


class ImageFactory(SavedFactory):
    title = factory.Sequence(lambda n: f"Picture {n}")
    description = "A person stretching"
    file = factory.LazyFunction(lambda: ContentFile(picture(), "picture.png"))

    class Meta:
        model = content.Image


class FileFactory(factory.django.DjangoModelFactory):
    """What staff keep among the documents."""

    title = "Exercise sheet"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7", "sheet.pdf"))

    class Meta:
        model = File


class PracticeFactory(factory.django.DjangoModelFactory):
    """The one practice, with what is given changed."""

    class Meta:
        model = content.Practice

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        practice = model_class.load()
        for field, value in kwargs.items():
            setattr(practice, field, value)
        with publication():
            practice.save()
        return practice


class CategoryFactory(TranslatedFactory):
    name = factory.Sequence(lambda n: f"Subject {n}")
    slug = factory.Sequence(lambda n: f"subject-{n}")

    class Meta:
        model = content.Category


class TagFactory(SavedFactory):
    name = factory.Sequence(lambda n: f"word {n}")
    slug = factory.Sequence(lambda n: f"word-{n}")

    class Meta:
        model = content.Tag


# --- Places -----------------------------------------------------------------------


class LocationFactory(TranslatedFactory):
    name = factory.Sequence(lambda n: f"Clinic {n}")
    slug = factory.Sequence(lambda n: f"clinic-{n}")
    street_address = "12 Shore Road"
    city = "Brick"
    region = "US-NJ"
    postal_code = "08723"
    _relations = {
        "phones": ("phones", lambda number: content.Phone(number=e164(number))),
        "hours": (
            "hours",
            lambda row: content.OpeningHours(
                weekday=row[0], opens=row[1], closes=row[2]
            ),
        ),
        "hours_exceptions": ("hours_exceptions", lambda exception: exception),
        "services": ("services", lambda name: content.Service(name=name)),
        "photos": ("photos", lambda image: content.LocationPhoto(image=image)),
    }

    class Meta:
        model = content.Location


# --- People -----------------------------------------------------------------------


class CredentialTypeFactory(SavedFactory):
    abbreviation = factory.Sequence(lambda n: f"CERT{n}")
    name = factory.LazyAttribute(lambda made: f"The credential {made.abbreviation}")
    kind = content.CredentialType.Kind.CERTIFICATION

    class Meta:
        model = content.CredentialType
        django_get_or_create = ("abbreviation",)


def credential(
    given: str | content.CredentialType | content.Credential, **fields: Any
) -> content.Credential:
    """An unsaved credential of an abbreviation, of a type, or as it is."""
    if isinstance(given, content.Credential):
        return given
    if isinstance(given, str):
        given = CredentialTypeFactory(abbreviation=given)
    return content.Credential(type=given, **fields)


class AuthorFactory(TranslatedFactory):
    given_name = "Ada"
    family_name = factory.Sequence(lambda n: f"Writer{n}")
    slug = factory.Sequence(lambda n: f"ada-writer{n}")
    _relations = {
        "credentials": ("credentials", credential),
        "locations": (
            "work_places",
            lambda location: content.AuthorLocation(location=location),
        ),
    }

    class Meta:
        model = content.Author


# --- References, awards -----------------------------------------------------------


class ReferenceFactory(DraftedFactory):
    title = factory.Sequence(lambda n: f"A trial of exercise, part {n}")
    slug = factory.Sequence(lambda n: f"a-trial-of-exercise-part-{n}")
    container_title = "Journal of Examples"
    year = 2019
    doi = factory.Sequence(lambda n: f"10.5555/example.{n}")
    _relations = {
        "authors": (
            "authors",
            lambda family: content.ReferenceAuthor(family=family, given="A."),
        )
    }

    class Meta:
        model = content.Reference


class AwardFactory(TranslatedFactory):
    name = factory.Sequence(lambda n: f"Award {n}")
    slug = factory.Sequence(lambda n: f"award-{n}")
    year = 2017

    class Meta:
        model = content.Award


class AffiliationFactory(TranslatedFactory):
    name = factory.Sequence(lambda n: f"Association {n}")
    slug = factory.Sequence(lambda n: f"association-{n}")

    class Meta:
        model = content.Affiliation


# --- Articles and their sections --------------------------------------------------


def root() -> Page:
    """The root of the page tree; a database that was flushed has lost it."""
    existing = Page.get_first_root_node()
    if existing is not None:
        return existing
    return Page.add_root(instance=Page(title="Sections", slug="root", locale=locale()))


def home_section() -> content.Section:
    """The section that is the site's root: all articles lie under it."""
    existing = content.Section.objects.filter(depth=2).first()
    if existing is not None:
        return existing
    section = content.Section(title="Articles", slug="content", locale=locale())
    with publication():
        root().add_child(instance=section)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": section},
    )
    return section


class SectionFactory(factory.django.DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Section {n}")
    slug = factory.Sequence(lambda n: f"section-{n}")
    locale = factory.LazyFunction(locale)

    class Meta:
        model = content.Section

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        parent = Page.objects.get(pk=(kwargs.pop("parent", None) or home_section()).pk)
        with publication():
            return parent.add_child(instance=model_class(**kwargs))


class ArticleFactory(TranslatedFactory):
    """`authors=None`, the default, gives it one author; `[]` none."""

    title = factory.Sequence(lambda n: f"Back pain at work {n}")
    slug = factory.Sequence(lambda n: f"back-pain-at-work-{n}")
    summary = "Sitting all day hurts. Three exercises that help."
    body = factory.LazyFunction(lambda: [("text", "<p>Get up every half hour.</p>")])
    _relations = {
        "authors": (
            "authorships",
            lambda author: content.ArticleAuthor(author=author),
        ),
        "reviewers": (
            "reviews",
            lambda reviewer: content.ArticleReviewer(
                reviewer=reviewer, reviewed_on=date(2026, 1, 15)
            ),
        ),
        "references": (
            "citations",
            lambda reference: content.ArticleReference(reference=reference),
        ),
        "categories": (
            "filings",
            lambda category: content.ArticleCategory(category=category),
        ),
        "locations": (
            "places",
            lambda location: content.ArticleLocation(location=location),
        ),
    }

    class Meta:
        model = content.Article

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("authors") is None:
            kwargs["authors"] = [AuthorFactory()]
        live, tags = kwargs.pop("live", True), kwargs.pop("tags", [])
        # Read anew: an older copy does not know of children added since.
        parent = Page.objects.get(pk=(kwargs.pop("parent", None) or home_section()).pk)
        with publication():
            article = cls._with_children(model_class, kwargs)
            article.live = False
            parent.add_child(instance=article)
            article.tags.set(tags)
            return published(article, live)


# --- Staff ------------------------------------------------------------------------


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who works here, with the named groups: `UserFactory(roles=["Editors"])`.

    The password is `PASSWORD`.
    """

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda made: f"{made.username}@example.com")
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    @factory.post_generation
    def roles(self, create: bool, names: list[str] | None, **kwargs: Any) -> None:
        for name in names or []:
            self.groups.add(Group.objects.get(name=name))  # type: ignore[attr-defined]
