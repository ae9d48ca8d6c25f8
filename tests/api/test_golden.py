"""Answers byte for byte, as they lie in `golden/`: a changed byte is a decision.

Consumers compare, hash and cache what they are sent, so a change that no other test
minds shows here. Where it is meant, the files are written anew, and the commit shows
what every consumer will see:

    GOLDEN_WRITE=1 make test ARGS=tests/api/test_golden.py

A new kind of answer takes one line in GOLDEN. The content is published as staff do it,
with a fixed clock and fixed ids; see `tests.contract.corpus`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from api.documents.models import Counter, Head
from api.sync import checkpoints
from api.sync.models import SigningKey
from tests.contract import corpus

# The marker has the test database made, which `answers` below fills.
pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FOLDER = Path(__file__).parent / "golden"
IS_WRITING = "GOLDEN_WRITE" in os.environ

# Name of the file: what is asked for.
GOLDEN = {
    "index.json": "/api/v1/",
    "practice.json": "/api/v1/practice/",
    "articles.json": "/api/v1/articles/",
    "article.json": "/api/v1/articles/hip-pain/",
    "authors.json": "/api/v1/authors/",
    "author.json": "/api/v1/authors/lisa-scarlino/",
    "references.json": "/api/v1/references/",
    "reference.json": "/api/v1/references/a-trial-of-exercise/",
    "locations.json": "/api/v1/locations/",
    "location.json": "/api/v1/locations/brick/",
    "awards.json": "/api/v1/awards/",
    "award.json": "/api/v1/awards/best-of-the-shore/",
    "affiliations.json": "/api/v1/affiliations/",
    "affiliation.json": "/api/v1/affiliations/association/",
    "categories.json": "/api/v1/categories/",
    "category.json": "/api/v1/categories/hip/",
    "tags.json": "/api/v1/tags/",
    "tag.json": "/api/v1/tags/running/",
    "page.json": "/api/v1/articles/?limit=1&offset=1&order=title",
    "cursor.json": "/api/v1/articles/?limit=1&facets=category,year",
    "fallback.json": "/api/v1/articles/?locale=es&fallback=true&fields=slug",
    "found.json": "/api/v1/articles/?q=hip&fields=title",
    "search.json": "/api/v1/search/?q=hip",
    "groups.json": "/api/v1/search/?q=hip&grouped=true&limit=1",
    "related.json": "/api/v1/articles/hip-pain/related/",
    "near.json": "/api/v1/locations/?near=40,-74&fields=name",
    "locations.geojson": "/api/v1/locations.geojson",
    "resolved.json": "/api/v1/resolve/?path=/articles/hip-pain/",
    "article.md": "/api/v1/articles/hip-pain/?format=md",
    "article.jsonld": "/api/v1/articles/hip-pain/?format=jsonld",
    "author.md": "/api/v1/authors/lisa-scarlino/?format=md",
    "author.jsonld": "/api/v1/authors/lisa-scarlino/?format=jsonld",
    "location.md": "/api/v1/locations/brick/?format=md",
    "location.jsonld": "/api/v1/locations/brick/?format=jsonld",
    "sync.json": "/api/v1/sync/?types=tag,category",
    "sync.ndjson": "/api/v1/sync/?types=tag&format=ndjson",
    "selection.json": "/api/v1/articles/hip-pain/?fields=title,byline",
    "article-then.json": "/api/v1/articles/hip-pain/?as_of=2026-03-02T12:30:00Z",
    "versions.json": "/api/v1/articles/hip-pain/versions/",
    "feed.json": "/feeds/public/articles.json",
    "feed.atom": "/feeds/public/articles.atom?limit=1",
    "feed.rss": "/feeds/public/articles.rss",
    "problem-400.json": "/api/v1/articles/?limit=0&ordr=title",
    "problem-404.json": "/api/v1/articles/absent/",
    "problem-405.json": "POST /api/v1/articles/",
    "problem-410.json": "/api/v1/articles/withdrawn/",
    "problem-414.json": f"/api/v1/articles/?q={'a' * 9_000}",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_an_answer_is_the_same_to_the_last_byte(
    name: str, answers: dict[str, bytes]
) -> None:
    if IS_WRITING:
        (FOLDER / name).write_bytes(answers[name])

    assert answers[name] == (FOLDER / name).read_bytes()


def test_nothing_lies_there_that_is_not_compared() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(GOLDEN)


@pytest.fixture(scope="module")
def answers(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> dict[str, bytes]:
    """What each address answers; published once, since that takes seconds."""
    # A folder of its own: a name that is taken would get letters by chance.
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        # What checkpoints say and are signed with, which is made by chance.
        Counter.objects.update(value=1_000, timeline=UUID(int=12))
        # The database was made today, and no channel goes back in time.
        Head.objects.update(changed_at=None)
        SigningKey.objects.all().delete()
        SigningKey.objects.create(secret="the same on every machine")
        checkpoints.forget_keys()
        with time_machine.travel(NOON, tick=False):
            corpus.publish()
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            found = {name: _asked(*GOLDEN[name].rpartition(" ")) for name in GOLDEN}
        transaction.set_rollback(True)
    return found


def _asked(method: str, _: str, address: str) -> bytes:
    response = Client().generic(method or "GET", address)
    return b"".join(response) if response.streaming else response.content
