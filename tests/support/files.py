"""tests: the complaint files as the desk sees them, kept in a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from handoff.contracts import Handoff, Promise
from kit.contracts import Tx


@dataclass(slots=True)
class StandInFiles:
    """Stands in for `handoff.ports.Files`."""

    filed: dict[str, tuple[Promise, str]] = field(default_factory=dict)
    """Promise and words by number."""
    contacts: dict[str, str] = field(default_factory=dict)
    talks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Conversations whose files hold a number."""

    async def file(self, tx: Tx, handoff: Handoff, promise: Promise, words: str, *, at: datetime) -> str:
        number = f"TS2611-{len(self.filed) + 1:06}"
        self.filed[number] = (promise, words)
        return number

    async def add_contact(self, tx: Tx, promise: Promise, contact: str, *, at: datetime) -> None:
        self.contacts[promise.number] = contact

    async def talks_with(self, number: str) -> tuple[str, ...]:
        return self.talks.get(number, ())
