"""Which version of a channel is the current one: the cheapest statement there is.

Whatever makes another answer of the same question moves it, but for the clock. It is
read past Django's cursors, which cost as much as the statement itself, and prepared
once for each connection, since planning it takes longer than running it.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection

from api.kept import Version

from .reading import Standing

# While a channel settles, or is closed or suspended, it has no version.
_PREPARE = """
PREPARE clinicast_version (text) AS
SELECT channel.id, channel.extent, head.sequence, head.revision, head.changed_at,
       head.next_boundary_at
FROM channels_channel AS channel
JOIN documents_head AS head ON head.channel_id = channel.id
LEFT JOIN documents_settling AS settling ON settling.channel_id = channel.id
WHERE channel.slug = $1 AND channel.is_open AND NOT channel.is_suspended
      AND settling.channel_id IS NULL
"""
_EXECUTE = "EXECUTE clinicast_version (%s)"

_own = threading.local()


def of(standing: Standing) -> Version | None:
    """The version of the channel that `standing` was read from; None without one."""
    if standing.is_settling or standing.key_id is not None:
        return None
    return (
        standing.channel.pk,
        standing.channel.extent,
        standing.sequence,
        standing.revision,
        standing.changed_at,
        standing.next_boundary_at,
    )


def of_open_channel(slug: str) -> Version | None:
    """The same of an open channel as it is now, in one statement.

    Raises django.db.Error where the connection is lost; the next one makes a new one.
    """
    if not connection.in_atomic_block:
        # As Django does at the beginning of a request: after its time, or an error.
        connection.close_if_unusable_or_obsolete()
    connection.ensure_connection()
    try:
        with connection.wrap_database_errors:
            cursor = _cursor(connection.connection)
            cursor.execute(_EXECUTE, (slug,))
            found: Version | None = cursor.fetchone()
            return found
    except Exception:
        # It may be half-way through an answer: nobody else may go on with it.
        if not connection.in_atomic_block:
            connection.close()
        raise


def _cursor(raw: Any) -> Any:
    """A cursor of this thread's connection, on which the statement is prepared."""
    if getattr(_own, "raw", None) is not raw:
        cursor = raw.cursor()
        cursor.execute(_PREPARE)
        _own.raw, _own.cursor = raw, cursor
    return _own.cursor
