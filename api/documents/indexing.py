"""What is searched of a document: its words, weighted, in its language."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import BooleanField, F, Func, TextField, Value

from . import rendering
from .models import Document, search_configuration


def index(document: Document, rendered: rendering.Rendered) -> None:
    """Have a search find `document` by what it says."""
    Document.objects.filter(pk=document.pk).update(
        **_vectors(document.locale, rendered), plain_text=rendered.plain_text
    )


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
