"""cases: what somebody may see, as a condition on files and follow-ups. The one place where the rule stands."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true

from cases.adapters.tables import case_tasks, cases, follow_ups
from cases.contracts.clocks import TaskState
from staff.contracts.sight import Scope, Sight


def seen_by(sight: Sight) -> ColumnElement[bool]:
    """The files that `sight` covers: theirs, those they opened, those their departments have or are asked about."""
    if sight.is_whole:
        return true()
    theirs = or_(cases.c.assignee_id == sight.account_id, cases.c.opened_by == sight.account_id)
    within: ColumnElement[bool] = cases.c.department.in_(sorted(sight.departments)) if sight.departments else true()
    if sight.scope is Scope.OWN:
        within &= cases.c.assignee_id.is_(None)
    return or_(theirs, within, cases.c.id.in_(_asked(sight)))


def follow_ups_seen_by(sight: Sight, *, asking: str) -> ColumnElement[bool]:
    """The follow-ups `sight` covers: of the department that asks, and those about files that are seen."""
    if sight.is_whole:
        return true()
    theirs = follow_ups.c.assignee_id == sight.account_id
    about = follow_ups.c.case_id.in_(select(cases.c.id).where(seen_by(sight)))
    within: ColumnElement[bool] = true() if sight.covers(asking) else false()
    if sight.scope is Scope.OWN:
        within &= follow_ups.c.assignee_id.is_(None)
    return or_(theirs, about, within)


def _asked(sight: Sight) -> ColumnElement[str]:
    """Files of which their departments have an open task."""
    query = select(case_tasks.c.case_id).where(case_tasks.c.state == TaskState.OPEN.value)
    if sight.departments:
        query = query.where(case_tasks.c.department.in_(sorted(sight.departments)))
    return query.scalar_subquery()
