"""A day with bursts and sick leave: nobody starves, and the work is shared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.contracts import Urgency
from tests.handoff.routing_day import STEP, live_through


@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_on_a_day_with_bursts_and_sick_leave_nobody_starves_and_the_work_is_shared(seed: int) -> None:
    day = live_through(seed)
    assert day.waiting_at_the_end == 0
    assert len(day.waits) == 2900
    # The bursts are real: a hundred people waited at once. Even so the longest wait of all stays bounded.
    assert day.longest_queue > 100
    assert max(day.waits.values()) < timedelta(minutes=30)
    critical = sorted(wait for name, wait in day.waits.items() if day.urgency[name] is Urgency.CRITICAL)
    assert critical[-1] <= timedelta(minutes=2)
    assert critical[len(critical) // 2] <= STEP
    shares = sorted(day.served.values())
    assert shares[0] >= shares[-1] / 3


def test_the_same_seed_gives_the_same_day() -> None:
    assert live_through(7) == live_through(7)
