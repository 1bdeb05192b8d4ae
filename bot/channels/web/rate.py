"""bot: how much one visitor may send. A bucket a visitor, in the memory of the process that holds the socket. Pure."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from kit.refusals import TooMany

KEPT = 20_000


class TooManyMessages(TooMany):
    """The visitor writes faster than anybody types; the slot `seconds` says when the next message goes through."""

    code = "too_many_messages"


class Rate:
    """At most `per_minute` in a minute, all at once if need be."""

    def __init__(self, per_minute: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._most = per_minute / 60, float(per_minute)
        self._monotonic = monotonic
        self._buckets: dict[str, tuple[float, float]] = {}
        """Who: (how much is left, when that was counted)."""

    def check(self, who: str) -> None:
        """Count one. Raises `TooManyMessages` with the seconds after which the next one goes through."""
        now = self._monotonic()
        left = self._left(who, now)
        if left < 1:
            raise TooManyMessages(seconds=math.ceil((1 - left) / self._per_second))
        self._buckets[who] = (left - 1, now)
        if len(self._buckets) > KEPT:
            self._buckets = {name: kept for name, kept in self._buckets.items() if self._left(name, now) < self._most}

    def _left(self, who: str, now: float) -> float:
        left, counted = self._buckets.get(who, (self._most, now))
        return min(self._most, left + (now - counted) * self._per_second)
