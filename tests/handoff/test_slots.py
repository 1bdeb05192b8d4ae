"""Call-back slots: within the opening hours, with a seat left, in a desk's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handoff.contracts import DayPart
from handoff.hours import hours_of
from handoff.settings import HandoffSettings, SpecialDay, WaitingSettings, WeeklyHours
from handoff.slots import free_slots
from kit.hours import OpeningHours
from tests.support.clock import START

HOURS = hours_of(HandoffSettings())
"""Every day 08:30 to 22:00 in Shanghai; START is ten o'clock."""
SETTINGS = WaitingSettings()


def starts(hours: OpeningHours = HOURS, at: datetime = START, **changes: object) -> list[str]:
    settings = WaitingSettings(**changes)
    slots = free_slots(hours, {}, settings=settings, at=at)
    return [slot.begins_at.astimezone(HOURS.zone).strftime("%d %H:%M") for slot in slots]


def test_slots_lie_whole_within_the_hours_and_leave_time_to_prepare() -> None:
    today = [slot for slot in starts() if slot.startswith("21")]
    assert (today[0], today[-1]) == ("21 11:00", "21 21:00")
    # Ten past: the slot of eleven is still more than half an hour away, at half past ten it is not.
    assert starts(at=START + timedelta(minutes=31))[0] == "21 12:00"
    assert starts()[11] == "22 09:00"
    assert starts()[-1] == "23 21:00"


def test_parts_of_the_day_are_those_of_the_desks_clocks() -> None:
    slots = free_slots(HOURS, {}, settings=SETTINGS, at=START)
    parts = {slot.begins_at.astimezone(HOURS.zone).hour: slot.part for slot in slots}
    assert (parts[11], parts[12], parts[18]) == (DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING)


def test_a_slot_without_a_seat_is_not_offered() -> None:
    first, second = free_slots(HOURS, {}, settings=SETTINGS, at=START)[:2]
    taken = {first.begins_at: SETTINGS.callbacks_per_slot, second.begins_at: SETTINGS.callbacks_per_slot - 1}
    assert free_slots(HOURS, taken, settings=SETTINGS, at=START)[0] == second
    assert free_slots(HOURS, {}, settings=WaitingSettings(callbacks_per_slot=0), at=START) == ()


def test_a_holiday_and_a_lunch_break_have_none() -> None:
    open_hours = ("09:00-12:00", "13:00-18:00")
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), open_hours)
    holiday = SpecialDay(date=datetime(2026, 11, 22, tzinfo=UTC).date(), slots=())
    hours = hours_of(HandoffSettings(hours=WeeklyHours(**week), special_days=(holiday,)))
    found = starts(hours)
    assert "21 12:00" not in found
    assert not [slot for slot in found if slot.startswith("22")]
    assert found[-1] == "23 17:00"


@pytest.mark.parametrize("minutes", [20, 30, 60])
def test_everybody_is_offered_the_same_beginnings(minutes: int) -> None:
    one, other = starts(callback_minutes=minutes), starts(at=START + timedelta(minutes=7), callback_minutes=minutes)
    assert set(other) <= set(one)
