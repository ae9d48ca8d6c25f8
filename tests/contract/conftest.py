"""A server with content, for the tests that speak to one over the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from tests.contract import corpus
from tests.contract.serving import Server, serving


@pytest.fixture(scope="module")
def server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Server]:
    """The real server, with the clinic network of `corpus`.

    Its processes see only what is committed, so they have a database of their own;
    one for a module, since publishing and starting take seconds.
    """
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, _copied_database() as name:
        with _connected_to(name):
            corpus.publish()
        with serving(name) as started:
            yield started


@contextmanager
def _copied_database() -> Iterator[str]:
    """The name of a copy of the test database."""
    creation = connection.creation
    creation.clone_test_db("served", verbosity=0)
    try:
        yield creation.get_test_db_clone_settings("served")["NAME"]
    finally:
        creation.destroy_test_db(suffix="served", verbosity=0)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
