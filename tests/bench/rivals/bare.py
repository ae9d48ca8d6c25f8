"""Bare Django: an answer from memory, one stored in a row, all bodies, and a 304.

The texts are our own answers, so that all send the same bytes. They lie in a table of
this room, made by `store`.
"""

from __future__ import annotations

from functools import cache

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

TABLE = "bench_stored"
READ = f"SELECT text FROM {TABLE} WHERE name = %s"
BODIES = """
SELECT full_json FROM documents_document
WHERE type = 'article' AND withdrawn_at IS NULL
"""
ETAG = '"bare"'


def store(texts: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {TABLE} (name text PRIMARY KEY, text text)"
        )
        cursor.execute(f"TRUNCATE {TABLE}")
        cursor.executemany(
            f"INSERT INTO {TABLE} VALUES (%s, %s)",
            list(texts.items()),
        )


def _read(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(READ, [name])
        return str(cursor.fetchone()[0])


@cache
def _kept(name: str) -> bytes:
    return _read(name).encode()


def memory(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_kept(name), content_type="application/json")


def stored(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_read(name), content_type="application/json")


def bodies(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(BODIES)
        lines = "\n".join(text for (text,) in cursor.fetchall())
    return HttpResponse(lines, content_type="application/x-ndjson")


def unchanged(request: HttpRequest) -> HttpResponse:
    if request.headers.get("If-None-Match") == ETAG:
        return HttpResponse(status=304, headers={"ETag": ETAG})
    return HttpResponse(b"{}", headers={"ETag": ETAG})


urlpatterns = [
    path("memory/<slug:name>", memory),
    path("stored/<slug:name>", stored),
    path("bodies", bodies),
    path("unchanged", unchanged),
]
