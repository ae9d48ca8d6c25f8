"""Many articles and channels, written by the database from those that are there.

Each copy of an article has a slug, a title, a day and search vectors of its own; what
it says below the title, and what it uses, is its model's. Nothing is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from api.channels.models import Channel, Selection
from api.documents.models import (
    Document,
    DocumentVersion,
    Head,
    Placement,
    PlacementHistory,
    Settling,
)
from content_models import models as content

# One row for each copy: `n` is its number, `model_*` are of what it is a copy.
COPIED = """
CREATE TEMPORARY TABLE copied AS
WITH model AS (
    SELECT row_number() OVER (ORDER BY sort_key DESC) - 1 AS n, id, slug, sort_key,
           translation_group, source, full_json::json ->> 'title' AS title
    FROM documents_document WHERE type = 'article' AND withdrawn_at IS NULL
), number AS (
    SELECT count(*) AS models FROM model
), made AS (
    SELECT copy::int AS n, model.id AS model_id, model.slug AS model_slug,
           model.title AS model_title, model.sort_key AS model_sort_key,
           model.translation_group AS model_group,
           substr(model.source, length('article:') + 1)::int AS model_page,
           (%s::uuid[])[copy] AS id, (%s::uuid[])[copy] AS grp,
           'article-' || copy AS slug,
           array_to_string((string_to_array(model.title, ' '))[1:4]
               || (string_to_array(other.title, ' '))[5:], ' ') AS title,
           %s::timestamptz - copy * interval '17 minutes' AS at,
           NULL::int AS page
    FROM number
    CROSS JOIN generate_series(models + 1, %s) AS copy
    JOIN model ON model.n = copy %% models
    JOIN model AS other ON other.n = (copy * 7 + copy / models * 31) %% models
)
SELECT *, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sort_key
FROM made
"""
# In which the translation groups of copies have their names.
_GROUPS = UUID(int=0)
# The last four digits of a page's path, to the base 36.
_DIGITS = "'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
_STEP = " || ".join(
    f"substr({_DIGITS}, copied.n / {36**power} % 36 + 1, 1)" for power in (3, 2, 1, 0)
)
# Without content of a row that nobody has.
_SOURCE = "'article:' || COALESCE(page, 1000000000 + n)"
RELATIONS = (
    (content.ArticleAuthor, "article_id"),
    (content.ArticleReference, "article_id"),
    (content.ArticleCategory, "article_id"),
    (content.ArticleLocation, "article_id"),
    (content.ArticleTag, "content_object_id"),
)


def articles(number: int, newest: object, *, with_content: bool) -> None:
    """Have `number` articles, each on the channels of its model.

    `newest` is the moment before which they were published. Without content there are
    only documents, which is all that the doors read.
    """
    with connection.cursor() as cursor:
        groups = [uuid5(_GROUPS, str(copy)) for copy in range(1, number + 1)]
        # As `document_id_of` makes it of the page.
        ids = [uuid5(group, settings.LANGUAGE_CODE) for group in groups]
        cursor.execute(COPIED, [ids, groups, newest, number])
        cursor.execute("CREATE UNIQUE INDEX ON copied (grp)")
        if with_content:
            _content(cursor)
        with _indexed_afterwards(cursor):
            _documents(cursor)
        _placements(cursor)
        cursor.execute("DROP TABLE copied")
        _recount(cursor)
    vacuum()


def channels(number: int) -> None:
    """Have `number` channels; the new ones carry what the first one does."""
    there = Channel.objects.count()
    model = Channel.objects.order_by("pk")[0]
    made = Channel.objects.bulk_create(
        Channel(
            name=f"Copy {place}",
            slug=f"copy-{place}",
            selection=Selection.ALL,
            is_open=True,
        )
        for place in range(there, number)
    )
    Head.objects.bulk_create(Head(channel=one) for one in made)
    with connection.cursor() as cursor:
        _insert(
            cursor,
            Placement,
            "documents_placement AS model JOIN channels_channel AS copied "
            f"ON model.channel_id = {model.pk} AND copied.id >= {made[0].pk}",
            {
                "channel_id": "copied.id",
                "suffix": """replace(model.suffix, '","translations"',
                    '?channel=' || copied.slug || '","translations"')""",
                "sequence": _next_sequences("copied.id, model.sequence"),
                "etag": "md5(copied.id || model.etag)",
            },
        )
        _history(cursor)
        _recount(cursor)
    vacuum()


def leave_one_channel() -> None:
    """Take all channels but the first one away, with what stands on them."""
    with connection.cursor() as cursor:
        for table in (PlacementHistory, Placement, Head, Settling):
            cursor.execute(
                f"DELETE FROM {table._meta.db_table} WHERE channel_id > "
                "(SELECT min(id) FROM channels_channel)"
            )
        cursor.execute(
            "DELETE FROM channels_channel WHERE id > "
            "(SELECT min(id) FROM channels_channel)"
        )


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _content(cursor: CursorWrapper) -> None:
    kind = ContentType.objects.get_for_model(content.Article).pk
    _insert(
        cursor,
        Page,
        "wagtailcore_page AS model JOIN copied ON copied.model_page = model.id",
        {
            "path": f"left(model.path, -{Page.steplen}) || {_STEP}",
            "title": "copied.title",
            "draft_title": "copied.title",
            "slug": "copied.slug",
            "url_path": "replace(model.url_path, model.slug, copied.slug)",
            "translation_key": "copied.grp",
            "first_published_at": "copied.at",
            "last_published_at": "copied.at",
            "latest_revision_created_at": "copied.at",
            "live_revision_id": "NULL",
            "latest_revision_id": "NULL",
        },
    )
    cursor.execute(
        "UPDATE copied SET page = page.id FROM wagtailcore_page AS page "
        "WHERE page.translation_key = copied.grp"
    )
    cursor.execute(
        "UPDATE wagtailcore_page SET numchild = numchild + "
        "(SELECT count(*) FROM copied) WHERE path = (SELECT left(path, -4) "
        "FROM wagtailcore_page WHERE id = (SELECT min(page) FROM copied))"
    )
    _insert(
        cursor,
        content.Article,
        "content_models_article AS model "
        "JOIN copied ON copied.model_page = model.page_ptr_id",
        {"page_ptr_id": "copied.page"},
    )
    for model, column in RELATIONS:
        _insert(
            cursor,
            model,
            f"{model._meta.db_table} AS model "
            f"JOIN copied ON copied.model_page = model.{column}",
            {column: "copied.page"},
        )
    _insert(
        cursor,
        IndexEntry,
        "wagtailsearch_indexentry AS model JOIN copied "
        f"ON model.object_id = copied.model_page::text AND content_type_id = {kind}",
        {
            "object_id": "copied.page::text",
            "title": "to_tsvector('english', copied.title)",
            "title_text": "copied.title",
        },
    )


@contextmanager
def _indexed_afterwards(cursor: CursorWrapper) -> Iterator[None]:
    """Have the words of documents indexed all at once, which takes a fraction."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s "
        "AND indexdef LIKE '%% USING gin %%'",
        [Document._meta.db_table],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        cursor.execute(definition)
    cursor.execute("RESET maintenance_work_mem")


