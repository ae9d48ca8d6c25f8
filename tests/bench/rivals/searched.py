"""The words of articles, each weighted, with the index that PostgreSQL has for them."""

from __future__ import annotations

from django.db import connection

TABLE = "bench_searched"


def store() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(
            f"CREATE TABLE {TABLE} AS SELECT page.id AS article_id, "
            "setweight(to_tsvector('english', title), 'A') || "
            "setweight(to_tsvector('english', summary), 'B') AS vector "
            "FROM content_models_article JOIN wagtailcore_page AS page "
            "ON page.id = page_ptr_id"
        )
        cursor.execute(f"ALTER TABLE {TABLE} ADD PRIMARY KEY (article_id)")
        cursor.execute(f"CREATE INDEX ON {TABLE} USING gin (vector)")
        cursor.execute(f"ANALYZE {TABLE}")
