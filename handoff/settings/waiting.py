"""handoff: the settings of waiting: how long at most, and what is promised to whom nobody could take."""

from __future__ import annotations

from pydantic import Field

from kit.settings import Settings


class WaitingSettings(Settings):
    """What happens to customers who wait."""

    limit_minutes: int = Field(
        45,
        ge=1,
        le=1440,
        description="Longest wait; then an answer by a time is promised and a case is opened, minutes. "
        "Critical ones are kept.",
    )
    away_minutes: int = Field(3, ge=1, le=1440, description="The same while no representative is on duty, minutes.")
    callback_minutes: int = Field(60, ge=10, le=240, description="Length of a call-back slot, minutes.")
    callbacks_per_slot: int = Field(3, ge=0, le=200, description="Call-backs booked per slot and department; 0 = none.")
    callback_days: int = Field(3, ge=1, le=14, description="How many days ahead call-backs can be booked.")
    callback_lead_minutes: int = Field(30, ge=0, le=1440, description="Least time until a call-back, minutes.")
