"""What clients send is read once, unless it is so long that it would fill memory."""

from __future__ import annotations

from api.remembering import LONGEST, remembered


def reads_of(text: str) -> int:
    """How often it is read of those who ask twice."""
    read: list[str] = []

    @remembered(10)
    def reading(text: str) -> int:
        read.append(text)
        return len(text)

    assert [reading(text), reading(text)] == [len(text)] * 2
    return len(read)


def test_what_two_clients_send_is_read_once():
    assert reads_of("gzip, br") == 1


def test_what_is_longer_than_clients_send_is_not_kept():
    assert reads_of("x" * (LONGEST + 1)) == 2
