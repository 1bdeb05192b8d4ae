"""handoff: the promised times of a conversation, as clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ClockKind(StrEnum):
    """What was promised; text key `handoff.clock.<kind>`."""

    FIRST_ANSWER = "first_answer"
    """A person's first word, counted from asking for one."""
    NEXT_ANSWER = "next_answer"
    """The next answer, counted from the customer's first words since the last one."""
    CALL_BACK = "call_back"
    """A person's first word to whom one was promised, counted from the agreed time."""
    RESOLUTION = "resolution"
    """The end, counted from asking for a person while it is our turn."""


class ClockState(StrEnum):
    """How a clock stands; text key `handoff.clock.<state>`."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    """Most of the promised time is over."""
    LATE = "late"
    PAUSED = "paused"
    """It is the customer's turn; what is left is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClock:
    """One promised time of one conversation, at one moment."""

    kind: ClockKind
    state: ClockState
    promised: timedelta
    """The whole of it, in open time."""
    began_at: datetime
    """Since when it counts."""
    due_at: datetime | None
    """When it is, or was, due; None while it is paused."""
    paused_since: datetime | None
    left: timedelta
    """Open time that is left; negative: how much too late it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Somebody said something: the customer, or a person of ours."""

    at: datetime
    by_customer: bool
