"""Who sees what: every state in which a thing may not be read, at every door.

A world of published neighbours is asked every question there is (`access/probes.py`).
Then a thing of each kind is hidden in it, in one of the STATES (`access/states.py`),
and all is asked again. What never was public may not change one byte, nor cost one
statement more; what was and is gone leaves its tombstone and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from api.delivery import counts
from api.sync import checkpoints
from tests.api.access import hidden, probes
from tests.api.access.arranging import another_channel
from tests.api.access.asking import Answers, asked, named, tags, with_tags
from tests.api.access.comparing import leak
from tests.api.access.names import DRAFTED, KINDS, NAMES, UNTRANSLATED
from tests.api.access.states import (
    ASKED,
    HIDDEN,
    PUBLISHED,
    STATES,
    everything_public,
    nothing,
)

# The marker has the test database made, which `worlds` below fills.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Operations that show nothing which staff could hide.
SHOWING_NOTHING = {
    "get_index",
    "list_forms",
    "get_form",
    "list_redirects",
    "get_redirect",
}


@pytest.mark.parametrize("name", STATES)
def test_no_answer_tells_of_what_may_not_be_read(
    name: str, worlds: dict[str, Answers]
) -> None:
    state, without = STATES[name], worlds["nothing"]

    leaks = [
        f"{name}, asked {probe}\n  {difference}"
        for probe, answer in worlds[name].items()
        if not probe.asks_for(*state.excepts)
        and (difference := leak(state, probe, answer, without.get(probe)))
    ]

    assert not leaks, "\n".join([f"{len(leaks)} answers tell:", *leaks[:10]])


@pytest.mark.parametrize("name", [name for name in STATES if STATES[name].leaves])
def test_what_was_public_leaves_a_tombstone_at_its_addresses(
    name: str, worlds: dict[str, Answers]
) -> None:
    state = STATES[name]

    left = {
        kind: {
            answer.status
            for probe, answer in worlds[name].items()
            if probe.method == "GET"
            and probe.address.endswith((f"/{names.slug}/", f"/{names.id_in('en')}/"))
            and probe.operation.startswith("get_")
            and probe.operation.removeprefix("get_") == kind
        }
        for kind, names in NAMES.items()
        if kind in state.gone
    }

    assert left == {kind: {410} for kind in state.gone}


@pytest.mark.parametrize(
    ("name", "asked_with"),
    [
        ("other open channel", "channel=shore"),
        ("other language", "locale=es"),
    ],
)
def test_where_it_may_be_read_it_is_found(
    name: str, asked_with: str, worlds: dict[str, Answers]
) -> None:
    told = {
        word
        for probe, answer in worlds[name].items()
        if probe.asks_for(asked_with)
        for word in answer.told() - worlds["nothing"][probe].told()
    }

    kinds = set(KINDS if name == "other open channel" else DRAFTED)
    kinds -= set(UNTRANSLATED) if name == "other language" else set()
    assert {NAMES[kind].word for kind in kinds} <= told


def test_every_operation_is_asked_what_would_show_a_hidden_thing(
    worlds: dict[str, Answers],
) -> None:
    public, without = worlds["public"], worlds["nothing"]

    telling = {
        probe.operation
        for probe, answer in public.items()
        if answer.told() - (without[probe].told() if probe in without else set())
    }

    assert telling == {probe.operation for probe in public} - SHOWING_NOTHING


def test_pages_for_people_read_nothing_that_could_be_hidden() -> None:
    for page, answer in asked(probes.pages()).items():
        assert (answer.status, answer.statements) == (200, 0), page


@pytest.fixture(scope="module")
def worlds(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: Any,
) -> dict[str, Answers]:
    """What is answered in each state that the tests of this run ask for."""
    wanted = {
        item.callspec.params["name"]
        for item in request.session.items
        if hasattr(item, "callspec") and "worlds" in item.fixturenames
    }
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    patch = pytest.MonkeyPatch()
    # Reading them anew in the middle of it would cost a statement.
    patch.setattr(checkpoints, "KEYS_KEPT_S", 24 * 3600)
    # Nor may a count that one world left in memory spare the next one a statement.
    patch.setattr(counts, "key_of", lambda *asked: None)
    with django_db_blocker.unblock(), media, transaction.atomic():
        with time_machine.travel(PUBLISHED, tick=False):
            hidden.neighbours()
            another_channel()
        checkpoints.rotate()
        Client().get("/api/v1/sync/")
        found = _answers(wanted)
        transaction.set_rollback(True)
    patch.undo()
    return found


def _answers(wanted: set[str]) -> dict[str, Answers]:
    every = probes.every_probe()
    with _world(everything_public):
        every = with_tags(every, tags(every))
        found = {"public": asked(every)}
    with _world(nothing):
        found["nothing"] = asked(every)
    for name in STATES:
        if name in wanted:
            with named(f"in the state “{name}”"), _world(STATES[name].hide):
                worth = [one for one in every if STATES[name].is_worth(one)]
                found[name] = asked(worth)
    return found


@contextmanager
def _world(hide: Callable[[], None]) -> Iterator[None]:
    """The neighbours with what `hide` puts among them, at the moment of asking."""
    with transaction.atomic():
        with time_machine.travel(HIDDEN, tick=False):
            hidden.rows_from(2_000_000)
            hide()
        with time_machine.travel(ASKED, tick=False):
            yield
        transaction.set_rollback(True)
