"""tests: a clock that only moves when a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""A Saturday, ten in the morning in Shanghai."""


class MovableClock:
    """A `kit.contracts.Clock`: call it for the present moment."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move on; returns the new present moment."""
        self.at += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.at
