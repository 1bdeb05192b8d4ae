"""cases: how numbers look. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def period_of(at: datetime, zone: ZoneInfo) -> str:
    """The month a number is counted in, as `yymm` on the clocks of `zone`."""
    return at.astimezone(zone).strftime("%y%m")


def number_of(prefix: str, period: str, count: int) -> str:
    """A file number such as `TS2611-000042`; past 999,999 files a month it grows by a digit."""
    return f"{prefix}{period}-{count:06d}"
