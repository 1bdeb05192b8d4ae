"""bot: which messages of a long entry are already out, so that a failure of a later one repeats none. Pure.

Held in memory: a process that dies in between sends the entry from its beginning, which the outbox allows.
"""

from __future__ import annotations

UNDER_WAY = 1000
"""Entries that are remembered; more would mean that nothing is ever finished."""


class Unfinished:
    """The app's message ids of the parts that are out, by outbox row."""

    def __init__(self) -> None:
        self._out: dict[str, list[str]] = {}

    def out(self, outgoing_id: str) -> list[str]:
        """The list to add to."""
        return self._out.setdefault(outgoing_id, [])

    def tidy(self, outgoing_id: str, *, finished: bool) -> None:
        """Forget what is finished, and the oldest when there are too many."""
        if finished:
            self._out.pop(outgoing_id, None)
        while len(self._out) > UNDER_WAY:
            self._out.pop(next(iter(self._out)))
