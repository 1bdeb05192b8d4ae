"""handoff: what a waiting customer is told and promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

FINE, COARSE, LONGEST = 10, 5, 60
"""Minutes: above FINE a wait is told in steps of COARSE, above LONGEST its upper end is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRange:
    """How long a customer will probably wait from now on (handoff/estimate.py)."""

    WORDS: ClassVar[tuple[str, ...]] = ("soon", "within", "between", "over")
    """Every sentence that `words` may name; what they say stands in the texts of who tells it."""

    low: timedelta
    high: timedelta

    @property
    def minutes(self) -> tuple[int, int | None]:
        """From and to in minutes as people are told: outwards, coarser the longer it is; None: more than an hour."""
        low, high = int(self.low.total_seconds() // 60), -int(-self.high.total_seconds() // 60)
        if high > FINE:
            low, high = (low // COARSE * COARSE if low > COARSE else low), -(-high // COARSE) * COARSE
        return low, high if high <= LONGEST else None

    @property
    def words(self) -> str | None:
        """Which sentence tells it, one of `WORDS`; None where there is nothing to tell."""
        low, high = self.minutes
        if high is None:
            return "over" if low else None
        return "between" if low else "within" if high > 1 else "soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """What a waiting customer may know."""

    ahead: int
    waiting_since: datetime
    agents_on_duty: int
    open_now: bool
    """Within opening hours, or somebody is at work outside them."""
    opens_at: datetime | None
    """The next opening time when closed; None when the hours are round the clock."""
    limit_minutes: int = 0
    """After how long the waiting ends with a promise; 0 where that is not known."""
    wait: WaitRange | None = None
    """How long it will take from now on; None when too little happened lately to say."""


class PromiseKind(StrEnum):
    """Why an answer was promised."""

    CALLBACK = "callback"
    """The customer booked a call-back."""
    MESSAGE = "message"
    """The customer left a message instead of waiting."""
    OVERDUE = "overdue"
    """Nobody could take the customer in time."""


class PromiseState(StrEnum):
    """The life of a promise."""

    OPEN = "open"
    QUEUED = "queued"
    """Its time has come: the conversation stands in the queue again."""
    KEPT = "kept"
    """A representative took the conversation."""
    WITHDRAWN = "withdrawn"
    """The customer no longer wants it, or a newer promise took its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An answer that a customer who no longer waits was promised. A conversation has at most one that is not over."""

    id: str
    conversation_id: str
    handoff_id: str
    """The handover that ended with it."""
    department: str
    kind: PromiseKind
    begins_at: datetime
    """From when on somebody takes it up: the slot of a call-back, else at once or with the next opening."""
    due_by: datetime
    """When it was promised for at the latest."""
    number: str
    """The case it is filed under; what the customer keeps."""
    contact: str | None
    state: PromiseState
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a customer who no longer waits is to be promised."""

    kind: PromiseKind
    words: str = ""
    """The message left."""
    contact: str | None = None
    begins_at: datetime | None = None
    """The slot of a call-back."""


class DayPart(StrEnum):
    """Part of a day on the desk's clocks."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A time that can be booked for a call-back."""

    begins_at: datetime
    day: date
    """On the desk's clocks, as is the part."""
    part: DayPart
