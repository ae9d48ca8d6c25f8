"""How far each consumer has come: written by doors, read by the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from .models import ConsumerPosition
from .reading import Standing

SYNC = ConsumerPosition.Kind.SYNC
# No more often than once a second, and nobody waits for another's row to do so.
SEEN = """
    INSERT INTO documents_consumerposition
           (channel_id, key_id, kind, sequence, seen_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (channel_id, key_id, kind) DO UPDATE
       SET sequence = excluded.sequence, seen_at = excluded.seen_at
     WHERE documents_consumerposition.seen_at
           <= excluded.seen_at - interval '1 second'
"""


def saw(standing: Standing, kind: str, sequence: int, now: datetime) -> None:
    """Write that a consumer of the channel has all changes up to `sequence`."""
    with connection.cursor() as cursor:
        cursor.execute(
            SEEN, [standing.channel.pk, standing.key_id, kind, sequence, now]
        )
