"""tests: the desk's port."""

from __future__ import annotations

import socket

import pytest

from bot.run.listen import PortTaken, is_free, listen


def test_the_wanted_port_is_taken_when_it_is_free() -> None:
    with listen("127.0.0.1", 0, move=False) as first:
        port = first.getsockname()[1]
    with listen("127.0.0.1", port, move=True) as wire:
        assert wire.getsockname()[1] == port


def test_another_port_is_chosen_when_the_wanted_one_is_taken() -> None:
    with listen("127.0.0.1", 0, move=False) as taken:
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        with listen("127.0.0.1", port, move=True) as wire:
            assert wire.getsockname()[1] != port


def test_a_port_that_must_not_move_is_refused_with_the_reason() -> None:
    with listen("127.0.0.1", 0, move=False) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}: Address already in use"):
            listen("127.0.0.1", port, move=False)


def test_a_host_that_is_not_ours_is_refused_at_once() -> None:
    with pytest.raises(PortTaken, match="Cannot assign"):
        listen("192.0.2.1", 8080, move=True)


def test_who_connects_before_the_web_process_is_there_waits_instead_of_being_refused() -> None:
    with listen("127.0.0.1", 0, move=False) as wire, socket.create_connection(wire.getsockname()) as customer:
        customer.sendall(b"GET / HTTP/1.1\r\n")
        wire.setblocking(True)  # noqa: FBT003 - positional only
        accepted, _ = wire.accept()
        with accepted:
            assert accepted.recv(100) == b"GET / HTTP/1.1\r\n"
