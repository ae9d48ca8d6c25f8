"""Content to measure with: seeded, so that each run and each machine has the same.

Articles have bodies of 6 kB, two authors with three credentials each, three references,
tags, an image, a category and a location; ten channels carry them. What articles use is
published as staff would; a hundred articles are written row by row, which Wagtail does
not do for many at a time, and rendered as `documents rebuild` does. The others are
copies of these, with slugs, titles, days and search vectors of their own (`copies.py`).
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from wagtail.models import Page

from api.channels.models import Channel, Selection
from api.documents import publishing
from api.documents.identity import source_of
from content_models import models as content
from content_models.publication import publication
from tests import factories as make
from tests.bench import copies, databases

SEED = 20261126
CHANNELS = 10
# How many articles are rendered.
MODELS = 100
AUTHORS, REFERENCES, TAGS, CATEGORIES, PLACES, PICTURES = 40, 300, 40, 12, 60, 8
BODY_B = 6_000
# As `documents rebuild` does it.
BATCH = settings.DOCUMENTS_INLINE_LIMIT
CREDENTIALS = ("PT", "DPT", "ATC", "OCS", "SCS", "CSCS", "FAAOMPT")
NEWEST = datetime(2026, 10, 1, tzinfo=UTC)
# What bodies are made of; one of the rare words ends one sentence of twelve.
TEXT = (
    "gluteus medius strength training after knee surgery helps most people walk run "
    "and climb stairs with less pain because the muscle holds the pelvis level while "
    "one foot leaves the ground a physical therapist measures how far you can lift the "
    "leg how long you can hold it and which movement hurts before choosing exercises "
    "for home start slowly rest one day between sessions add weight only when three "
    "sets of twelve feel easy tell your clinician about swelling numbness or fever"
)
WORDS = TEXT.split()
RARE = ("bursitis", "tendinopathy", "vestibular", "plantar", "scapular", "meniscus")
TABLE = "content_models_article"


@dataclass(frozen=True)
class Shared:
    """What the articles use."""

    authors: list[content.Author]
    references: list[content.Reference]
    tags: list[content.Tag]
    categories: list[content.Category]
    places: list[content.Location]
    pictures: list[content.Image]


def made(
    articles: int, *, is_on_one_channel: bool = False, is_kept: bool = False
) -> float | None:
    """Work in a database of `articles` articles, on ten channels, from now on.

    What is rendered is made anew, or taken from the last time with `is_kept`. Returns
    how many documents a second were rendered, placed and written, if they were.
    """
    name, rate = databases.used(), None
    models = f"{name}_models"
    if not is_kept or not databases.is_there(models):
        databases.make(models)
        databases.use(models)
        call_command("migrate", verbosity=0)
        rate = _rendered()
    databases.make(name, models)
    databases.use(name)
    if is_on_one_channel:
        copies.leave_one_channel()
    grow(articles)
    return rate


def grow(articles: int, *, with_content: bool = True) -> None:
    """Bring it to `articles` articles, which are only documents without content."""
    copies.articles(articles, NEWEST, with_content=with_content)


def _rendered() -> float:
    """Fill an empty database with what the copies are made of."""
    chance = random.Random(SEED)
    _channels()
    shared = _shared(chance)
    _articles(chance, shared, MODELS)
    pks = content.Article.objects.order_by("pk").values_list("pk", flat=True)
    sources = [source_of(content.Article, pk) for pk in pks]
    began = time.perf_counter()
    for start in range(0, len(sources), BATCH):
        publishing.rewrite(sources[start : start + BATCH])
    rate = len(sources) / (time.perf_counter() - began)
    # What was too much to be rendered at once, such as hundreds of references.
    while publishing.work_off() or publishing.settle():
        pass
    call_command("update_index", verbosity=0)
    copies.vacuum()
    return rate


def _channels() -> None:
    with publication():
        for number in range(CHANNELS - 1):
            Channel.objects.create(
                name=f"Site {number}",
                slug=f"site-{number}",
                is_open=number % 2 == 0,
                selection=Selection.ALL,
            )


def _shared(chance: random.Random) -> Shared:
    with publication():
        pictures = [_picture(number) for number in range(PICTURES)]
        places = [
            make.LocationFactory(
                slug=f"place-{number}",
                latitude=str(round(40 + chance.random(), 4)),
                longitude=str(round(-75 + chance.random(), 4)),
            )
            for number in range(PLACES)
        ]
        for abbreviation in CREDENTIALS:
            make.CredentialTypeFactory(abbreviation=abbreviation)
        return Shared(
            [
                make.AuthorFactory(
                    given_name=chance.choice(("Ada", "Lisa", "Tom", "Ines", "Omar")),
                    family_name=f"Writer{number}",
                    slug=f"writer-{number}",
                    bio=f"<p>{_sentence(chance, 40)}</p>",
                    photo=pictures[number % PICTURES],
                    credentials=chance.sample(CREDENTIALS, 3),
                )
                for number in range(AUTHORS)
            ],
            [
                make.ReferenceFactory(
                    title=_sentence(chance, 14),
                    slug=f"reference-{number}",
                    doi=f"10.5555/bench.{number}",
                    authors=["Sadler", "Cassidy", "Peterson"],
                )
                for number in range(REFERENCES)
            ],
            [
                make.TagFactory(name=f"tag {number}", slug=f"tag-{number}")
                for number in range(TAGS)
            ],
            [
                make.CategoryFactory(name=f"Subject {number}", slug=f"subject-{number}")
                for number in range(CATEGORIES)
            ],
            places,
            pictures,
        )


def _picture(number: int) -> content.Image:
    file = ContentFile(make.picture(1200, 800), f"picture-{number}.png")
    image: content.Image = make.ImageFactory(title=f"Picture {number}", file=file)
    image.make_renditions()
    return image


def _articles(chance: random.Random, shared: Shared, number: int) -> None:
    section = make.home_section()
    pages = list(_pages(chance, section, number))
    Page.objects.bulk_create(pages, batch_size=500)
    Page.objects.filter(pk=section.pk).update(numchild=number)
    made = list(Page.objects.child_of(section).order_by("path"))
    with connection.cursor() as cursor:
        for start in range(0, number, 500):
            rows = [
                (page.pk, *_own(chance, shared)) for page in made[start : start + 500]
            ]
            cursor.executemany(
                f"INSERT INTO {TABLE} (page_ptr_id, summary, body, image_id, "
                "change_note, significance) VALUES (%s, %s, %s, %s, '', 'minor')",
                rows,
            )
    _relations(chance, shared, [page.pk for page in made])


def _pages(
    chance: random.Random, section: content.Section, number: int
) -> Iterator[Page]:
    kind = ContentType.objects.get_for_model(content.Article)
    for place in range(1, number + 1):
        title = _sentence(chance, 7).capitalize()
        at = NEWEST - timedelta(minutes=17 * place)
        yield Page(
            path=section.path + Page._int2str(place).rjust(Page.steplen, "0"),
            depth=section.depth + 1,
            title=title,
            draft_title=title,
            slug=f"article-{place}",
            url_path=f"{section.url_path}article-{place}/",
            content_type=kind,
            locale=section.locale,
            translation_key=uuid.UUID(int=chance.getrandbits(128), version=4),
            live=True,
            first_published_at=at,
            last_published_at=at,
            latest_revision_created_at=at,
        )


def _own(chance: random.Random, shared: Shared) -> tuple[Any, ...]:
    """Summary, body and image of one article."""
    paragraphs, size = [], 0
    while size < BODY_B:
        text = f"<p>{_sentence(chance, 60)}</p>"
        size += len(text)
        paragraphs.append(text)
    blocks = [
        {"type": "heading", "value": {"text": _sentence(chance, 4), "level": "2"}},
        {"type": "text", "value": "".join(paragraphs)},
    ]
    for block in blocks:
        block["id"] = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    return (
        _sentence(chance, 24),
        json.dumps(blocks),
        chance.choice(shared.pictures).pk,
    )


def _relations(chance: random.Random, shared: Shared, pks: list[int]) -> None:
    written: list[tuple[type[Any], str, list[Any], int]] = [
        (content.ArticleAuthor, "author", shared.authors, 2),
        (content.ArticleReference, "reference", shared.references, 3),
        (content.ArticleCategory, "category", shared.categories, 1),
        (content.ArticleLocation, "location", shared.places[:6], 1),
    ]
    for model, name, choices, number in written:
        rows = [
            model(article_id=pk, sort_order=place, **{name: chosen})
            for pk in pks
            for place, chosen in enumerate(chance.sample(choices, number))
        ]
        model.objects.bulk_create(rows, batch_size=2_000)
    tagged = [
        content.ArticleTag(content_object_id=pk, tag=tag)
        for pk in pks
        for tag in chance.sample(shared.tags, 3)
    ]
    content.ArticleTag.objects.bulk_create(tagged, batch_size=2_000)


def _sentence(chance: random.Random, words: int) -> str:
    said = chance.choices(WORDS, k=words)
    if chance.random() < 1 / 12:
        said[-1] = chance.choice(RARE)
    return f"{' '.join(said)}."
