"""knowledge_base: shares with an interval that is honest for few questions. Pure."""

from __future__ import annotations

from math import sqrt

from knowledge_base.contracts import Share

Z = 1.959964
"""For 95 %."""


def share_of(part: int, whole: int) -> Share | None:
    """Wilson's interval: never outside 0 to 1, and wide where little is known. None of nothing."""
    if whole <= 0:
        return None
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return Share(part=part, whole=whole, share=share, low=max(0.0, middle - half), high=min(1.0, middle + half))
