"""cases: what every change of a file is decided by: settings, who is responsible, opening hours. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.contracts import Case, Level, Stage
from cases.settings import RESPONSIBLE, CaseSettings, Step
from kit.hours import OpeningHours, after_open_time
from nlu.contracts import Severity

LEVEL_OF = {Severity.NORMAL: Level.DESK, Severity.SERIOUS: Level.SUPERVISOR, Severity.CRITICAL: Level.MANAGER}
"""Who watches over a file from its first moment."""
CONTACTED = frozenset(Stage) - {Stage.REGISTERED, Stage.ACKNOWLEDGED, Stage.WITHDRAWN}
"""Stages in which we have been in touch with the customer."""
ENDED = frozenset({Stage.CLOSED, Stage.WITHDRAWN})
DECISION_TOLD = frozenset({Stage.TOLD, Stage.FOLLOW_UP, Stage.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The same for every file."""

    settings: CaseSettings
    departments: Mapping[str, str]
    """The department each category leads to."""
    other: str
    """The department that takes what no other one takes."""
    known: frozenset[str]
    """Every department of the desk."""
    hours: Callable[[str], OpeningHours]
    """The opening hours of a department."""

    def step_of(self, case: Case) -> Step:
        """Where a file stands; at the working step when its own is not configured any more."""
        way = self.settings.workflow(case.kind)
        return way.step(case.step) or self.step_at(case.kind, Stage.WORKING)

    def step_at(self, kind: str, stage: Stage) -> Step:
        """The step of a stage that every workflow has."""
        found = self.settings.workflow(kind).at(stage)
        if found is None:
            message = f"the workflow of {kind} has no step of the stage {stage}; the settings refuse such a workflow"
            raise LookupError(message)
        return found

    def department(self, step: Step, category: str) -> str:
        """Who has the next thing to do at a step."""
        return self.departments.get(category, self.other) if step.owner == RESPONSIBLE else step.owner

    def after(self, department: str, since: datetime, minutes: float) -> datetime:
        """When so many open minutes of a department have passed."""
        return after_open_time(self.hours(department), since, timedelta(minutes=minutes))
