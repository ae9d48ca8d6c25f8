"""What is searched of a document: its words, weighted, in its language."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from . import rendering
from .models import Document, search_configuration

_VECTOR = "setweight(to_tsvector(%s::regconfig, %s), '{}')"
# How the database makes the columns that are searched, of what `searched` gives.
COMPUTED = {
    "search": " || ".join(_VECTOR.format(weight) for weight in "ABC"),
    "body_search": _VECTOR.format("D"),
}

_SAID = f"(%s, {', '.join(COMPUTED.values())})"
_FOUND = f"""
    SELECT document.id FROM {Document._meta.db_table} document
    JOIN (VALUES {{}}) AS said (id, {", ".join(COMPUTED)}) ON said.id = document.id
    WHERE {" AND ".join(f"document.{one} = said.{one}" for one in COMPUTED)}
"""  # noqa: S608 - only names of tables and columns are put in


def searched(rendered: rendering.Rendered) -> list[str]:
    """The values that `COMPUTED` takes: each text behind the way its words are read."""
    config = search_configuration(rendered.locale)
    texts = [text[: rendering.SEARCHED] for text in rendered.words]
    return [value for text in texts for value in (config, text)]


def indexed(
    pairs: Sequence[tuple[Document, rendering.Rendered]],
) -> set[UUID]:
    """Which documents a search finds by what they say, of pairs with their renders."""
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        said = ", ".join(
            cursor.mogrify(_SAID, [document.pk, *searched(rendered)]).decode()
            for document, rendered in pairs
        )
        cursor.execute(_FOUND.format(said))
        return {pk for (pk,) in cursor.fetchall()}
