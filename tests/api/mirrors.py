"""The reference mirror, run in this process: its own code, with our client for a wire.

It can be made to crash anywhere, as if it was killed there.
"""

from __future__ import annotations

import importlib.util
import random
import sqlite3
import threading
from argparse import Namespace
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from api.channels import keys
from api.channels.models import Channel
from api.documents import carrying
from api.documents.reading import joined

SCRIPT = Path(settings.BASE_DIR) / "frontend_stub" / "examples" / "mirror.py"


def script() -> ModuleType:
    """The example, as a module of its own."""
    spec = importlib.util.spec_from_file_location("mirror", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Killed(BaseException):
    """The process is gone; nothing of ours catches it."""


class Answer:
    """What the example reads, with death at one of the lines if that is due."""

    def __init__(self, response: Any, dies_at: int | None) -> None:
        self.headers = response.headers
        self._response, self._dies_at = response, dies_at

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *error: object) -> None:
        self._response.close()

    def __iter__(self) -> Iterator[bytes]:
        body = b"".join(self._response)
        for number, line in enumerate(body.splitlines(keepends=True)):
            if number == self._dies_at:
                raise Killed
            yield line


class Consumer:
    """One mirror of one channel, in a file."""

    def __init__(self, channel: Channel, file: Path, chance: random.Random) -> None:
        self.channel, self.file, self.chance = channel, file, chance
        self.crashes = False
        # Of a channel that is not open; others are named.
        self.key: str | None = None
        self._asking = threading.Lock()
        # How many changes an answer has: few, so that there are many answers.
        self.limit = 5
        self._example = script()
        self._example.ask = self._ask  # type: ignore[attr-defined]

    def follow(self) -> bool:
        """One answer, asked for and applied, or half of it; whether there is more."""
        mirror = self._example.Mirror(self.file)
        try:
            more, _ = self._example.advance(Namespace(), mirror)
        except Killed:
            more = True
        finally:
            mirror.file.close()
        return bool(more)

    def rotate_key(self) -> None:
        """As partners do: make a new key, put it in place, then end the old one."""
        with transaction.atomic():
            made, text = keys.issue(self.channel, "Mirror")
        with self._asking:
            self.key = text
        former = self.channel.keys.filter(revoked_at=None).exclude(pk=made.pk)
        former.update(revoked_at=timezone.now())

    def catch_up(self) -> None:
        while self.follow():
            pass

    def documents(self) -> dict[str, str]:
        return held(self.file)

    def _ask(self, options: Namespace, since: str | None) -> Answer:
        query: dict[str, Any] = {"format": "ndjson", "limit": self.limit}
        if since:
            query["since"] = since
        with self._asking:
            if self.key is None:
                query["channel"] = self.channel.slug
            headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
            address = f"/api/v1/sync/?{urlencode(query)}"
            response = Client().get(address, headers=headers)
        if response.status_code != 200:
            text = response.content.decode()
            raise HTTPError("", response.status_code, text, Message(), None)
        is_due = self.crashes and self.chance.random() < 0.3
        return Answer(response, self.chance.randrange(6) if is_due else None)


def held(file: Path) -> dict[str, str]:
    """The documents of a mirror, by id."""
    with sqlite3.connect(file) as mirror:
        return dict(mirror.execute("SELECT id, json FROM documents"))


def carried(channel: Channel) -> dict[str, str]:
    """What `channel` shows at this moment, by id."""
    found = Channel.objects.select_related("settling").get(pk=channel.pk)
    shown = carrying.shown_on(found, timezone.now()).select_related("document")
    return {
        str(one.document_id): joined(one.document.text_on(found), one.suffix)
        for one in shown
    }
