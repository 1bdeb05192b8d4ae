"""tests: the books find every kind of loss and doubling; a ledger that cannot fail proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.ledger import Customer, Shown, Stored, faults_in_the_books


def entry(seq: int, kind: str = "bot", key: str = "") -> dict[str, Any]:
    return {"seq": seq, "kind": kind, "key": key or f"k{seq}"}


def line(seq: int, kind: str = "bot", key: str = "") -> Stored:
    return Stored(seq, kind, key or f"k{seq}", public=True)


@pytest.fixture
def customer() -> Customer:
    """Sent two messages, got two answers, all in order."""
    customer = Customer("http://127.0.0.1:1", "li")
    customer.sent = [("a", "hello"), ("b", "delivery?")]
    customer.acknowledged = {"a": 1, "b": 3}
    customer.shown.take({"after": 0, "upto": 4, "entries": [entry(each) for each in range(1, 5)]})
    return customer


SOUND = [line(1, "customer", "a"), line(2), line(3, "customer", "b"), line(4)]


def test_sound_books_have_no_faults(customer: Customer) -> None:
    assert faults_in_the_books(customer, SOUND, [1, 3]) == []


@pytest.mark.parametrize(
    ("transcript", "turns", "fault"),
    [
        ([*SOUND[:2], line(3)], [1], "acknowledged as 3, stored as None"),
        ([*SOUND, line(5, "customer", "c"), line(6)], [1, 3, 5], "never sent"),
        ([*SOUND[:3], line(5)], [1, 3], "gaps"),
        ([line(1, "customer", "b"), line(2), line(3, "customer", "a"), line(4)], [1, 3], "another order"),
        (SOUND, [1], "turns dealt with"),
        (SOUND, [1, 3, 3], "turns dealt with"),
        ([*SOUND, line(5)], [1, 3], "the window shows"),
        ([*SOUND[:3], line(4, "bot", "k2")], [1, 3], "twice"),
    ],
)
def test_each_broken_promise_is_found(
    customer: Customer, transcript: list[Stored], turns: list[int], fault: str
) -> None:
    assert fault in "; ".join(faults_in_the_books(customer, transcript, turns))


def test_a_window_drops_what_it_has_and_notices_what_it_misses() -> None:
    shown = Shown()
    assert shown.take({"after": 0, "upto": 2, "entries": [entry(1), entry(2)]})
    assert shown.take({"after": 1, "upto": 3, "entries": [entry(2), entry(3)]})
    assert not shown.take({"after": 4, "upto": 5, "entries": [entry(5)]})
    assert shown.take({"after": 3, "upto": 4, "entries": []})
    assert [each["seq"] for each in shown.entries] == [1, 2, 3]
    assert shown.upto == 4
