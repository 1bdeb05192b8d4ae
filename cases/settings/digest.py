"""cases: the settings of the morning digest."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from kit.hours import moment
from kit.settings import Settings


class DigestSettings(Settings):
    """What supervisors are told in the morning."""

    at: str = Field(
        "08:30", pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$", description="When they are told, HH:MM; empty: not at all."
    )

    def moment(self, day: date, zone: ZoneInfo) -> datetime | None:
        """When they are told on a day."""
        if not self.at:
            return None
        hour, minute = map(int, self.at.split(":"))
        return moment(day, hour * 60 + minute, zone)
