"""knowledge_base: how much of a long piece of work is done at once, so that nobody waits long behind it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

WANTED_SECONDS = 0.02
"""How long one step should hold the store: about as long as a customer's message takes to be written."""
FIRST, MOST = 10, 200
REST = 1.0
"""Rest after a step, in times of what it took: others get at least half of the store."""
LONGEST_REST = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many rows the next step takes, and how long the rest before it is."""

    size: int = FIRST
    rest: float = 0.0
    """Seconds."""

    def after(self, seconds: float) -> Pace:
        """The pace after a step of `size` rows took so long; it at most doubles and at most halves."""
        fitting = round(self.size * WANTED_SECONDS / max(seconds, 0.0001))
        size = min(max(fitting, self.size // 2), self.size * 2)
        return replace(self, size=min(max(1, size), MOST), rest=min(seconds * REST, LONGEST_REST))
