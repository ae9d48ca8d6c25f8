"""How far each consumer has come: written by doors, read by the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from .models import ConsumerPosition
from .standing import Standing

SYNC = ConsumerPosition.Kind.SYNC
# No more often than once a second, unless it has just come to the end; and when it had
# come so far first, of those whom a key names. Nobody waits for another's row to do so.
SEEN = """
    WITH seen AS (
        INSERT INTO documents_consumerposition AS known
               (channel_id, key_id, kind, types, locale, sequence, seen_at)
        VALUES (%(channel)s, %(key)s, %(kind)s, %(types)s, %(locale)s,
                %(sequence)s, %(now)s)
        ON CONFLICT (channel_id, key_id, kind, types, locale) DO UPDATE
           SET sequence = excluded.sequence, seen_at = excluded.seen_at
         WHERE known.seen_at <= excluded.seen_at - interval '1 second'
            OR (%(has_all)s AND known.sequence <> excluded.sequence)
        RETURNING id, key_id
    )
    INSERT INTO documents_progress (position_id, sequence, at)
    SELECT id, %(sequence)s, %(now)s FROM seen WHERE key_id IS NOT NULL
    ON CONFLICT (position_id, sequence) DO NOTHING
"""
# Once for each document, channel and key.
TOLD = """
    INSERT INTO documents_told AS known
           (channel_id, document_id, key_id, sequence, at, by_id)
    VALUES (%(channel)s, %(document)s, %(key)s, %(sequence)s, %(now)s, %(by)s)
    ON CONFLICT (channel_id, document_id, key_id) DO UPDATE
       SET sequence = excluded.sequence, at = excluded.at, by_id = excluded.by_id
     WHERE known.sequence < excluded.sequence
"""


def saw(
    standing: Standing,
    kind: str,
    sequence: int,
    now: datetime,
    *,
    types: Iterable[str] = (),
    locale: str | None = None,
    has_all: bool = False,
) -> None:
    """Write that a consumer of the channel has all changes up to `sequence`.

    Of `types` and `locale`, where it follows these alone. `has_all` is whether there
    is nothing behind that.
    """
    key = standing.key_id
    given = {
        "channel": standing.channel.pk,
        "key": key,
        "kind": kind,
        # Without a key nobody is told from anybody, so one row is enough.
        "types": ",".join(sorted(types)) if key else "",
        "locale": locale or "" if key else "",
        "sequence": sequence,
        "now": now,
        "has_all": has_all,
    }
    with connection.cursor() as cursor:
        cursor.execute(SEEN, given)


def told(
    channel_id: int,
    document: UUID,
    sequence: int,
    now: datetime,
    *,
    key: int | None = None,
    by: int | None = None,
) -> None:
    """Write who of the channel's site knows of the change by which `document` left it.

    Whoever asked with `key`; or, without one, the site as it has told staff, `by` whom.
    """
    given: dict[str, Any] = {
        "channel": channel_id,
        "document": document,
        "key": key,
        "sequence": sequence,
        "now": now,
        "by": by,
    }
    with connection.cursor() as cursor:
        cursor.execute(TOLD, given)
