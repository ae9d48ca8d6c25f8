"""The whole of the sample content, in the order in which one thing rests on another."""

from __future__ import annotations

from functools import partial
from typing import Any

from api.documents import publishing
from content_models.models import (
    Affiliation,
    Article,
    Author,
    Award,
    Category,
    Location,
    Practice,
    Reference,
    Tag,
)

from . import channels, content, library, making
from .loading import Loading

UNNAMED = Practice._meta.get_field("name").get_default()


def load(loading: Loading, base_url: str) -> int:
    """Make whatever is absent; how many things that were."""
    practice = content.table("practice")
    with publishing.publishing():
        if Practice.load().name == UNNAMED:
            making.fill_practice(loading, practice["practice"], base_url)
        library.make_tree(loading)
    _load_snippets(loading, practice)
    for language in ("en", "es"):
        articles = {each.original: each for each in content.articles(language)}
        loading.batch(
            f"articles in {loading.locales[language]}",
            Article,
            articles,
            lambda name, article: library.make_article(loading, article),
            language,
        )
    channels.make_channels(loading)
    if loading.made:
        # What the publications above left to the worker, so that all is there now.
        while publishing.work_off() or publishing.settle():
            pass
    return loading.made


def _load_snippets(loading: Loading, practice: dict[str, Any]) -> None:
    for what, model, rows, make in (
        ("categories", Category, practice["categories"], making.make_category),
        ("tags", Tag, practice["tags"], making.make_tag),
        ("references", Reference, content.table("references"), making.make_reference),
        ("locations", Location, content.table("locations"), making.make_location),
        ("authors", Author, content.table("people"), making.make_author),
        ("awards", Award, practice["awards"], making.make_award),
        (
            "affiliations",
            Affiliation,
            practice["affiliations"],
            making.make_affiliation,
        ),
    ):
        loading.batch(what, model, rows, partial(make, loading))
    spanish = {name: row["es"] for name, row in practice["categories"].items()}
    make_spanish = partial(making.make_category, loading, language="es")
    loading.batch("categories in Spanish", Category, spanish, make_spanish, "es")
