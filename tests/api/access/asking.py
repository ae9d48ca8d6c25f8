"""Questions and their answers, to the last byte and statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.test import Client

from .names import told

BASE = "http://localhost:8000"
# Never the same, whatever is asked.
BY_CHANCE = ("X-Request-ID", "Date")


@dataclass(frozen=True)
class Probe:
    """One request; `named` is the kind of the hidden thing whose address it names."""

    operation: str
    address: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    named: str | None = None

    def __str__(self) -> str:
        sent = "".join(f" [{name}: {value}]" for name, value in self.headers)
        return f"{self.operation}: {self.method} {self.address}{sent}"

    @property
    def is_conditional(self) -> bool:
        return any(name.startswith("If-") for name, _ in self.headers)

    @property
    def asks_when(self) -> bool:
        """Whether the answer depends on when something was written."""
        return (
            self.asks_for("updated_", "as_of=", "/versions/")
            or dict(self.headers).get("If-Modified-Since") is not None
        )

    def asks_for(self, *words: str) -> bool:
        return any(word in self.address for word in words)


@dataclass(frozen=True)
class Answer:
    """All that came, without what comes by chance; and what it cost to find out."""

    status: int
    headers: Mapping[str, str]
    body: str
    statements: int = field(compare=False)

    def told(self) -> set[str]:
        return told("\n".join([*self.headers.values(), self.body]))


Answers = dict[Probe, Answer]


def asked(probes: Sequence[Probe]) -> Answers:
    """What each probe is answered, and each page that a list leads on to."""
    client = Client()
    found: Answers = {}
    waiting = list(probes)
    for probe in waiting:
        if probe in found:
            continue
        found[probe] = _ask(client, probe)
        following = re.search(r'"next(?:_url)?":"([^"]+)"', found[probe].body)
        if following and "limit=1" in probe.address:
            onward = following[1].removeprefix(BASE)
            waiting.append(Probe(probe.operation, onward))
    return found


def tags(probes: Sequence[Probe]) -> dict[str, str]:
    """The ETag of each plain address, to be asked with where it must say nothing."""
    plain = [one for one in probes if one.method == "GET" and not one.headers]
    found = asked([one for one in plain if one.named])
    return {
        probe.address: answer.headers["ETag"]
        for probe, answer in found.items()
        if "ETag" in answer.headers
    }


def with_tags(probes: Sequence[Probe], known: Mapping[str, str]) -> list[Probe]:
    """`probes`, and those that compare with a tag from a world where it is public."""
    return [
        *probes,
        *(
            replace(one, headers=(("If-None-Match", tag),))
            for one in probes
            if one.method == "GET"
            and not one.headers
            and (tag := known.get(one.address))
        ),
    ]


def _ask(client: Client, probe: Probe) -> Answer:
    with _counted() as statements, named(f"asked {probe}"):
        response = client.generic(
            probe.method, probe.address, headers=dict(probe.headers)
        )
    headers = {
        name: value for name, value in response.headers.items() if name not in BY_CHANCE
    }
    body = b"".join(response) if response.streaming else response.content
    return Answer(response.status_code, headers, body.decode(), len(statements))


@contextmanager
def named(circumstance: str) -> Iterator[None]:
    """Have an answer that breaks, or breaks the contract, say under what it does."""
    try:
        yield
    except Exception as error:
        error.add_note(circumstance)
        raise


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        statements.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(count):
        yield statements
