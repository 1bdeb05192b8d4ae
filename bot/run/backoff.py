"""bot.run: how long to wait before a part is started again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 0.25
LONGEST = 30.0
STEADY = 30.0
"""Seconds of work after which a part counts as sound: its next death is the first one again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Deaths in a row of one part."""

    deaths: int = 0

    def died(self, *, after: float) -> Backoff:
        """The part died `after` seconds of work."""
        return Backoff(deaths=1 if after >= STEADY else self.deaths + 1)

    @property
    def seconds(self) -> float:
        """The wait before the next start: none after the first death, then doubling."""
        return 0.0 if self.deaths <= 1 else min(LONGEST, FIRST * 2.0 ** (self.deaths - 2))
