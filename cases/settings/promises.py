"""cases: the settings of promises: until when what is owed, and who hears of it when it is late."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from cases.contracts import Level
from cases.contracts.clocks import ClockKind
from kit.settings import Settings
from nlu.contracts import Severity

HOUR, DAY = 60, 810
"""Minutes of open time; a day is 08:30-22:00."""


class Promised(Settings):
    """One promise: minutes of open time by severity."""

    normal: int = Field(ge=1, le=100_000, description="Of a normal file, minutes of open time.")
    serious: int = Field(ge=1, le=100_000, description="Of a serious one.")
    critical: int = Field(ge=1, le=100_000, description="Of a critical one.")

    def minutes(self, severity: Severity) -> int:
        """The minutes for a severity."""
        return {Severity.NORMAL: self.normal, Severity.SERIOUS: self.serious, Severity.CRITICAL: self.critical}[
            severity
        ]


class Rung(Settings):
    """One rung of the escalation ladder."""

    after_minutes: int = Field(ge=0, le=100_000, description="Minutes of open time after the promised time.")
    to: Literal["supervisor", "manager"] = Field(description="Who hears of it and watches from then on.")

    @property
    def level(self) -> Level:
        """Who that is."""
        return Level.SUPERVISOR if self.to == "supervisor" else Level.MANAGER


class PromiseSettings(Settings):
    """What a customer may count on, and what happens when it is late."""

    acknowledgement: Promised = Field(
        Promised(normal=30, serious=15, critical=5), description="From registering to telling number and time."
    )
    first_contact: Promised = Field(
        Promised(normal=8 * HOUR, serious=2 * HOUR, critical=30),
        description="From registering to agreeing the facts with the customer.",
    )
    decision: Promised = Field(
        Promised(normal=3 * DAY, serious=DAY, critical=4 * HOUR),
        description="From registering (or taking up again) to telling the decision.",
    )
    task_minutes: int = Field(
        DAY, ge=1, le=100_000, description="Of a task for a department, unless its own time is given; open minutes."
    )
    confirmation_days: int = Field(
        7, ge=1, le=90, description="Days the customer has to object to a decision; then silence closes the file."
    )
    risk_share: float = Field(
        0.75, gt=0, lt=1, description="Share of the promised time after which a file counts as at risk."
    )
    ladder: tuple[Rung, ...] = Field(
        (Rung(after_minutes=0, to="supervisor"), Rung(after_minutes=4 * HOUR, to="manager")),
        min_length=1,
        description="Who hears of a late promise, and when.",
    )

    @field_validator("ladder")
    @classmethod
    def _upwards(cls, ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
        steps = [(rung.after_minutes, rung.level) for rung in ladder]
        if any(later[0] <= sooner[0] or later[1] < sooner[1] for sooner, later in pairwise(steps)):
            message = "each rung is later than the one before and no lower"
            raise ValueError(message)
        return ladder

    def minutes(self, kind: ClockKind, severity: Severity) -> int | None:
        """Minutes of open time of a promise that every file carries; None for the other clocks."""
        match kind:
            case ClockKind.ACKNOWLEDGEMENT:
                return self.acknowledgement.minutes(severity)
            case ClockKind.FIRST_CONTACT:
                return self.first_contact.minutes(severity)
            case ClockKind.DECISION:
                return self.decision.minutes(severity)
            case ClockKind.CALL_BACK | ClockKind.TASK | ClockKind.CONFIRMATION:
                return None
