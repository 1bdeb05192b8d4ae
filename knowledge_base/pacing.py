"""knowledge_base: how much of a long piece of work is done at once, so that nobody waits long behind it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

WANTED_SECONDS = 0.02
"""How long one step should hold the store: about as long as a customer's message takes to be written."""
FIRST, LEAST, MOST = 20, 10, 200
"""Rows of a step. Fewer than the least would mostly begin and end transactions."""
LONGEST_REST = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many rows the next step takes, and how long the rest before it is."""

    size: int = FIRST
    rest: float = 0.0
    """Seconds."""

    def after(self, *, held: float, took: float) -> Pace:
        """The pace after a step of `size` rows: it `held` the store so many seconds, and `took` them with its waiting.

        The rest is as long as the step, so that others get at least half of the store. The size at most doubles and at
        most halves: one slow step may be somebody else's doing.
        """
        fitting = round(self.size * WANTED_SECONDS / max(held, 0.0001))
        size = min(max(fitting, self.size // 2), self.size * 2)
        return Pace(size=min(max(LEAST, size), MOST), rest=min(took, LONGEST_REST))
