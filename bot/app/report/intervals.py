"""bot.app.report: a figure with how far chance alone may move it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Row = TypeVar("Row")
Measure = Callable[[Sequence[Row]], Mapping[str, float | None]]

ROUNDS = 200
"""Resamples; enough for two digits of an interval."""
SHARE = 0.95
"""Of the resamples that lie within the interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure and its bootstrap interval; `rows` is how many judged rows it rests on."""

    value: float
    low: float
    high: float
    rows: int


def bootstrap(rows: Sequence[Row], measure: Measure[Row], *, seed: int, rounds: int = ROUNDS) -> dict[str, Interval]:
    """Every figure of `measure` that says something of these rows, with its interval over resampled rows."""
    random = np.random.default_rng(seed)
    samples: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, value in measure([rows[at] for at in random.integers(0, len(rows), len(rows))]).items():
            if value is not None:
                samples.setdefault(name, []).append(value)
    edges = [100 * (1 - SHARE) / 2, 100 * (1 + SHARE) / 2]
    found: dict[str, Interval] = {}
    for name, value in measure(rows).items():
        if value is None or name not in samples:
            continue
        low, high = np.percentile(samples[name], edges)
        # A resample may leave out every row that counts: the figure itself always lies in its interval.
        found[name] = Interval(value=value, low=min(float(low), value), high=max(float(high), value), rows=len(rows))
    return found


def fallen(fresh: Mapping[str, float], published: Mapping[str, Interval]) -> dict[str, tuple[float, Interval]]:
    """Figures that stand below their published interval: more than chance would move them."""
    return {
        name: (fresh[name], known) for name, known in published.items() if name in fresh and fresh[name] < known.low
    }