def _documents(cursor: CursorWrapper) -> None:
    _insert(
        cursor,
        Document,
        "documents_document AS model JOIN copied ON copied.model_id = model.id",
        {
            "id": "copied.id",
            "translation_group": "copied.grp",
            "slug": "copied.slug",
            "source": _SOURCE,
            "published_at": "copied.at",
            "updated_at": "copied.at",
            "canonical_url": _renamed("model.canonical_url"),
            "path": "replace(model.path, copied.model_slug, copied.slug)",
            "full_json": _renamed("model.full_json"),
            "summary_json": _renamed("model.summary_json"),
            "teaser_json": _renamed("model.teaser_json"),
            "fingerprint": "repeat(md5(copied.id::text), 2)",
            # An article's own key begins with an a.
            "keys": f"ARRAY(SELECT CASE WHEN key LIKE 'a%' THEN 'a' || "
            f"left(md5({_SOURCE}), 16) ELSE key END FROM unnest(model.keys) AS key)",
            "facets": "array_append(array_remove(model.facets, 'year:2026'), "
            "'year:' || extract(year FROM copied.at))",
            "title_sort": "lower(copied.title)",
            "sort_key": "copied.sort_key",
            # On which channels it will be, which PostgreSQL notes otherwise.
            "shown_on": "model.shown_on",
            "search": "setweight(to_tsvector('english', copied.title), 'A') "
            "|| ts_filter(model.search, '{b,c}')",
        },
    )
    _insert(
        cursor,
        DocumentVersion,
        "documents_documentversion AS model JOIN copied "
        "ON copied.model_id = model.document_id",
        {
            "document_id": "copied.id",
            "full_json": _renamed("model.full_json"),
            "teaser_json": _renamed("model.teaser_json"),
        },
    )


