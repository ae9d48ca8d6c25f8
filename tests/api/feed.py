"""The change feed, as whoever follows it asks for it."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from api.documents import publishing

SYNC = "/api/v1/sync/"
LINES = "application/x-ndjson"


def ask(query: str = "", key: str | None = None, **headers: str) -> Any:
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return Client().get(f"{SYNC}?{query}", headers=headers)


def page(query: str = "", **given: Any) -> dict[str, Any]:
    answer = ask(query, **given)
    assert answer.status_code == 200, answer.content
    read: dict[str, Any] = answer.json()
    return read


def lines(query: str = "", **given: Any) -> list[dict[str, Any]]:
    answer = ask(query, Accept=LINES, **given)
    assert answer["Content-Type"] == LINES
    return [json.loads(line) for line in b"".join(answer).splitlines()]


def told(changes: dict[str, Any]) -> list[tuple[str, str]]:
    """What each change says: `("put", slug)` or `("delete", slug)`."""
    return [
        (one["op"], one["document"]["slug"] if "document" in one else one["slug"])
        for one in changes["changes"]
    ]


def republish(content: Any, **changed: Any) -> None:
    with publishing.publishing():
        content = type(content).objects.get(pk=content.pk)
        for name, value in changed.items():
            setattr(content, name, value)
        content.save_revision().publish()


def unpublish(content: Any) -> None:
    with publishing.publishing():
        type(content).objects.get(pk=content.pk).unpublish()


def expired(since: str, query: str = "") -> bool:
    answer = ask(f"{query}&since={since}")
    return answer.status_code == 410 and answer.json()["type"].endswith(
        "/checkpoint-expired/"
    )
