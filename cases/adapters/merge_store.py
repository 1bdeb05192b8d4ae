"""cases: files beside each other, in SQL: what may be one matter, and what was made one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from cases.adapters.mapping import case_of
from cases.adapters.sight_sql import seen_by
from cases.adapters.tables import cases
from cases.contracts import Case, CaseStatus
from cases.contracts.merging import Report
from cases.identity import keys_of
from kit.sql import Database
from staff.contracts.sight import Sight

OPEN = (CaseStatus.OPEN.value, CaseStatus.IN_PROGRESS.value)
MOST = 2000
"""Open files that are looked through; a desk with more of them within the time sees the newest ones offered."""


class SqlMergeStore:
    """Implements `cases.merging.MergeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def about(self, case: Case, *, days: timedelta, sight: Sight) -> tuple[Report, tuple[Report, ...]]:
        query: Select[Any] = select(
            cases.c.number,
            cases.c.conversation_id,
            cases.c.customer_name,
            cases.c.order_number,
            cases.c.contact,
            cases.c.product,
        )
        own = query.where(cases.c.id == case.id)
        others = (
            query.where(
                cases.c.opened_at >= case.opened_at - days,
                cases.c.opened_at <= case.opened_at + days,
                cases.c.status.in_(OPEN),
                cases.c.id != case.id,
                seen_by(sight),
            )
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
            .limit(MOST)
        )
        async with self._database.read() as connection:
            return (
                _report((await connection.execute(own)).one()),
                tuple(_report(row) for row in await connection.execute(others)),
            )

    async def whole(self, numbers: Sequence[str]) -> tuple[Case, ...]:
        async with self._database.read() as connection:
            found = await connection.execute(select(cases).where(cases.c.number.in_(numbers)))
            files = {row.number: case_of(row) for row in found}
        return tuple(files[number] for number in numbers)

    async def merged_into(self, number: str) -> tuple[Case, ...]:
        query = select(cases).where(cases.c.merged_into == number).order_by(cases.c.opened_at, cases.c.id)
        async with self._database.read() as connection:
            return tuple(case_of(row) for row in await connection.execute(query))


def _report(row: Row[Any]) -> Report:
    return Report(
        number=row.number,
        conversation_id=row.conversation_id,
        customer_name=row.customer_name,
        order_keys=keys_of(row.order_number or ""),
        contact_keys=keys_of(row.contact or ""),
        product=row.product,
    )
