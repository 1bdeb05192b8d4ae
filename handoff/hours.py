"""handoff: the opening hours an operator has set. The arithmetic is in kit/hours.py."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handoff.attendance import Calendar
from handoff.settings import HandoffSettings
from handoff.settings.hours import WEEKDAYS
from kit.hours import OpeningHours, parse_slot


def hours_of(settings: HandoffSettings, department: str | None = None) -> OpeningHours:
    """The hours an operator has set: of a department, or of the desk where it has none of its own."""
    own = next((one for one in settings.departments if one.name == department), None)
    hours = own.hours if own is not None and own.hours is not None else settings.hours
    week = (hours.mon, hours.tue, hours.wed, hours.thu, hours.fri, hours.sat, hours.sun)
    return OpeningHours(
        zone=zone_of(settings, department),
        days=tuple(tuple(map(parse_slot, day)) for day in week),
        special={
            day: tuple(map(parse_slot, special.slots)) for day, special in settings.special_days_of(department).items()
        },
    )


def zone_of(settings: HandoffSettings, department: str | None = None) -> ZoneInfo:
    """The clocks of a department, or of the desk where it has none of its own."""
    own = next((one for one in settings.departments if one.name == department), None)
    return ZoneInfo(own.time_zone if own is not None and own.time_zone is not None else settings.time_zone)


def calendar_of(settings: HandoffSettings, department: str | None) -> Calendar:
    """Which shifts a department works on which dates."""
    return Calendar(
        zone=zone_of(settings, department),
        worked_as={
            day: WEEKDAYS.index(special.shifts_of or WEEKDAYS[day.weekday()]) if special.slots else None
            for day, special in settings.special_days_of(department).items()
        },
    )


class Openings:
    """Opening hours by department, read once; None and unknown names mean those of the desk."""

    def __init__(self, settings: HandoffSettings) -> None:
        self._desk = hours_of(settings)
        self._of = {one.name: hours_of(settings, one.name) for one in settings.departments}

    def of(self, department: str | None) -> OpeningHours:
        """The hours of a department."""
        return self._of.get(department or "", self._desk)
