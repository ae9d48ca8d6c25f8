"""A site that hears by webhook; and what is broken on purpose, for others to notice."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from api.documents import ledger
from api.webhooks.models import Endpoint
from tests.api.factories import EndpointFactory
from tests.api.hooks import ARTICLES
from tests.api.receivers import Receiver, receiving


@pytest.fixture
def slow_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every publication take its time between writing and committing."""
    close = ledger.Ledger.close

    def slowly(written: Any) -> None:
        close(written)
        time.sleep(random.uniform(0, 0.02))

    monkeypatch.setattr(ledger.Ledger, "close", slowly)


class PlainSequence:
    """What the counter would be without its lock: a sequence of the database."""

    @property
    def value(self) -> int:
        return self._last

    @value.setter
    def value(self, _: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('plain')")
            (self._last,) = cursor.fetchone()

    _last = publications = 0

    def save(self, update_fields: list[str]) -> None:
        pass


@pytest.fixture
def plain_sequence(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE plain START 1000000")
    monkeypatch.setattr(ledger, "take_counter", PlainSequence)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE plain")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def endpoint(receiver: Receiver) -> Endpoint:
    made: Endpoint = EndpointFactory(url=receiver.url, events=ARTICLES)
    return made
