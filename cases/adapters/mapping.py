"""cases: rows to values and back, each in one place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from cases.contracts import Alert, Case, CaseChange, CaseStatus, Closure, Level, Stage
from cases.contracts.clocks import Clock, ClockEnd, ClockKind, Task, TaskState
from kit.contracts import Language
from nlu.contracts import Severity


def case_of(row: Row[Any]) -> Case:
    """A `cases` row."""
    return Case(
        id=row.id,
        number=row.number,
        kind=row.kind,
        conversation_id=row.conversation_id,
        customer_name=row.customer_name,
        language=Language(row.language),
        category=row.category,
        category_confidence=row.category_confidence,
        severity=Severity(row.severity),
        severity_confidence=row.severity_confidence,
        rule=row.rule,
        what_happened=row.what_happened,
        order_number=row.order_number,
        wanted=row.wanted,
        contact=row.contact,
        words=tuple(row.words),
        fields=dict(row.fields),
        product=row.product,
        step=row.step,
        stage=Stage(row.stage),
        status=CaseStatus(row.status),
        department=row.department,
        assignee_id=row.assignee_id,
        assignee_name=row.assignee_name,
        level=Level(row.level),
        decision=row.decision,
        grounds=row.grounds,
        closure=None if row.closure is None else Closure(row.closure),
        reopened=row.reopened,
        merged_into=row.merged_into,
        promised_at=row.promised_at,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
    )


def changing_values(case: Case) -> dict[str, Any]:
    """The columns of a file that may change."""
    return {
        "category": case.category,
        "severity": case.severity.value,
        "what_happened": case.what_happened,
        "order_number": case.order_number,
        "wanted": case.wanted,
        "contact": case.contact,
        "step": case.step,
        "stage": case.stage.value,
        "status": case.status.value,
        "department": case.department,
        "assignee_id": case.assignee_id,
        "assignee_name": case.assignee_name,
        "level": int(case.level),
        "decision": case.decision,
        "grounds": case.grounds,
        "closure": None if case.closure is None else case.closure.value,
        "merged_into": case.merged_into,
        "fields": dict(case.fields),
        "product": case.product,
        "reopened": case.reopened,
        "promised_at": case.promised_at,
        "updated_at": case.updated_at,
    }


def first_values(case: Case) -> dict[str, Any]:
    """All columns of a new file but id, key, number and version."""
    return {
        **changing_values(case),
        "kind": case.kind,
        "conversation_id": case.conversation_id,
        "customer_name": case.customer_name,
        "language": case.language.value,
        "category_confidence": case.category_confidence,
        "severity_confidence": case.severity_confidence,
        "read_category": case.category,
        "read_severity": case.severity.value,
        "rule": case.rule,
        "words": list(case.words),
        "opened_at": case.opened_at,
    }


def found_by(case: Case) -> str:
    """What a file with a number is found by."""
    return " ".join((case.number, case.order_number or "", case.customer_name)).casefold()


def change_of(row: Row[Any]) -> CaseChange:
    """A `case_changes` row."""
    return CaseChange(
        case_id=row.case_id,
        at=row.at,
        by=row.by,
        by_name=row.by_name,
        what=row.what,
        before=row.before,
        after=row.after,
    )


def change_values(change: CaseChange) -> dict[str, Any]:
    """The columns of a history line but its place."""
    return {
        "case_id": change.case_id,
        "at": change.at,
        "by": change.by,
        "by_name": change.by_name,
        "what": change.what,
        "before": change.before,
        "after": change.after,
    }


def clock_of(row: Row[Any]) -> Clock:
    """A `case_clocks` row."""
    return Clock(
        id=row.id,
        case_id=row.case_id,
        kind=ClockKind(row.kind),
        text=row.text,
        started_at=row.started_at,
        warn_at=row.warn_at,
        due_at=row.due_at,
        paused_at=row.paused_at,
        rung=row.rung,
        ended_at=row.ended_at,
        end=None if row.end is None else ClockEnd(row.end),
        next_at=row.next_at,
    )


def clock_values(clock: Clock) -> dict[str, Any]:
    """The columns of a clock."""
    return {
        "id": clock.id,
        "case_id": clock.case_id,
        "kind": clock.kind.value,
        "text": clock.text,
        "started_at": clock.started_at,
        "warn_at": clock.warn_at,
        "due_at": clock.due_at,
        "paused_at": clock.paused_at,
        "rung": clock.rung,
        "ended_at": clock.ended_at,
        "end": None if clock.end is None else clock.end.value,
        "next_at": clock.next_at,
    }


def task_of(row: Row[Any]) -> Task:
    """A `case_tasks` row."""
    return Task(
        id=row.id,
        case_id=row.case_id,
        department=row.department,
        what=row.what,
        due_at=row.due_at,
        state=TaskState(row.state),
        outcome=row.outcome,
        created_at=row.created_at,
        created_by=row.created_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def task_values(task: Task) -> dict[str, Any]:
    """The columns of a task."""
    return {
        "id": task.id,
        "case_id": task.case_id,
        "department": task.department,
        "what": task.what,
        "due_at": task.due_at,
        "state": task.state.value,
        "outcome": task.outcome,
        "created_at": task.created_at,
        "created_by": task.created_by,
        "ended_at": task.ended_at,
        "ended_by": task.ended_by,
    }


def alert_of(row: Row[Any]) -> Alert:
    """A `case_alerts` row."""
    return Alert(
        id=row.id,
        case_id=row.case_id,
        to=Level(row.to),
        why=row.why,
        at=row.at,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
    )


def alert_values(alert: Alert) -> dict[str, Any]:
    """The columns of an alert."""
    return {
        "id": alert.id,
        "case_id": alert.case_id,
        "to": int(alert.to),
        "why": alert.why,
        "at": alert.at,
        "seen_at": alert.seen_at,
        "seen_by": alert.seen_by,
    }
