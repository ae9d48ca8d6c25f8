"""How a receiver knows that a message is ours: Standard Webhooks 1.0.0.

No secret is stored. It is derived from the server's secret key and a random number
that is stored instead, so the database alone signs nothing, and nobody can be shown it
again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

PREFIX = "whsec_"
SHORTEST_SECRET = 24


class SecretIsLost(Exception):
    """The server's secret key is another one than when the secret was made."""


@dataclass(frozen=True)
class Made:
    """A new secret: what its receiver is shown once, and what is kept."""

    text: str
    seed: str
    fingerprint: str


def make() -> Made:
    seed = secrets.token_hex(32)
    secret = _derived(seed, settings.SECRET_KEY)
    text = PREFIX + base64.b64encode(secret).decode()
    return Made(text, seed, _fingerprint(secret))


def secret_of(seed: str, fingerprint: str) -> bytes:
    """The secret of which these were kept.

    Raises SecretIsLost where neither the server's secret key nor one of those before
    it gives that one: signed with another, a message would look forged.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derived(seed, key)
        if hmac.compare_digest(_fingerprint(secret), fingerprint):
            return secret
    raise SecretIsLost


def sign(message_id: str, sent_at: int, body: bytes, secret: bytes) -> str:
    """One signature of `webhook-signature`: `v1,` and base64.

    `sent_at` is Unix time in whole seconds, new for every attempt, so that a receiver
    can refuse old ones. `body` must be the very bytes that are sent.

    Raises ValueError for a secret shorter than 24 bytes.
    Source: Standard Webhooks 1.0.0, section "Signature scheme".
    """
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"A secret has at least {SHORTEST_SECRET} bytes.")
    signed = b"%s.%d.%s" % (message_id.encode(), sent_at, body)
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(
    message_id: str, sent_at: int, body: bytes, valid: Iterable[bytes]
) -> dict[str, str]:
    """What is sent with a message: while a secret is replaced, signed with both."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(
            sign(message_id, sent_at, body, secret) for secret in valid
        ),
    }


def _derived(seed: str, key: str | bytes) -> bytes:
    return salted_hmac(__name__, seed, secret=key, algorithm="sha256").digest()


def _fingerprint(secret: bytes) -> str:
    return hashlib.sha256(b"fingerprint" + secret).hexdigest()[:16]
