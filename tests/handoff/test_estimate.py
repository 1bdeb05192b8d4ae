"""How long a waiting customer will probably wait: from few claims a wide range, and right often enough to be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from handoff.contracts import Urgency, WaitRange
from handoff.estimate import WINDOW, Wait, estimate
from handoff.ordering import order_key
from handoff.routing import Ticket
from tests.handoff.asking import MEI
from tests.handoff.house import House
from tests.handoff.routing_day import Day, customers, live_through, rush
from tests.support.clock import START

MINUTE = timedelta(minutes=1)


def served(every: timedelta, number: int) -> list[Wait]:
    """A line that was there all the time and of which one was taken every so often, until START."""
    asked_at = START - every * (number + 5)
    return [Wait(asked_at=asked_at, claimed_at=START - every * (number - 1 - one)) for one in range(number)]


def test_nothing_is_said_where_too_little_happened() -> None:
    assert estimate(0, [], now=START) is None
    assert estimate(0, served(MINUTE, 2), now=START) is None
    assert estimate(0, served(MINUTE, 5), now=START + WINDOW * 2) is None


def test_the_range_grows_with_those_ahead_and_holds_the_plain_guess() -> None:
    waits = [*served(MINUTE, 15), Wait(asked_at=START - 9 * MINUTE, claimed_at=None)]
    ranges = [estimate(ahead, waits, now=START) for ahead in (0, 4, 9)]
    for ahead, found in zip((0, 4, 9), ranges, strict=True):
        assert found is not None
        assert found.low < (ahead + 1) * MINUTE < found.high
    lows = [found.low for found in ranges if found]
    assert lows == sorted(lows)


def test_fewer_claims_make_a_wider_range() -> None:
    few, many = estimate(2, served(2 * MINUTE, 4), now=START), estimate(2, served(2 * MINUTE, 9), now=START)
    assert few is not None
    assert many is not None
    assert few.high - few.low > many.high - many.low


@pytest.mark.parametrize(
    ("low", "high", "minutes", "words"),
    [
        (0, 40, (0, 1), "soon"),
        (20, 240, (0, 4), "within"),
        (130, 470, (2, 8), "between"),
        (7 * 60, 22 * 60, (5, 25), "between"),
        (25 * 60, 90 * 60, (25, None), "over"),
        (30, 90 * 60, (0, None), None),
    ],
)
def test_people_are_told_whole_minutes_rounded_outwards(
    low: int, high: int, minutes: tuple[int, int | None], words: str | None
) -> None:
    told = WaitRange(low=timedelta(seconds=low), high=timedelta(seconds=high))
    assert (told.minutes, told.words) == (minutes, words)


@pytest.mark.parametrize(("make", "least"), [(rush, 0.8), (customers, 0.6)])
def test_on_a_day_that_is_played_through_the_range_is_right_for_most(
    make: Callable[[Random], list[Ticket]], least: float
) -> None:
    told: dict[str, tuple[datetime, WaitRange]] = {}

    def watch(day: Day, fresh: list[Ticket], waiting: list[Ticket], now: datetime) -> None:
        for one in fresh:
            line = sorted((w for w in waiting if w.department == one.department), key=lambda w: order_key(w.waiting))
            past = [(t, at) for t, at in day.claimed if t.department == one.department and at >= now - WINDOW]
            waits = [Wait(asked_at=t.asked_at, claimed_at=at) for t, at in past]
            waits += [Wait(asked_at=w.asked_at, claimed_at=None) for w in line]
            found = estimate(line.index(one), waits, now=now)
            if found is not None and one.waiting.urgency is Urgency.NORMAL:
                told[one.handoff_id] = (now, found)

    day = live_through(1, make, watch=watch)
    waits = {given.handoff_id: at for given, at in day.claimed}
    right = [found.low <= waits[name] - at <= found.high for name, (at, found) in told.items()]
    assert len(right) > 300
    assert sum(right) / len(right) >= least


async def test_a_customer_is_told_a_range_once_others_have_been_taken(house: House) -> None:
    await house.agents.beat(MEI)
    line = [await house.ask() for _ in range(6)]
    for handoff in line[:4]:
        house.clock.forward(minutes=2)
        await house.agents.beat(MEI)
        await house.agents.claim(handoff.id, MEI)
    place = await house.desk.place(line[5].conversation_id)
    assert place is not None
    assert place.wait is not None
    assert place.wait.low < 4 * MINUTE < place.wait.high


async def test_without_anybody_on_duty_no_time_is_told(house: House) -> None:
    handoff = await house.ask()
    place = await house.desk.place(handoff.conversation_id)
    assert place is not None
    assert place.wait is None
