"""The keys by which sites of partners read their channel.

A key is shown once, when it is made; what is kept is its digest. It begins with what
secret scanners look for and ends with a checksum, so that they can tell a key from a
text that looks like one without asking us.
Source: "Behind GitHub's new authentication token formats" (2021), on prefix and CRC-32.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import Channel, Key

PREFIX = "clinicast_"
# Of the random part: 190 bits.
LENGTH = 32
CHECKSUM_LENGTH = 6
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
# Enough to rotate without an outage, and no more to look after.
MOST_VALID = 2
# How much of a key staff are shown, to tell it from others.
HINT_LENGTH = len(PREFIX) + 6


def make() -> str:
    """A new key: the prefix, 32 random letters and digits, and 6 that check them."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{PREFIX}{random}{_checksum(random)}"


def is_well_formed(text: str) -> bool:
    """Whether `text` can be a key at all; a typing error is found without asking."""
    random, checksum = text[len(PREFIX) :][:LENGTH], text[-CHECKSUM_LENGTH:]
    return (
        text.startswith(PREFIX)
        and len(text) == len(PREFIX) + LENGTH + CHECKSUM_LENGTH
        and text.isascii()
        and text.removeprefix(PREFIX).isalnum()
        and secrets.compare_digest(checksum, _checksum(random))
    )


def digest(key: str) -> str:
    """What is kept of a key: with so many bits, it needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def issue(
    channel: Channel, name: str, *, expires_at: datetime | None = None, by: Any = None
) -> tuple[Key, str]:
    """A new key of `channel` and its text, which nobody can be shown again.

    Raises ValidationError where the channel has two valid ones already.
    """
    # Of two who make one at the same moment, the second sees the first one's. No key of
    # the row changes, so publishing, which refers to it, does not wait.
    Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if len(valid(channel, timezone.now())) >= MOST_VALID:
        raise ValidationError(
            f"{channel} has {MOST_VALID} keys that are valid. Revoke the one that its "
            "site uses no longer, then make another."
        )
    text = make()
    key = Key(
        channel=channel,
        name=name,
        hint=text[:HINT_LENGTH],
        digest=digest(text),
        expires_at=expires_at,
        created_by=by,
    )
    key.full_clean()
    key.save()
    return key, text


def valid(channel: Channel, now: datetime) -> list[Key]:
    """The keys by which `channel` can be read at `now`."""
    return [key for key in channel.keys.all() if key.is_valid_at(now)]


def _checksum(random: str) -> str:
    number, signs = zlib.crc32(random.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs = ALPHABET[place] + signs
    return signs
