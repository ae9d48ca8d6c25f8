"""Which version of a channel is the current one: the cheapest statement there is.

Whatever makes another answer of the same question moves it, but for the clock.
"""

from __future__ import annotations

from django.conf import settings

from api.kept import Version

from .sharing import Shared
from .standing import Standing
from .statements import Prepared, begin

# While a channel settles, or is closed or suspended, it has no version.
_CURRENT = Prepared(
    """
    SELECT channel.id, channel.extent, head.sequence, head.revision, head.changed_at,
           head.next_boundary_at
    FROM channels_channel AS channel
    JOIN documents_head AS head ON head.channel_id = channel.id
    LEFT JOIN documents_settling AS settling ON settling.channel_id = channel.id
    WHERE channel.slug = %(slug)s AND channel.is_open AND NOT channel.is_suspended
          AND settling.channel_id IS NULL
    """,
)


def of(standing: Standing) -> Version | None:
    """The version of the channel that `standing` was read from; None without one."""
    # What an answer tells an edge that is purged depends on the clock, too.
    if settings.EDGES or standing.is_settling or standing.key_id is not None:
        return None
    return (
        standing.channel.pk,
        standing.channel.extent,
        standing.sequence,
        standing.revision,
        standing.changed_at,
        standing.next_boundary_at,
    )


def _read(slug: str) -> Version | None:
    begin()
    return _CURRENT.row(slug=slug)


# The version of an open channel as it is now, in one statement; None as above. Outside
# of a request of Django. Raises django.db.Error.
of_open_channel = Shared(_read)
