"""tests: visitor tokens are signed, expire, are renewed while they are used, and name nobody but their visitor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.rate import Rate
from bot.channels.web.visitors import Visitors, VisitorUnknown
from kit.ids import new_id
from kit.refusals import TooMany
from tests.support.clock import MovableClock

SECRET = "the desk's own"


def visitors_of(secret: str = SECRET, clock: MovableClock | None = None) -> Visitors:
    return Visitors(secret, days=30, clock=clock or MovableClock(), new_id=new_id)


def test_a_token_names_its_visitor_again_and_again() -> None:
    visitors = visitors_of()
    token = visitors.new()
    assert visitors.read(token) == visitors.read(token)
    assert visitors.read(token).id != visitors.read(visitors.new()).id


def test_the_token_of_another_desk_is_unknown() -> None:
    with pytest.raises(VisitorUnknown):
        visitors_of("one").read(visitors_of("another").new())


@given(position=st.integers(0, 200), put=st.characters())
def test_a_token_with_any_character_changed_is_unknown(position: int, put: str) -> None:
    visitors = visitors_of()
    token = visitors.new()
    position %= len(token)
    changed = token[:position] + put + token[position + 1 :]
    if changed != token:
        with pytest.raises(VisitorUnknown):
            visitors.read(changed)


def test_a_token_lives_as_long_as_its_visitor_comes_back_in_time() -> None:
    clock = MovableClock()
    visitors = visitors_of(clock=clock)
    token = visitors.new()
    first = visitors.read(token).id
    for _ in range(10):
        clock.forward(days=20)
        fresh = visitors.read(token).token
        assert fresh is not None
        assert visitors.read(fresh).id == first
        token = fresh
    clock.forward(days=30, seconds=1)
    with pytest.raises(VisitorUnknown):
        visitors.read(token)


def test_a_young_token_is_left_as_it_is() -> None:
    clock = MovableClock()
    visitors = visitors_of(clock=clock)
    token = visitors.new()
    clock.forward(hours=23)
    assert visitors.read(token).token is None
    clock.forward(hours=1)
    assert visitors.read(token).token is not None


def test_a_rate_allows_a_burst_then_one_at_a_time_and_counts_each_visitor_alone() -> None:
    now = 100.0
    rate = Rate(6, monotonic=lambda: now)
    for _ in range(6):
        rate.check("a")
    with pytest.raises(TooMany) as refused:
        rate.check("a")
    assert refused.value.slots == {"seconds": 10}
    rate.check("b")
    now += 10
    rate.check("a")
    with pytest.raises(TooMany):
        rate.check("a")


def test_visitors_long_gone_are_forgotten() -> None:
    now = 0.0
    rate = Rate(60, monotonic=lambda: now)
    for number in range(30_000):
        now += 0.01
        rate.check(str(number))
    assert len(rate._buckets) <= 20_001  # noqa: SLF001 - what is forgotten has no outside
