from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from api.channels.models import Channel
from tests import factories as make
from tests.api.factories import ChannelFactory
from tests.api.receivers import Receiver, receiving


@pytest.fixture
def gazette() -> Channel:
    made: Channel = ChannelFactory(
        slug="gazette",
        is_open=False,
        contact_name="Ines Ferreira",
        contact_email="ines@gazette.example",
        contact_phone="+1 732 555 0100",
    )
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client
