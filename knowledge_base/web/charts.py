"""knowledge_base: shapes of small charts, as numbers for SVG. Pure; colours and size are the style sheet's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 100.0, 24.0
"""Of a sparkline's picture."""
AIR = 2.0
"""Above and below the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A line of counts; the last one is marked."""

    points: str
    """For `<polyline points>`."""
    last_x: float
    last_y: float
    rises: bool
    """Whether the last count is above the mean of those before."""


def sparkline(counts: Sequence[int]) -> Sparkline:
    """The counts as a line from left to right, nought at the bottom."""
    most = max([*counts, 1])
    across = WIDTH / max(1, len(counts) - 1)
    places = [
        (round(number * across, 1), round(HEIGHT - AIR - (HEIGHT - 2 * AIR) * count / most, 1))
        for number, count in enumerate(counts)
    ] or [(0.0, HEIGHT - AIR)]
    before = counts[:-1]
    return Sparkline(
        points=" ".join(f"{x},{y}" for x, y in places),
        last_x=places[-1][0],
        last_y=places[-1][1],
        rises=bool(before) and counts[-1] > sum(before) / len(before),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One day of a stacked chart; heights of 100, the first part at the bottom."""

    label: str
    x: float
    width: float
    parts: tuple[tuple[str, float, float], ...]
    """(name, top, height) of each part."""
    counts: tuple[tuple[str, int], ...]


def columns(days: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> tuple[Column, ...]:
    """Days as columns of parts on one scale; the highest one fills the picture."""
    most = max((sum(count for _, count in parts) for _, parts in days), default=0) or 1
    across = 100.0 / max(1, len(days))
    found = []
    for number, (label, parts) in enumerate(days):
        top, placed = 100.0, []
        for name, count in parts:
            height = 100.0 * count / most
            top -= height
            placed.append((name, round(top, 2), round(height, 2)))
        found.append(
            Column(
                label=label,
                x=round(number * across + 0.1 * across, 2),
                width=round(0.8 * across, 2),
                parts=tuple(placed),
                counts=tuple(parts),
            )
        )
    return tuple(found)
