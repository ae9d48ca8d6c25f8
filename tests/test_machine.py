"""What tests rely on when they start servers."""

from __future__ import annotations

import socket

from tests.machine import FreePorts


def test_each_port_is_another_and_none_that_linux_lends_by_default():
    given = FreePorts(process=11)

    row = given.give(in_a_row=4)
    ports = [*range(row, row + 4), *(given.give() for _ in range(100))]

    assert len(set(ports)) == len(ports)
    assert max(ports) < 32_768


def test_a_port_on_which_somebody_listens_is_passed_over():
    given = FreePorts(process=11)
    with socket.create_server(("127.0.0.1", given.give())) as somebody:
        taken = somebody.getsockname()[1]

        ports = {given.give() for _ in range(FreePorts.EACH)}

    assert taken not in ports
