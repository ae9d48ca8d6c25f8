"""What is searched of a document: its words, weighted, in its language."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import BooleanField, F, Func, TextField, Value

from . import rendering
from .models import Document, search_configuration

_VECTOR = "setweight(to_tsvector(%s::regconfig, %s), '{}')"
# How the database makes the columns that are searched, of what `searched` gives.
COMPUTED = {
    "search": " || ".join(_VECTOR.format(weight) for weight in "ABC"),
    "body_search": _VECTOR.format("D"),
}


def searched(rendered: rendering.Rendered) -> list[str]:
    """The values that `COMPUTED` takes: each text behind the way its words are read."""
    config = search_configuration(rendered.locale)
    texts = [text[: rendering.SEARCHED] for text in rendered.words]
    return [value for text in texts for value in (config, text)]


def is_indexed(document: Document, rendered: rendering.Rendered) -> bool:
    """Whether a search finds in `document` what it says."""
    same = {
        f"is_{column}_same": _Same(F(column), vector)
        for column, vector in _vectors(document.locale, rendered).items()
    }
    stored = Document.objects.filter(pk=document.pk).annotate(**same)
    return stored.filter(**dict.fromkeys(same, True)).exists()


class _Same(Func):
    """Whether two vectors are equal: Django's `exact` asks for a match instead."""

    arg_joiner = " = "
    template = "(%(expressions)s)"
    output_field = BooleanField()


def _vectors(locale: str, rendered: rendering.Rendered) -> dict[str, Any]:
    """What is searched, by column."""
    config = search_configuration(locale)

    def vector(text: str, weight: str) -> SearchVector:
        searched = Value(text[: rendering.SEARCHED], output_field=TextField())
        return SearchVector(searched, config=config, weight=weight)

    title, summary, keywords, body = rendered.words
    return {
        "search": vector(title, "A") + vector(summary, "B") + vector(keywords, "C"),
        "body_search": vector(body, "D"),
    }
