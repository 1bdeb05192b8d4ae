"""cases: what is owed over all files, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from cases.adapters.mapping import alert_of, case_of, clock_of, task_of
from cases.adapters.sight_sql import seen_by
from cases.adapters.tables import case_alerts, case_clocks, case_tasks, cases
from cases.contracts import Alert, Case, Level, Watched
from cases.contracts.clocks import ClockKind, Task, TaskState
from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.contracts.sight import EVERYTHING, Sight


class SqlPromiseStore:
    """Implements `cases.ports.PromiseStore` and `cases.alerting.AlertStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        query = (
            select(case_clocks.c.case_id, case_clocks.c.id)
            .where(case_clocks.c.next_at.is_not(None), case_clocks.c.next_at <= now)
            .order_by(case_clocks.c.next_at, case_clocks.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple((row.case_id, row.id) for row in await connection.execute(query))

    async def at_risk(
        self, now: datetime, *, department: str | None, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[Watched, ...]:
        query = (
            select(case_clocks)
            .join(cases, cases.c.id == case_clocks.c.case_id)
            .where(
                case_clocks.c.end.is_(None),
                case_clocks.c.paused_at.is_(None),
                case_clocks.c.warn_at <= now,
                case_clocks.c.kind != ClockKind.CONFIRMATION.value,
                seen_by(sight),
            )
            .order_by(case_clocks.c.due_at, case_clocks.c.id)
            .limit(limit)
        )
        if department is not None:
            query = query.where(cases.c.department == department)
        async with self._database.read() as connection:
            clocks = [clock_of(row) for row in await connection.execute(query)]
            wanted = select(cases).where(cases.c.id.in_({clock.case_id for clock in clocks}))
            files = {row.id: case_of(row) for row in await connection.execute(wanted)}
        return tuple(Watched(case=files[clock.case_id], clock=clock) for clock in clocks)

    async def tasks(
        self, *, department: str | None, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[tuple[Case, Task], ...]:
        query = (
            select(case_tasks)
            .join(cases, cases.c.id == case_tasks.c.case_id)
            .where(case_tasks.c.state == TaskState.OPEN.value, seen_by(sight))
        )
        if department is not None:
            query = query.where(case_tasks.c.department == department)
        query = query.order_by(case_tasks.c.due_at, case_tasks.c.id).limit(limit)
        async with self._database.read() as connection:
            tasks = [task_of(row) for row in await connection.execute(query)]
            wanted = select(cases).where(cases.c.id.in_({task.case_id for task in tasks}))
            files = {row.id: case_of(row) for row in await connection.execute(wanted)}
        return tuple((files[task.case_id], task) for task in tasks)

    async def unseen(self, *, up_to: Level, limit: int, sight: Sight = EVERYTHING) -> tuple[tuple[Case, Alert], ...]:
        query = (
            select(case_alerts)
            .join(cases, cases.c.id == case_alerts.c.case_id)
            .where(case_alerts.c.seen_at.is_(None), case_alerts.c.to <= int(up_to), seen_by(sight))
            .order_by(case_alerts.c.at.desc(), case_alerts.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            alerts = [alert_of(row) for row in await connection.execute(query)]
            wanted = select(cases).where(cases.c.id.in_({alert.case_id for alert in alerts}))
            files = {row.id: case_of(row) for row in await connection.execute(wanted)}
        return tuple((files[alert.case_id], alert) for alert in alerts)

    async def untold(self, *, limit: int) -> tuple[tuple[Case, Alert], ...]:
        query = (
            select(case_alerts)
            .where(case_alerts.c.told_at.is_(None))
            .order_by(case_alerts.c.at, case_alerts.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            alerts = [alert_of(row) for row in await connection.execute(query)]
            wanted = select(cases).where(cases.c.id.in_({alert.case_id for alert in alerts}))
            files = {row.id: case_of(row) for row in await connection.execute(wanted)} if alerts else {}
        return tuple((files[alert.case_id], alert) for alert in alerts)

    async def mark_told(self, tx: Tx, alert_id: str, *, at: datetime) -> bool:
        marked = await connection_of(tx).execute(
            update(case_alerts).where(case_alerts.c.id == alert_id, case_alerts.c.told_at.is_(None)).values(told_at=at)
        )
        return marked.rowcount == 1

    async def see(self, tx: Tx, alert_ids: Sequence[str], *, by_name: str, at: datetime) -> int:
        seen = await connection_of(tx).execute(
            update(case_alerts)
            .where(case_alerts.c.id.in_(alert_ids), case_alerts.c.seen_at.is_(None))
            .values(seen_at=at, seen_by=by_name)
        )
        return int(seen.rowcount)
