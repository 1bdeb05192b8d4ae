"""benchmarks: when customers write. Pure."""

from __future__ import annotations

import random


def poisson(rate: float, seconds: float, *, seed: int) -> list[float]:
    """Moments in seconds from the start at which messages are due: `rate` a second on average, independent customers.

    They do not wait for answers: a slow bot gets no easier questions (no coordinated omission).
    """
    chance = random.Random(seed)
    moments: list[float] = []
    at = chance.expovariate(rate)
    while at < seconds:
        moments.append(at)
        at += chance.expovariate(rate)
    return moments
