"""A world of neighbours, things to hide in it, and documents that name them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import connection
from wagtail.models import Collection, Page

from api.documents import publishing
from content_models import models as content
from tests import factories as make
from tests.contract import corpus

from .names import DOI, LATITUDE, LONGITUDE, MARK, NAMES, UNTRANSLATED


def neighbours() -> None:
    """The world in which things are hidden: every kind, one article in Spanish too."""
    rows_from(1_000_000)
    corpus.publish()
    make.PracticeFactory(logo=None)
    _make_picture()
    original = content.Article.objects.get(slug="hip-pain")
    make.ArticleFactory(
        locale=make.locale("es"),
        translation_key=original.translation_key,
        slug="dolor-de-cadera",
        title="Dolor de cadera",
        authors=[_the(content.Author, "lisa-scarlino")],
        body=_body("Camine."),
    )


def picture() -> content.Image:
    """The image that speaks of hidden things; nothing shows it by itself."""
    return _the(content.Image, title=f"{MARK}imagetitle")


def _make_picture() -> None:
    with publishing.publishing():
        image = make.ImageFactory(
            title=f"{MARK}imagetitle",
            description=f"{MARK}imagealt",
            credit=f"{MARK}imagecredit",
            file=ContentFile(make.picture(30, 20), f"{MARK}file.png"),
        )
        image.make_renditions()


def put_into(collection: Collection) -> content.Image:
    """The image, which is kept in `collection` from now on."""
    image = picture()
    with publishing.publishing():
        image.collection = collection
        image.save()
    return image


def thing(kind: str, *, live: bool = True, **fields: Any) -> Any:
    """A thing of `kind` that would stand beside its neighbours everywhere.

    One that is live had its former slug first.
    """
    names = NAMES[kind]
    key = "uuid" if kind in UNTRANSLATED else "translation_key"
    given = {key: names.group, **_saying(kind), **fields}
    slug = names.former_slug if live else names.slug
    made = _FACTORIES[kind](
        slug=slug, **({"live": live} if kind != "tag" else {}), **given
    )
    return changed(made, slug=names.slug) if live else made


def changed(instance: Any, **fields: Any) -> Any:
    """`instance` published, or saved where it has no drafts, with other fields."""
    instance = again(instance)
    for name, value in fields.items():
        setattr(instance, name, value)
    with publishing.publishing():
        if isinstance(instance, content.Tag):
            instance.save()
        else:
            instance.save_revision().publish()
    return again(instance)


def again(instance: Any) -> Any:
    return type(instance).objects.get(pk=instance.pk)


def hosts(hidden: Mapping[str, Any] = {}, image: content.Image | None = None) -> None:
    """Documents that are public and name what is `hidden`, each kind where it can be.

    Without anything hidden they are what they should look like with it.
    """

    def also(kind: str, *others: Any) -> list[Any]:
        return [*others, *([hidden[kind]] if kind in hidden else [])]

    rows_from(3_000_000)
    lisa = _the(content.Author, "lisa-scarlino")
    trial = _the(content.Reference, "a-trial-of-exercise")
    hip = _the(content.Category, "hip")
    brick = _the(content.Location, "brick")
    running = _the(content.Tag, "running")
    target = hidden.get("article")
    link = (
        f'<a linktype="page" id="{target.pk}">the guide</a>' if target else "the guide"
    )
    make.ArticleFactory(
        translation_key=UUID(int=0x4057),
        slug="host",
        title="Host",
        authors=also("author", lisa),
        reviewers=also("author", lisa),
        references=also("reference", trial),
        categories=also("category", hip),
        locations=also("location", brick),
        tags=also("tag", running),
        home=hidden.get("location") if "author" in hidden else None,
        image=image,
        social_image=image,
        body=_body(f"Read [1] and [2] and {link}.", image),
    )
    make.AuthorFactory(
        translation_key=UUID(int=0x4058),
        slug="host-author",
        family_name="Host",
        photo=image,
        locations=also("location", brick),
    )
    make.LocationFactory(
        translation_key=UUID(int=0x4059),
        slug="host-location",
        name="Host clinic",
        photos=[image] if image else [],
    )
    for factory, number, slug, field in (
        (make.AwardFactory, 0x405A, "host-award", "badge"),
        (make.AffiliationFactory, 0x405B, "host-affiliation", "logo"),
    ):
        factory(
            translation_key=UUID(int=number), slug=slug, name=slug, **{field: image}
        )
    if image:
        make.PracticeFactory(logo=image)


def rows_from(number: int) -> None:
    """Let the rows that are made next have numbers from `number` on.

    Caches are told which rows an answer rests on, so those of `hosts` must be the same
    in every world, whatever else is in it.
    """
    models = (content.Author, content.Location, content.Award, content.Affiliation)
    tables = [model._meta.db_table for model in (*models, Page)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number]
            )


def _saying(kind: str) -> dict[str, Any]:
    """Everything that a thing of `kind` says, and whom it names."""

    def words(*names: str) -> dict[str, Any]:
        return {name: f"{MARK}{kind}{name.replace('_', '')}" for name in names}

    title = NAMES[kind].word
    body = f"<p>{NAMES[kind].body_word}</p>"
    lisa = _the(content.Author, "lisa-scarlino")
    brick = _the(content.Location, "brick")
    if kind == "article":
        return {
            "title": title,
            **words("summary", "change_note", "seo_title", "search_description"),
            "body": _body(NAMES[kind].body_word, picture()),
            "authors": [lisa],
            "references": [_the(content.Reference, "a-trial-of-exercise")],
            "categories": [_the(content.Category, "hip")],
            "locations": [brick],
            "tags": [_the(content.Tag, "running")],
        }
    if kind == "author":
        return {
            "given_name": title,
            **words("family_name", "job_title"),
            "bio": body,
            "credentials": [f"{MARK.upper()}C"],
            "locations": [brick],
            "photo": picture(),
        }
    if kind == "reference":
        said = words("container_title")
        return {"title": title, "doi": DOI, "authors": [f"{MARK}writer"], **said}
    if kind == "location":
        return {
            "name": title,
            "intro": body,
            **words("street_address", "city"),
            "latitude": LATITUDE,
            "longitude": LONGITUDE,
            "hours": [(7, time(3), time(5))],
            "services": [f"{MARK}service"],
            "site_url": f"https://{MARK}location.test",
        }
    if kind == "award":
        return {"name": title, **words("giver"), "author": lisa}
    if kind == "affiliation":
        return {"name": title, "website": f"https://{MARK}affiliation.test/"}
    if kind == "category":
        return {"name": title, **words("description")}
    return {"name": title}


def drafts_of_neighbours() -> None:
    """Every neighbour gets a draft that says all that a hidden thing would."""
    for instance, kind in (
        (_the(content.Article, "hip-pain"), "article"),
        (_the(content.Author, "lisa-scarlino"), "author"),
        (_the(content.Reference, "a-trial-of-exercise"), "reference"),
        (_the(content.Location, "brick"), "location"),
        (_the(content.Award, "best-of-the-shore"), "award"),
        (_the(content.Affiliation, "association"), "affiliation"),
        (_the(content.Category, "hip"), "category"),
    ):
        plain = {
            name: value
            for name, value in _saying(kind).items()
            if isinstance(value, str)
        }
        for name, value in (plain | {"slug": NAMES[kind].slug}).items():
            setattr(instance, name, value)
        with publishing.publishing():
            instance.save_revision()


def _body(text: str, image: content.Image | None = None) -> str:
    blocks: list[tuple[str, Any]] = [("text", f"<p>{text}</p>")]
    if image is not None:
        shown = {
            "image": image.pk,
            "decorative": False,
            "alt_text": f"{MARK}contextualalt",
        }
        blocks.append(
            ("image", {"image": shown, "caption": f"{MARK}caption", "credit": ""})
        )
    return json.dumps(
        [
            {"type": type, "value": value, "id": str(UUID(int=0xB0D + number))}
            for number, (type, value) in enumerate(blocks)
        ]
    )


def _the(model: type[Any], slug: str | None = None, **fields: Any) -> Any:
    return model.objects.get(**({"slug": slug} if slug else fields))


def all_of(kinds: Sequence[str], **fields: Any) -> dict[str, Any]:
    """A thing of each of `kinds`."""
    return {kind: thing(kind, **fields) for kind in kinds}


_FACTORIES: dict[str, Any] = {
    "article": make.ArticleFactory,
    "author": make.AuthorFactory,
    "reference": make.ReferenceFactory,
    "location": make.LocationFactory,
    "award": make.AwardFactory,
    "affiliation": make.AffiliationFactory,
    "category": make.CategoryFactory,
    "tag": make.TagFactory,
}
