"""handoff: how long a waiting customer will probably wait, from what happened lately. Pure.

What is counted is how often somebody of the department was taken while others stood in line, and for how long anybody
stood in line. From `n` such claims in the time `T`, the time until the k-th further claim is `T` times a beta-prime
variable with the parameters k and n: what a Poisson stream of unknown rate gives. With few claims the range is wide,
with too few there is none. docs/decisions/0035 says how often the range was right on days that were played through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scipy.special import betaincinv

from handoff.contracts import WaitRange

WINDOW = timedelta(minutes=20)
"""How far back is looked: the floor of an hour ago is another one."""
IN_LINE = timedelta(seconds=60)
"""Who was taken sooner met a free representative and says nothing about how fast a line moves."""
LEAST = 3
"""Claims below which nothing honest can be said."""
LOW, HIGH = 0.1, 0.98
"""Quantiles that make the range. The upper one is far out: more urgent customers who come later pass, and a rush slows
the line down; neither is known beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One customer of the department who waited lately, or still does."""

    asked_at: datetime
    claimed_at: datetime | None


def estimate(ahead: int, waits: Iterable[Wait], *, now: datetime) -> WaitRange | None:
    """The range for a customer with `ahead` before them; None when too little happened lately to say anything."""
    known = tuple(waits)
    for patience in (IN_LINE, timedelta()):
        claims, stood = _line(known, since=now - WINDOW, now=now, patience=patience)
        if claims >= LEAST and stood:
            low, high = (stood * _quantile(ahead + 1, claims, share) for share in (LOW, HIGH))
            return WaitRange(low=low, high=high)
    return None


def _quantile(further: int, claims: int, share: float) -> float:
    """The quantile `share` of the beta-prime distribution with the parameters `further` and `claims`."""
    beta = float(betaincinv(further, claims, share))
    return beta / (1 - beta)


def _line(waits: Sequence[Wait], *, since: datetime, now: datetime, patience: timedelta) -> tuple[int, timedelta]:
    """How many were taken while somebody stood in line for longer than `patience`, and how long somebody did."""
    periods: list[tuple[datetime, datetime]] = []
    for wait in sorted(waits, key=lambda one: one.asked_at):
        begin, end = max(wait.asked_at + patience, since), wait.claimed_at or now
        if begin >= end:
            continue
        if periods and begin <= periods[-1][1]:
            periods[-1] = (periods[-1][0], max(end, periods[-1][1]))
        else:
            periods.append((begin, end))
    taken = [wait.claimed_at for wait in waits if wait.claimed_at is not None]
    claims = sum(1 for at in taken if any(begin < at <= end for begin, end in periods))
    return claims, sum((end - begin for begin, end in periods), timedelta())
