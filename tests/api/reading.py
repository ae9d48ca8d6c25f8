"""What tests of lists ask again and again."""

from __future__ import annotations

from typing import Any

from django.test import Client

BASE = "http://localhost:8000"
ARTICLES = "/api/v1/articles/"


def slugs(client: Client, address: str) -> list[str]:
    """The slugs of a list's results, in their order."""
    return [one["slug"] for one in client.get(address).json()["results"]]


def pages(client: Client, address: str) -> list[list[str]]:
    """The slugs on each page of a list, followed by `next` to its end."""
    found = []
    following: str | None = address
    while following:
        answer = client.get(following).json()
        found.append([one["slug"] for one in answer["results"]])
        following = answer["next"] and answer["next"].removeprefix(BASE)
    return found


def fault(client: Client, address: str) -> dict[str, Any]:
    """The only fault that the 400 at `address` lists."""
    answer = client.get(address)
    assert answer.status_code == 400, answer.content
    (only,) = answer.json()["errors"]
    told: dict[str, Any] = only
    return told
