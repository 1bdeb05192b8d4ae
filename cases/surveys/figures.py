"""cases: the figures of survey answers with their 95 % confidence intervals. Pure.

Shares (CSAT, response rate) have Wilson's interval, which holds for few answers and near 0 and 1. NPS and the effort
score have percentile-bootstrap intervals (drawn with a fixed seed, so that a report says the same again); below
`LEAST_FOR_BOOTSTRAP` answers that would pretend to know too much, and none is given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from cases.contracts.surveys import Interval, Measure

Z = NormalDist().inv_cdf(0.975)
LEAST_FOR_BOOTSTRAP = 10
DRAWS = 4000
SEED = 20260101
SATISFIED_FROM = 4
"""Stars; "satisfied" and "very satisfied" of five."""
PROMOTER_FROM, DETRACTOR_TO = 9, 6


def wilson(hits: int, count: int) -> Interval | None:
    """A share with Wilson's score interval; None of nothing."""
    if count <= 0:
        return None
    share = hits / count
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    half = Z / (1 + Z * Z / count) * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    return Interval(value=share, low=max(0.0, middle - half), high=min(1.0, middle + half), count=count)


def bootstrapped(counts: Mapping[int, int], weight: Mapping[int, float]) -> Interval | None:
    """The mean of `weight` over all answers, with a percentile-bootstrap interval."""
    values = sorted(value for value, count in counts.items() if count > 0)
    count = sum(counts[value] for value in values)
    if not count:
        return None
    weights = np.array([weight[value] for value in values], dtype=float)
    shares = np.array([counts[value] for value in values], dtype=float) / count
    mean = float(weights @ shares)
    if count < LEAST_FOR_BOOTSTRAP:
        return Interval(value=mean, low=None, high=None, count=count)
    drawn = np.random.default_rng(SEED).multinomial(count, shares, size=DRAWS) @ weights / count
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(value=mean, low=float(low), high=float(high), count=count)


def figure(measure: Measure, counts: Mapping[int, int]) -> Interval | None:
    """The figure of a question: CSAT 0 to 1, NPS -1 to 1, effort 1 to 7."""
    match measure:
        case Measure.NONE:
            return None
        case Measure.CSAT:
            hits = sum(count for value, count in counts.items() if value >= SATISFIED_FROM)
            return wilson(hits, sum(counts.values()))
        case Measure.NPS:
            return bootstrapped(counts, {value: _promotes(value) for value in counts})
        case Measure.EFFORT:
            return bootstrapped(counts, {value: float(value) for value in counts})


def counted(values: Sequence[int]) -> dict[int, int]:
    """How often each value was answered."""
    return {value: values.count(value) for value in sorted(set(values))}


def _promotes(value: int) -> float:
    if value >= PROMOTER_FROM:
        return 1.0
    return -1.0 if value <= DETRACTOR_TO else 0.0
