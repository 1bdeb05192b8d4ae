"""cases: promises as clocks: started, resting, stopped, looked at. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cases.contracts import Case, Stage
from cases.contracts.clocks import Clock, ClockEnd, ClockKind
from cases.rules import CONTACTED, DECISION_TOLD, Rules
from kit.hours import open_time_between

CUSTOMERS = frozenset({ClockKind.FIRST_CONTACT, ClockKind.DECISION, ClockKind.CALL_BACK})
"""What the customer waits for."""
RESTING = frozenset({ClockKind.DECISION})
"""What rests while a file waits on somebody else."""


def promised(rules: Rules, case: Case, kind: ClockKind, *, clock_id: str, at: datetime) -> Clock:
    """The clock of a promise that every file carries. Raises LookupError for kinds that have their own time."""
    minutes = rules.settings.promises.minutes(kind, case.severity)
    if minutes is None:
        message = f"{kind} has no time of its own in the settings"
        raise LookupError(message)
    due = rules.after(case.department, at, minutes)
    warn = rules.after(case.department, at, minutes * rules.settings.promises.risk_share)
    return running(Clock(id=clock_id, case_id=case.id, kind=kind, started_at=at, warn_at=warn, due_at=due))


def until(
    rules: Rules, case: Case, kind: ClockKind, due_at: datetime, *, clock_id: str, at: datetime, text: str = ""
) -> Clock:
    """The clock of a promise for a moment that was named."""
    warn = at + (due_at - at) * rules.settings.promises.risk_share
    clock = Clock(id=clock_id, case_id=case.id, kind=kind, text=text, started_at=at, warn_at=warn, due_at=due_at)
    return running(clock)


def confirmation(rules: Rules, case: Case, *, clock_id: str, at: datetime) -> Clock:
    """The customer's time to object; nobody of ours is late when it is over."""
    due = at + timedelta(days=rules.settings.promises.confirmation_days)
    clock = Clock(id=clock_id, case_id=case.id, kind=ClockKind.CONFIRMATION, started_at=at, warn_at=due, due_at=due)
    return running(clock)


def running(clock: Clock) -> Clock:
    """The clock with the moment at which somebody has to look at it."""
    if clock.end is not None or clock.paused_at is not None:
        return replace(clock, next_at=None)
    return replace(clock, next_at=clock.due_at)


def stopped(clock: Clock, at: datetime, *, done: bool = True) -> Clock:
    """The clock at its end: kept, late, or not owed any more."""
    kept = ClockEnd.KEPT if at <= clock.due_at else ClockEnd.LATE
    return running(replace(clock, ended_at=at, end=kept if done else ClockEnd.DROPPED, paused_at=None))


def paused(clock: Clock, at: datetime) -> Clock:
    """The clock at rest; one that is late already runs on."""
    if clock.end is not None or clock.paused_at is not None or clock.due_at <= at:
        return clock
    return running(replace(clock, paused_at=at))


def resumed(rules: Rules, case: Case, clock: Clock, at: datetime) -> Clock:
    """The clock going on with the open time that was left when it began to rest."""
    if clock.end is not None or clock.paused_at is None:
        return clock
    hours = rules.hours(case.department)

    def later(moment: datetime) -> datetime:
        left = open_time_between(hours, clock.paused_at or at, moment)
        return rules.after(case.department, at, left.total_seconds() / 60)

    return running(replace(clock, paused_at=None, warn_at=later(clock.warn_at), due_at=later(clock.due_at)))


def hurried(rules: Rules, case: Case, clock: Clock) -> Clock:
    """The clock of a file that has become worse: the shorter promise counts from the same beginning."""
    if clock.end is not None or rules.settings.promises.minutes(clock.kind, case.severity) is None:
        return clock
    fresh = promised(rules, case, clock.kind, clock_id=clock.id, at=clock.started_at)
    if fresh.due_at >= clock.due_at:
        return clock
    return running(replace(clock, warn_at=fresh.warn_at, due_at=fresh.due_at))


def kept_at(stage: Stage) -> frozenset[ClockKind]:
    """The promises that are kept by coming to a stage."""
    kept = set[ClockKind]()
    if stage not in {Stage.REGISTERED, Stage.WITHDRAWN}:
        kept.add(ClockKind.ACKNOWLEDGEMENT)
    if stage in CONTACTED:
        kept.add(ClockKind.FIRST_CONTACT)
    if stage in DECISION_TOLD:
        kept.add(ClockKind.DECISION)
    return frozenset(kept)


def promised_until(clocks: Iterable[Clock]) -> datetime | None:
    """Until when the customer hears from us next."""
    due = [clock.due_at for clock in clocks if clock.kind in CUSTOMERS and clock.end is None and not clock.paused_at]
    return min(due, default=None)
