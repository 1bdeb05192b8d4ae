"""handoff: the section `handoff` of config.yml."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from kit.settings import Settings

EVERY_DAY = ("08:30-22:00",)
SLOT = re.compile(r"(?P<start>(?:[01]\d|2[0-3]):[0-5]\d)-(?P<end>(?:[01]\d|2[0-3]):[0-5]\d|24:00)")


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
        for slot in slots:
            found = SLOT.fullmatch(slot)
            if found is None or found["start"] == found["end"]:
                message = f"{slot!r} is no slot; write it as 08:30-22:00 (22:00-06:00 goes over midnight)"
                raise ValueError(message)
        return slots


class HandoffSettings(Settings):
    """How the live desk works."""

    time_zone: str = Field("Asia/Shanghai", description="IANA name of the time zone of the opening hours.")
    hours: WeeklyHours = Field(default_factory=WeeklyHours, description="When representatives answer, per weekday.")
    absent_after_seconds: int = Field(
        40,
        ge=25,
        le=50,
        description="Seconds without a sign of life after which a representative counts as gone and their "
        "conversations return to the head of the queue. Consoles show life every 10 s.",
    )
    start_grace_seconds: int = Field(
        20, ge=0, le=60, description="Seconds after a start of the desk in which nobody counts as gone yet."
    )
    reply_limit: int = Field(4000, ge=100, le=20000, description="Most characters of one reply or note.")
    list_limit: int = Field(100, ge=10, le=500, description="Most conversations one list of the console shows.")

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            message = "not the name of a time zone, such as Asia/Shanghai or Europe/London"
            raise ValueError(message) from error
        return name
