"""cases: what is owed for a file and until when: tasks of departments, and the clocks of promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskState(StrEnum):
    """What became of a task."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a department has to do for a file."""

    id: str
    case_id: str
    department: str
    what: str
    due_at: datetime
    state: TaskState
    outcome: str
    created_at: datetime
    created_by: str
    """Display name."""
    ended_at: datetime | None
    ended_by: str


class ClockKind(StrEnum):
    """What a clock runs for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FIRST_CONTACT = "first_contact"
    DECISION = "decision"
    CALL_BACK = "call_back"
    """A promise made to this customer, with its words."""
    TASK = "task"
    CONFIRMATION = "confirmation"
    """The customer's time to object; over, the file is closed by silence."""


class ClockEnd(StrEnum):
    """How a clock stopped."""

    KEPT = "kept"
    LATE = "late"
    """Done after its time."""
    DROPPED = "dropped"
    """Nothing was owed any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise with its time."""

    id: str
    """A task's clock has the task's id."""
    case_id: str
    kind: ClockKind
    text: str = ""
    """What was promised, where a person promised it."""
    started_at: datetime
    warn_at: datetime
    """From here on it is at risk."""
    due_at: datetime
    paused_at: datetime | None = None
    rung: int = 0
    """How far it climbed the escalation ladder; 0 = not overdue yet."""
    ended_at: datetime | None = None
    end: ClockEnd | None = None
    next_at: datetime | None = None
    """When somebody has to look at it again; None when nobody has."""
