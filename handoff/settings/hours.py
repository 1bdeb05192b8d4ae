"""handoff: the settings of opening hours."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from kit.settings import Settings

EVERY_DAY = ("08:30-22:00",)
SLOT = re.compile(r"(?P<start>(?:[01]\d|2[0-3]):[0-5]\d)-(?P<end>(?:[01]\d|2[0-3]):[0-5]\d|24:00)")


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_slots(slots: tuple[str, ...]) -> tuple[str, ...]:
    """`slots` as they are; raises ValueError naming the one that cannot be read."""
    for slot in slots:
        found = SLOT.fullmatch(slot)
        if found is None or found["start"] == found["end"]:
            message = f"{slot!r} is no slot; write it as 08:30-22:00 (22:00-06:00 goes over midnight)"
            raise ValueError(message)
    return slots


def check_zone(name: str | None) -> str | None:
    """`name` as it is; raises ValueError when no time zone is called so."""
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = "not the name of a time zone, such as Asia/Shanghai or Europe/London"
        raise ValueError(message) from error
    return name


class SpecialDay(Settings):
    """One date that differs from its weekday: a holiday, a make-up workday, a short day."""

    date: dt.date = Field(description="The date, YYYY-MM-DD.")
    slots: tuple[str, ...] = Field((), description="Slots of that day, HH:MM-HH:MM; [] = closed.")
    shifts_of: Weekday | None = Field(
        None,
        description="Weekday whose shifts are worked on that day, such as mon on a make-up Saturday; empty: its own.",
    )
    departments: tuple[str, ...] = Field((), description="Departments it is for; empty: the whole desk.")

    _check_slots = field_validator("slots")(check_slots)


class WeeklyHours(Settings):
    """Slots of each weekday such as `["08:30-12:00", "13:00-22:00"]`; an empty list is a closed day."""

    mon: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Monday, HH:MM-HH:MM; [] = closed.")
    tue: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Tuesday.")
    wed: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Wednesday.")
    thu: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Thursday.")
    fri: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Friday.")
    sat: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Saturday.")
    sun: tuple[str, ...] = Field(EVERY_DAY, description="Slots of Sunday.")

    @field_validator("*")
    @classmethod
    def _check_slots(cls, slots: tuple[str, ...]) -> tuple[str, ...]:
        return check_slots(slots)
