"""What a message says: which document is now how, and where to read it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from api.documents.changes import Change

from .models import PUBLISHED, UPDATED, WITHDRAWN, Delivery


def event_of(change: Change, *, was_shown: bool) -> str:
    """Such as `article.published`; `was_shown` is whether it is known already.

    What is withdrawn is told also of a document that, for all we know, the receiver
    never heard of: it may have had the message whose confirmation was lost.
    """
    if change.left is not None:
        return f"{change.type}.{WITHDRAWN}"
    return f"{change.type}.{UPDATED if was_shown else PUBLISHED}"


def body_of(event: str, change: Change, *, with_document: bool) -> bytes:
    """The message as JSON; `with_document` puts the document in."""
    members: dict[str, Any] = {
        "type": change.type,
        "id": str(change.id),
        "locale": change.locale,
        "sequence": change.sequence,
    }
    if change.left is not None:
        members |= asdict(change.left)
        members["withdrawn_at"] = _moment(change.left.withdrawn_at)
    else:
        document = json.loads(change.text or "{}")
        named = ("slug", "url", "canonical_url")
        members |= {name: document.get(name) for name in named}
        members["etag"] = change.etag
        if with_document:
            members["document"] = document
    return _dumped(event, change.at, members)


def test_body(at: datetime) -> bytes:
    """A message that tells of no change."""
    return _dumped(Delivery.TEST, at, {})


def _dumped(event: str, at: datetime, members: dict[str, Any]) -> bytes:
    message = {"type": event, "timestamp": _moment(at), "data": members}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
