"""handoff: when a call-back can be booked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from handoff.contracts import DayPart, FreeSlot
from handoff.settings import WaitingSettings
from kit.hours import OpeningHours, moment, open_spans

NOON, SIX = 12, 18
"""Hours at which afternoon and evening begin."""


def free_slots(
    hours: OpeningHours, taken: Mapping[datetime, int], *, settings: WaitingSettings, at: datetime
) -> tuple[FreeSlot, ...]:
    """The slots that lie whole within the opening hours and still have room, soonest first.

    Slots are counted from midnight on the desk's clocks, so everybody is offered the same ones; `taken` says how many
    call-backs each slot has.
    """
    length = timedelta(minutes=settings.callback_minutes)
    earliest = at + timedelta(minutes=settings.callback_lead_minutes)
    last_day = at.astimezone(hours.zone).date() + timedelta(days=settings.callback_days - 1)
    free: list[datetime] = []
    for begin, end in open_spans(hours, at):
        day = begin.astimezone(hours.zone).date()
        if day > last_day:
            break
        while day <= min(last_day, end.astimezone(hours.zone).date()):
            free += [
                slot
                for slot in _slots_of(day, hours, settings.callback_minutes)
                if begin <= slot
                and slot >= earliest
                and slot + length <= end
                and taken.get(slot, 0) < settings.callbacks_per_slot
            ]
            day += timedelta(days=1)
    return tuple(_slot(begins_at, hours) for begins_at in sorted(set(free)))


def _slot(begins_at: datetime, hours: OpeningHours) -> FreeSlot:
    here = begins_at.astimezone(hours.zone)
    part = DayPart.MORNING if here.hour < NOON else DayPart.AFTERNOON if here.hour < SIX else DayPart.EVENING
    return FreeSlot(begins_at=begins_at, day=here.date(), part=part)


def _slots_of(day: date, hours: OpeningHours, minutes: int) -> list[datetime]:
    return [moment(day, start, hours.zone) for start in range(0, 24 * 60, minutes)]
