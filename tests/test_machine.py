"""What tests rely on when they start servers."""

from __future__ import annotations

import socket

from tests.machine import FreePorts


def test_a_port_is_given_once_and_never_one_that_the_system_lends():
    given = FreePorts(process=11)

    ports = [given.give(), given.give(in_a_row=4), given.give()]

    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        assert max(ports) < somebody.getsockname()[1]
    assert len(set(ports)) == 3
    assert ports[1] + 4 == ports[2] or ports[2] < ports[1]


def test_a_port_on_which_somebody_listens_is_passed_over():
    given = FreePorts(process=11)
    with socket.create_server(("127.0.0.1", given.give())) as somebody:
        taken = somebody.getsockname()[1]

        ports = {given.give() for _ in range(FreePorts.EACH)}

    assert taken not in ports
