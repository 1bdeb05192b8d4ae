"""bot: how long to wait after a failure. Pure."""

from __future__ import annotations

DOUBLINGS = 20
"""From here on the wait has long reached its limit; keeps the power from growing without end."""


def wait_after(attempts: int, *, first: float, longest: float) -> float:
    """Seconds to wait after the `attempts`-th failure in a row: `first`, then twice as long each time."""
    return min(longest, first * 2.0 ** min(max(attempts - 1, 0), DOUBLINGS))
