"""benchmarks: latencies as figures. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a set of latencies comes to; milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float


def summarise(seconds: Sequence[float]) -> Figures:
    """The figures of latencies in seconds. Raises ValueError when there are none."""
    ordered = sorted(seconds)
    if not ordered:
        raise ValueError("no latencies, no figures")
    p50, p95, p99 = (round(percentile(ordered, share) * 1000, 2) for share in (0.50, 0.95, 0.99))
    return Figures(count=len(ordered), p50=p50, p95=p95, p99=p99, longest=round(ordered[-1] * 1000, 2))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed: never better than what was seen."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
