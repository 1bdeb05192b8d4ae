"""cases: what is owed on a day, and which days supervisors were told of, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cases.adapters.mapping import case_of, clock_of
from cases.adapters.sight_sql import seen_by
from cases.adapters.tables import case_clocks, case_digests, cases
from cases.contracts import Watched
from cases.contracts.clocks import ClockKind
from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.contracts.sight import Sight


class SqlDigestStore:
    """Implements `cases.digest.DigestStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owed(
        self, now: datetime, until: datetime, *, kinds: Sequence[ClockKind], late: bool, limit: int, sight: Sight
    ) -> tuple[tuple[Watched, ...], int]:
        due = case_clocks.c.due_at
        where = (
            case_clocks.c.end.is_(None),
            case_clocks.c.paused_at.is_(None),
            case_clocks.c.kind.in_([kind.value for kind in kinds]),
            # A promise is at risk before it is due: so only the running ones that matter by then are walked through.
            case_clocks.c.warn_at < until,
            due <= now if late else (due > now) & (due < until),
            seen_by(sight),
        )
        joined = case_clocks.join(cases, cases.c.id == case_clocks.c.case_id)
        clocks = select(case_clocks).select_from(joined).where(*where).order_by(due, case_clocks.c.id).limit(limit)
        async with self._database.read() as connection:
            count = int((await connection.execute(select(func.count()).select_from(joined).where(*where))).scalar_one())
            found = [clock_of(row) for row in await connection.execute(clocks)]
            wanted = select(cases).where(cases.c.id.in_({clock.case_id for clock in found}))
            files = {row.id: case_of(row) for row in await connection.execute(wanted)}
        return tuple(Watched(case=files[clock.case_id], clock=clock) for clock in found), count

    async def claim(self, tx: Tx, day: date, *, at: datetime) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        taken = await connection.execute(
            dialect_insert(case_digests)
            .values(day=day, told_at=at)
            .on_conflict_do_nothing(index_elements=["day"])
            .returning(case_digests.c.day)
        )
        return taken.one_or_none() is not None