def _placements(cursor: CursorWrapper) -> None:
    _insert(
        cursor,
        Placement,
        "documents_placement AS model JOIN copied ON copied.model_id = "
        "model.document_id",
        {
            "document_id": "copied.id",
            "sort_key": "copied.sort_key",
            "sequence": _next_sequences("copied.n, model.channel_id"),
            "visible_from": "copied.at",
            "changed_at": "copied.at",
            "suffix": _renamed("model.suffix"),
            "etag": "md5(copied.id::text || model.etag)",
        },
    )
    _history(cursor)


def _history(cursor: CursorWrapper) -> None:
    """Of the placements that were written last, before the counter knows of them."""
    _insert(
        cursor,
        PlacementHistory,
        "documents_placement AS model JOIN documents_counter ON sequence > value",
        {"at": "model.changed_at", "version": "1", "is_summary": "false"},
    )


def _recount(cursor: CursorWrapper) -> None:
    cursor.execute(
        "UPDATE documents_counter SET value = "
        "(SELECT max(sequence) FROM documents_placement) + 1"
    )
    cursor.execute(
        "UPDATE documents_head AS head SET revision = revision + 1, "
        "sequence = kept.sequence, changed_at = now(), counts = kept.counts FROM "
        "(SELECT channel_id, max(newest) AS sequence, "
        "jsonb_object_agg(type || ':' || locale, number) AS counts FROM "
        "(SELECT channel_id, type, locale, count(*) AS number, max(sequence) AS newest "
        "FROM documents_placement WHERE is_visible GROUP BY 1, 2, 3) AS each "
        "GROUP BY 1) AS kept WHERE kept.channel_id = head.channel_id"
    )


def _next_sequences(order: str) -> str:
    return (
        f"(SELECT value FROM documents_counter) + row_number() OVER (ORDER BY {order})"
    )


def _renamed(column: str) -> str:
    """A text with the model's names in it, as SQL for the same with the copy's."""
    for old, new in (
        ("copied.model_id::text", "copied.id::text"),
        ("copied.model_group::text", "copied.grp::text"),
        ("copied.model_title", "copied.title"),
        ("copied.model_sort_key", "copied.sort_key"),
        ("copied.model_slug || '/'", "copied.slug || '/'"),
        ("'\"' || copied.model_slug || '\"'", "'\"' || copied.slug || '\"'"),
    ):
        column = f"replace({column}, {old}, {new})"
    return column


def _insert(
    cursor: CursorWrapper,
    into: type[models.Model],
    rows: str,
    own: Mapping[str, str],
) -> None:
    """A row for each of `rows`, like its `model` but for the columns of its `own`."""
    columns = [
        field.column
        for field in into._meta.local_concrete_fields
        if not isinstance(field, models.AutoField)
    ]
    columns += [name for name in own if name not in columns]
    values = ", ".join(own.get(column, f"model.{column}") for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f'INSERT INTO "{into._meta.db_table}" ({quoted}) SELECT {values} FROM {rows}'
    )
