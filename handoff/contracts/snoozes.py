"""handoff: the value of a snooze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A conversation its representative puts aside until a moment."""

    conversation_id: str
    account_id: str
    until: datetime
    words: str
    """What they wanted to do then."""
    made_at: datetime
